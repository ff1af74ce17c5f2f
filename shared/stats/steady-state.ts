import { mean, median } from './quantile.js'
import { normalCdf } from './special-functions.js'

/** Samples per batch of MSER-5. */
const batchSize = 5
/** Batches below which the warm-up of a series cannot be told from its noise. */
const minimumBatches = 10

/**
 * Index of the first sample after the warm-up by MSER-5 (White 1997): the cut that leaves the mean
 * of the rest best known.
 *
 * @returns undefined when the series is too short, or so unsteady that the best cut lies at the end
 *   of the half that may be cut.
 */
export function warmUpEnd(series: readonly number[]): number | undefined {
  const count = Math.floor(series.length / batchSize)
  if (count < minimumBatches) return undefined
  const means = Array.from({ length: count }, (_, batch) =>
    mean(series.slice(batch * batchSize, (batch + 1) * batchSize)),
  )
  const lastCut = Math.floor(count / 2)
  let best = 0
  let bestScore = Infinity
  for (let cut = 0; cut <= lastCut; cut += 1) {
    const rest = means.slice(cut)
    const centre = mean(rest)
    const squares = rest.reduce((sum, each) => sum + (each - centre) ** 2, 0)
    const score = squares / rest.length ** 2
    if (score < bestScore) {
      best = cut
      bestScore = score
    }
  }
  return best === lastCut ? undefined : best * batchSize
}

export interface Trend {
  /** Kendall’s tau-a against time, -1 … 1. */
  readonly tau: number
  /** Sen’s slope per sample: the median of all pairwise slopes. */
  readonly slope: number
  /** Two-sided probability of so strong a trend by chance among independent samples. */
  readonly pValue: number
}

/**
 * Mann-Kendall trend test with ties, and Sen’s slope. Autocorrelation makes it see trends that are
 * none: give it independent samples, or batch means. Takes time with the square of the count.
 *
 * @returns undefined below four samples.
 */
export function trendOf(series: readonly number[]): Trend | undefined {
  const count = series.length
  if (count < 4) return undefined
  const slopes: number[] = []
  let score = 0
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 1; j < count; j += 1) {
      const rise = (series[j] as number) - (series[i] as number)
      score += Math.sign(rise)
      slopes.push(rise / (j - i))
    }
  }
  const spread = (n: number) => n * (n - 1) * (2 * n + 5)
  const ties = new Map<number, number>()
  for (const value of series) ties.set(value, (ties.get(value) ?? 0) + 1)
  const tied = [...ties.values()].reduce((sum, size) => sum + spread(size), 0)
  const variance = (spread(count) - tied) / 18
  const continuous = Math.max(Math.abs(score) - 1, 0)
  return {
    tau: score / ((count * (count - 1)) / 2),
    slope: median(slopes),
    pValue: variance === 0 ? 1 : 2 * normalCdf(-continuous / Math.sqrt(variance)),
  }
}

/** Batch means that a long series is reduced to before its trend is tested. */
const trendBatches = 20

/**
 * Does the series drift: a significant trend that moves it by more than `tolerance` of its median
 * from end to end. Undefined when it is too short to say.
 */
export function drifts(
  series: readonly number[],
  tolerance: number,
  significance = 0.05,
): boolean | undefined {
  const size = Math.max(1, Math.floor(series.length / trendBatches))
  const batches = Math.floor(series.length / size)
  const means = Array.from({ length: batches }, (_, batch) =>
    mean(series.slice(batch * size, (batch + 1) * size)),
  )
  const trend = trendOf(means)
  if (trend === undefined) return undefined
  const moved = Math.abs(trend.slope * (batches - 1))
  return trend.pValue < significance && moved > tolerance * Math.abs(median(means))
}
