import type { RateRamp } from '../../../shared/domain/sweep.js'

/** How the rate of an open loop runs over the seconds of its plan. */
export interface RateCourse {
  /** Requests per second, by seconds since the start. */
  rateAt(seconds: number): number
  /** On average over the whole plan. */
  readonly meanRate: number
  /**
   * When a process of mean rate 1 that has come so far is due: its times, stretched so that the rate
   * is {@link rateAt} everywhere and what was Poisson stays so.
   */
  timeOf(arrivals: number): number
}

/** Share of the last rate on average. */
function meanShare({ kind, from }: RateRamp): number {
  return kind === 'linear' ? (1 + from) / 2 : (from - 1) / Math.log(from)
}

/**
 * @param rate requests per second, where a ramp ends.
 * @param secondsAt seconds of the plan at a mean rate.
 */
export function rateCourse(
  rate: number,
  ramp: RateRamp | undefined,
  secondsAt: (meanRate: number) => number,
): RateCourse {
  if (ramp === undefined) {
    return { rateAt: () => rate, meanRate: rate, timeOf: (arrivals) => arrivals / rate }
  }
  const meanRate = rate * meanShare(ramp)
  const seconds = secondsAt(meanRate)
  const first = rate * ramp.from
  const progress = (at: number) => Math.min(1, Math.max(0, at / seconds))
  if (ramp.kind === 'linear') {
    const slope = (rate - first) / seconds
    return {
      meanRate,
      rateAt: (at) => first + (rate - first) * progress(at),
      timeOf: (arrivals) => (Math.sqrt(first * first + 2 * slope * arrivals) - first) / slope,
    }
  }
  const growth = -Math.log(ramp.from) / seconds
  return {
    meanRate,
    rateAt: (at) => first * ramp.from ** -progress(at),
    timeOf: (arrivals) => Math.log(1 + (growth * arrivals) / first) / growth,
  }
}
