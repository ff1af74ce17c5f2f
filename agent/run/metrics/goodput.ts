import type { Sample } from '../../../shared/domain/sample.js'
import { requestTimes } from './request-times.js'

/** Latencies that a good request stays within, in seconds; vllm bench’s three. */
export interface GoodputLimits {
  readonly ttft?: number
  readonly tpot?: number
  /** Send to last token. */
  readonly e2el?: number
}

export interface Goodput {
  /** Good requests over all that were sent: a failed request is no good one. */
  readonly share: number
  /** Good requests per second. */
  readonly requestsPerSecond: number
  readonly good: number
}

/**
 * Requests that met every limit. As vllm bench counts them: a reply of one token has a tpot of 0.
 *
 * @param seconds of the whole run, ramp and drain included.
 */
export function goodputOf(
  samples: readonly Sample[],
  limits: GoodputLimits,
  seconds: number,
): Goodput {
  const good = samples.filter((sample) => {
    const times = requestTimes(sample)
    if (times === undefined) return false
    const { ttft, e2e, tokens } = times
    const tpot = tokens > 1 ? (e2e - ttft) / (tokens - 1) : 0
    return (
      ttft <= (limits.ttft ?? Infinity) &&
      tpot <= (limits.tpot ?? Infinity) &&
      e2e <= (limits.e2el ?? Infinity)
    )
  }).length
  return {
    good,
    share: samples.length === 0 ? 0 : good / samples.length,
    requestsPerSecond: seconds > 0 ? good / seconds : 0,
  }
}
