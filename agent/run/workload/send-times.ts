import { createRandom } from '../../../shared/stats/random.js'
import { arrivalTimes, gammaWithMeanOne } from '../load/arrivals.js'

/** How requests of a list are spread over time. */
export interface SendPlan {
  /** Requests per second on average. */
  readonly rate: number
  /** Shape of gamma gaps: 1 is Poisson, smaller is burstier; Infinity spaces them evenly. */
  readonly burstiness: number
}

/** A rate that changes from the first request to the last. */
export interface RateRamp {
  readonly kind: 'linear' | 'exponential'
  /** Requests per second. */
  readonly from: number
  readonly to: number
  readonly burstiness: number
}

/**
 * Seconds after the start at which `count` requests are to leave, the first at 0. Drawn gaps are
 * scaled so that the whole takes (count - 1) / rate, as vllm bench does: else what is asked for and
 * what a seed happens to draw differ by several per cent.
 */
export function sendTimes(count: number, plan: SendPlan, seed: number): number[] {
  const even = plan.burstiness === Infinity
  const random = createRandom(seed).fork('arrivals')
  const arrivals = even ? 'constant' : plan.burstiness === 1 ? 'poisson' : 'gamma'
  const times = arrivalTimes(arrivals, plan.rate, plan.burstiness, count, random)
  const last = times.at(-1) ?? 0
  const scale = last > 0 ? (count - 1) / plan.rate / last : 1
  return times.map((time) => time * scale)
}

/** Send times while the rate goes from one value to another over the requests. */
export function rampTimes(count: number, ramp: RateRamp, seed: number): number[] {
  const random = createRandom(seed).fork('arrivals')
  const rateAt = (progress: number) =>
    ramp.kind === 'linear'
      ? ramp.from + (ramp.to - ramp.from) * progress
      : ramp.from * (ramp.to / ramp.from) ** progress
  let at = 0
  return Array.from({ length: count }, (_, request) => {
    const time = at
    const gap = ramp.burstiness === Infinity ? 1 : gammaWithMeanOne(ramp.burstiness, random)
    at += gap / rateAt(request / Math.max(1, count - 1))
    return time
  })
}
