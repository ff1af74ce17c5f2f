import type { Interval } from '../domain/meta-metrics.js'
import { binomialCdf } from './binomial.js'
import { mean, quantile, sorted, standardDeviation } from './quantile.js'
import type { SortedSamples } from './quantile.js'
import { studentTQuantile } from './special-functions.js'

/** Batches below which batch means say too little of their own spread. */
export const minimumBatches = 20

/**
 * Student’s t interval of the mean of independent samples.
 *
 * @returns undefined below two samples: one sample says nothing of its own spread.
 */
export function meanInterval(samples: readonly number[], confidence: number): Interval | undefined {
  if (samples.length < 2) return undefined
  const value = mean(samples)
  const t = studentTQuantile((1 + confidence) / 2, samples.length - 1)
  const halfWidth = (t * standardDeviation(samples)) / Math.sqrt(samples.length)
  return { value, low: value - halfWidth, high: value + halfWidth }
}

/** Half the width of an interval over its value, sign ignored; Infinity around zero. */
export function relativeHalfWidth(interval: Interval): number {
  const halfWidth = (interval.high - interval.low) / 2
  return halfWidth === 0 ? 0 : halfWidth / Math.abs(interval.value)
}

export interface QuantileRanks {
  /** From 1: the order statistics that enclose the quantile. */
  readonly lower: number
  readonly upper: number
  /** Probability that they do; at least the confidence asked for. */
  readonly coverage: number
}

/**
 * The symmetric pair of ranks, as close together as `confidence` allows, that encloses the median of
 * any continuous distribution.
 *
 * @returns undefined when `count` samples cannot give that confidence (5 cannot give 95 %).
 */
export function medianRanks(count: number, confidence: number): QuantileRanks | undefined {
  const coverageOf = (lower: number) => 1 - 2 * binomialCdf(lower - 1, count, 0.5)
  if (count < 1 || coverageOf(1) < confidence) return undefined
  let lower = 1
  while (2 * (lower + 1) <= count && coverageOf(lower + 1) >= confidence) lower += 1
  return { lower, upper: count + 1 - lower, coverage: coverageOf(lower) }
}

/** Distribution-free interval of the median; undefined as {@link medianRanks}. */
export function medianInterval(
  samples: Iterable<number>,
  confidence: number,
): Interval | undefined {
  const ascending: SortedSamples = sorted(samples)
  const ranks = medianRanks(ascending.length, confidence)
  if (ranks === undefined) return undefined
  return {
    value: quantile(ascending, 0.5),
    low: ascending[ranks.lower - 1] as number,
    high: ascending[ranks.upper - 1] as number,
  }
}

export interface BatchMeansInterval extends Interval {
  readonly batches: number
  readonly batchSize: number
  /** Variance of the mean over what independent samples of the same spread would have. */
  readonly varianceInflation: number
}

/**
 * Interval of the mean of an autocorrelated stationary series by non-overlapping batch means
 * (Schmeiser 1982). The oldest samples that fill no batch are left out.
 *
 * @param batches at least {@link minimumBatches}.
 * @returns undefined when the series does not fill `batches` batches of two.
 * @throws RangeError for fewer batches.
 */
export function batchMeansInterval(
  series: readonly number[],
  confidence: number,
  batches: number = minimumBatches,
): BatchMeansInterval | undefined {
  if (batches < minimumBatches) throw new RangeError(`batch means need ${minimumBatches} batches`)
  const batchSize = Math.floor(series.length / batches)
  if (batchSize < 2) return undefined
  const used = series.slice(series.length - batches * batchSize)
  const means = Array.from({ length: batches }, (_, batch) =>
    mean(used.slice(batch * batchSize, (batch + 1) * batchSize)),
  )
  const interval = meanInterval(means, confidence)
  if (interval === undefined) return undefined
  const independent = standardDeviation(used) ** 2 / batchSize
  const varianceInflation = independent === 0 ? 1 : standardDeviation(means) ** 2 / independent
  return { ...interval, batches, batchSize, varianceInflation }
}
