import type { MetricEstimate } from '../../../shared/domain/measurement.js'
import { median, standardDeviation } from '../../../shared/stats/quantile.js'
import { studentTQuantile } from '../../../shared/stats/special-functions.js'
import type { Spread } from './noise-history.js'

/** Of every interval that a measurement states. */
export const measurementConfidence = 0.95

/**
 * Relative spread below which the clock and the network stack are measured, not the engine: no
 * interval is stated narrower than this allows.
 */
export const smallestRelativeSd = 1e-3

/** How much wider a median of n normal samples spreads than their mean; 1.2533 in the limit. */
function medianPenalty(count: number): number {
  const small = [1, 1, 1, 1.16, 1.092, 1.198, 1.135, 1.214, 1.16]
  return small[count] ?? 1.2533
}

/** Spread of the logarithms; undefined below two values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length < 2) return undefined
  return {
    variance: standardDeviation(values.map(Math.log)) ** 2,
    degrees: values.length - 1,
  }
}

export type Estimate = Omit<MetricEstimate, 'metric' | 'percentiles'>

/**
 * Median of independent repetitions with Student’s t interval on the logarithm. With one repetition
 * and no spread to go by, the interval is the value itself: unknown, to be doubted.
 *
 * @param values one per repetition, positive.
 * @param spread of one repetition, pooled or the values’ own.
 */
export function estimateRepetitions(
  values: readonly number[],
  spread: Spread | undefined,
): Estimate {
  const value = median(values)
  const base = { value, confidence: measurementConfidence, count: values.length }
  if (spread === undefined) return { ...base, low: value, high: value, relativeSd: 0 }
  const sd = Math.max(Math.sqrt(spread.variance), smallestRelativeSd)
  const t = studentTQuantile((1 + measurementConfidence) / 2, spread.degrees)
  const half = (t * sd * medianPenalty(values.length)) / Math.sqrt(values.length)
  return { ...base, low: value * Math.exp(-half), high: value * Math.exp(half), relativeSd: sd }
}

/** Half the interval’s width over the value; Infinity when the interval is unknown. */
export function halfWidth(estimate: Pick<Estimate, 'value' | 'low' | 'high'>): number {
  const { value, low, high } = estimate
  return high > low ? (high - low) / 2 / value : Infinity
}
