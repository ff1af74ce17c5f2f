import { meanAbsoluteNormal } from './calibration.js'
import type { Covariance, Roughness } from './covariance.js'
import type { Points } from './encoding.js'
import type { GaussianProcess } from './gaussian-process.js'

/** Measurements that count as much as the presumption that all groups are alike. */
const presumed = 4
/** Standard deviations beyond which a measurement says no more: one that went wrong makes no group rough. */
const mostDeviation = 4
/** How far groups may differ. */
const smoothest = 0.2
const roughest = 6

/**
 * How much rougher the surface of every group of blocks is than the covariance takes it to be: one kind of
 * hardware repeats itself to the percent where another scatters by a fifth, and more of it has to be measured.
 * Learnt from how far every measurement is from what all others say of it.
 *
 * @param process that has the covariance’s prior, over these points.
 * @param residuals what it was conditioned on, one per point.
 */
export function roughnessSeen(
  process: GaussianProcess,
  residuals: Float64Array,
  covariance: Covariance,
  points: Points,
): Roughness {
  const { levels, groupLevel } = covariance.layout.shape
  if (groupLevel === 0) return covariance.roughness
  const { means, variances } = process.leaveOneOut()
  const seen = new Map<number, { count: number; deviations: number; before: number }>()
  for (let i = 0; i < residuals.length; i += 1) {
    const gap = (residuals[i] as number) - (means[i] as number)
    const size = Math.abs(gap) / Math.sqrt(variances[i] as number)
    const key = points.keys[i * levels + groupLevel] as number
    const before = covariance.roughnessAt(points, i)
    const group = seen.get(key) ?? { count: 0, deviations: 0, before }
    group.count += 1
    group.deviations += Math.min(size, mostDeviation) / meanAbsoluteNormal
    seen.set(key, group)
  }
  return new Map(
    Array.from(seen, ([key, { count, deviations, before }]) => {
      // The presumption is of a roughness of 1, so it pulls back what had moved from there.
      const factor = (deviations + presumed / before) / (count + presumed)
      return [key, Math.max(smoothest, Math.min(roughest, before * factor))]
    }),
  )
}
