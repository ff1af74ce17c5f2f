import type { Covariance, LinearisedPoints } from './covariance.js'
import type { Points } from './encoding.js'
import { logSum } from './physical-mean.js'
import type { BasisRows } from './physical-mean.js'

/** Log coefficients of the physical mean in the block that a point belongs to. */
export type CoefficientsOf = (points: Points, row: number) => Float64Array

/** Scaled terms weigh alike; how much is set by the typical observed value, so the prior moves with the data’s scale. */
export function priorCentre(basis: BasisRows, logs: Float64Array): Float64Array {
  const freedomOf = (k: number): number => basis.freedom?.[k] ?? 1
  const equal = Float64Array.from(
    { length: basis.terms },
    (_, k) => -Math.log(basis.terms) / freedomOf(k),
  )
  const gaps = Array.from(logs, (log, i) => log - logSum(basis, i, equal)).sort((a, b) => a - b)
  const scale = gaps[gaps.length >> 1] ?? 0
  return equal.map((value, k) => value + scale / freedomOf(k))
}

export const blockOf = (points: Points, row: number, levels: number): number =>
  points.keys[row * levels + levels - 1] as number

/** One row of every block. */
export function blockRows(points: Points, levels: number): Map<number, number> {
  const rows = new Map<number, number>()
  for (let i = 0; i < points.count; i += 1) {
    const block = blockOf(points, i, levels)
    if (!rows.has(block)) rows.set(block, i)
  }
  return rows
}

/** Posterior mean of the log coefficients of the block that a point belongs to. */
export function coefficientsAt(
  covariance: Covariance,
  weights: Float64Array,
  observed: LinearisedPoints,
  points: Points,
  row: number,
  centre: Float64Array,
  freedom?: Float64Array,
): Float64Array {
  const result = Float64Array.from(centre)
  const { terms, slopes } = observed
  for (let j = 0; j < observed.points.count; j += 1) {
    const kinship = covariance.kinship(points, row, observed.points, j)
    const weight = weights[j] as number
    const own = weight * (covariance.coefficientAt[kinship] as number)
    const scale = weight * (covariance.scaleAt[kinship] as number)
    for (let k = 0; k < terms; k += 1) {
      result[k] =
        (result[k] as number) +
        own * (slopes[j * terms + k] as number) +
        scale / (freedom?.[k] ?? 1)
    }
  }
  return result
}

/** Coefficients by block: learnt where it was observed, else what its nearest relatives suggest. */
export function coefficientLookup(
  known: ReadonlyMap<number, Float64Array>,
  covariance: Covariance,
  weights: Float64Array,
  observed: LinearisedPoints,
  centre: Float64Array,
  freedom?: Float64Array,
): CoefficientsOf {
  const cache = new Map(known)
  const { levels } = covariance.layout.shape
  return (points, row) => {
    const block = blockOf(points, row, levels)
    const cached = cache.get(block)
    if (cached !== undefined) return cached
    const derived = coefficientsAt(covariance, weights, observed, points, row, centre, freedom)
    cache.set(block, derived)
    return derived
  }
}
