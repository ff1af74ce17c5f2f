import { binomialCdf } from './binomial.js'
import type { SortedSamples } from './quantile.js'

/** MLPerf’s confidence. */
const percentileConfidence = 0.99

/**
 * MLPerf LoadGen’s early-stopping rule: the smallest number of queries within the bound that, beside
 * `failures` queries beyond it, shows at `confidence` that the `percentile` lies within it. The
 * smallest h with P(Bin(h + t, 1 - p) <= t) <= 1 - c.
 *
 * @param percentile as a share: 0.99 for p99.
 */
export function minimumPassing(
  failures: number,
  percentile: number,
  confidence: number = percentileConfidence,
): number {
  const shows = (passing: number) =>
    binomialCdf(failures, passing + failures, 1 - percentile) <= 1 - confidence
  let high = 1
  while (!shows(high)) high *= 2
  let low = 0
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (shows(middle)) high = middle
    else low = middle
  }
  return high
}

/** Queries below which MLPerf states no such percentile: room for one failure. 64 at p90, 662 at p99. */
export function minimumQueries(
  percentile: number,
  confidence: number = percentileConfidence,
): number {
  return minimumPassing(1, percentile, confidence) + 1
}

/** Do `count` requests support a statement about this percentile (as a share) at all. */
export function supportsPercentile(
  count: number,
  percentile: number,
  confidence: number = percentileConfidence,
): boolean {
  return count >= minimumQueries(percentile, confidence)
}

/**
 * A value that the true percentile exceeds with probability 1 - confidence at most: the order
 * statistic that the rule’s largest admissible number of failures leaves.
 *
 * @returns undefined when the samples do not support the percentile.
 */
export function percentileUpperBound(
  samples: SortedSamples,
  percentile: number,
  confidence: number = percentileConfidence,
): number | undefined {
  const count = samples.length
  if (!supportsPercentile(count, percentile, confidence)) return undefined
  const admits = (failures: number) =>
    binomialCdf(failures, count, 1 - percentile) <= 1 - confidence
  let low = 1
  let high = count
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (admits(middle)) low = middle
    else high = middle
  }
  // LoadGen reports the low-th largest, one rank safer than the count of failures asks for.
  return samples[count - low]
}
