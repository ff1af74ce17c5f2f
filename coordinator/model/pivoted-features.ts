import { dot } from './cholesky.js'
import type { Covariance, LinearisedPoints } from './covariance.js'
import type { Steps } from './steps.js'

/** Pivots of 3,000 points that a step of a few milliseconds gets through. */
const pivotsPerStep = 6

/**
 * A covariance over many points written as features: k(x, y) = φ(x)·φ(y), the rest on the diagonal.
 * Pivoted Cholesky picks the points that explain the most of what is left.
 */
export interface Features {
  readonly rank: number
  /** `rank` per row. */
  readonly rows: Float64Array
  /** Variance that the features leave out, by row; where choices are made, its own deviation included. */
  readonly left: Float64Array
  /** Rows that were chosen, in order. */
  readonly pivots: readonly number[]
}

export function* pivotedFeatures(
  covariance: Covariance,
  points: LinearisedPoints,
  maximumRank: number,
): Steps<Features> {
  const n = points.points.count
  const limit = Math.min(maximumRank, n)
  const rows = new Float64Array(n * limit)
  const left = new Float64Array(n)
  for (let i = 0; i < n; i += 1) left[i] = covariance.variance(points, i)
  const enough = 1e-8 * left.reduce((most, value) => Math.max(most, value), 0)
  const pivots: number[] = []
  while (pivots.length < limit) {
    const k = pivots.length
    let pivot = 0
    for (let i = 1; i < n; i += 1) {
      if ((left[i] as number) > (left[pivot] as number)) pivot = i
    }
    const top = left[pivot] as number
    if (top <= enough) break
    const scale = Math.sqrt(top)
    for (let i = 0; i < n; i += 1) {
      const known = dot(rows, i * limit, rows, pivot * limit, k)
      const value =
        i === pivot ? scale : (covariance.between(points, i, points, pivot) - known) / scale
      rows[i * limit + k] = value
      left[i] = Math.max(0, (left[i] as number) - value * value)
    }
    left[pivot] = 0
    pivots.push(pivot)
    if (pivots.length % pivotsPerStep === 0) yield
  }
  return trimmed({ rank: pivots.length, rows, left, pivots }, limit)
}

function trimmed(features: Features, stride: number): Features {
  if (features.rank === stride) return features
  const n = features.left.length
  const rows = new Float64Array(n * features.rank)
  for (let i = 0; i < n; i += 1) {
    rows.set(features.rows.subarray(i * stride, i * stride + features.rank), i * features.rank)
  }
  return { ...features, rows }
}

/** Features of further points, in the space that the pivots span. */
export function featuresOf(
  features: Features,
  covariance: Covariance,
  pool: LinearisedPoints,
  points: LinearisedPoints,
  row: number,
): { values: Float64Array; left: number } {
  const { rank, rows, pivots } = features
  const values = new Float64Array(rank)
  for (let k = 0; k < rank; k += 1) {
    const pivot = pivots[k] as number
    const known = dot(values, 0, rows, pivot * rank, k)
    const value = covariance.between(points, row, pool, pivot) - known
    values[k] = value / (rows[pivot * rank + k] as number)
  }
  const variance = covariance.variance(points, row)
  return { values, left: Math.max(0, variance - dot(values, 0, values, 0, rank)) }
}
