import type { Covariance, LinearisedPoints } from './covariance.js'
import { GaussianProcess } from './gaussian-process.js'
import type { SharedNoise } from './node-levels/level-effects.js'

/** Observations among which outliers are looked for: too few know no better, of many each matters little. */
const fewestToDoubt = 12
const mostToDoubt = 300
const doubtRounds = 2
/** Standard deviations from what all others say, beyond which a measurement is doubted. */
const doubtful = 3.5

/** Prior covariance of the observed values, nugget and noise on its diagonal, noise that they share everywhere. */
export function priorMatrix(
  covariance: Covariance,
  rows: LinearisedPoints,
  noise: Float64Array,
  shared?: SharedNoise,
): Float64Array {
  const n = rows.points.count
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const between = covariance.between(rows, i, rows, j)
      const value = shared === undefined ? between : between + shared.between(i, j)
      matrix[i * n + j] = i === j ? value + covariance.nugget + (noise[i] as number) : value
    }
  }
  return matrix
}

/**
 * Measurements that all others speak against count as noisier than they say: a cold start or a
 * neighbour’s burst must not bend the surface around it.
 */
export function withoutOutliers(
  process: GaussianProcess,
  covariance: Covariance,
  rows: LinearisedPoints,
  residuals: Float64Array,
  noise: Float64Array,
  shared?: SharedNoise,
): GaussianProcess {
  const n = residuals.length
  if (n < fewestToDoubt || n > mostToDoubt) return process
  let result = process
  const doubted = Float64Array.from(noise)
  for (let round = 0; round < doubtRounds; round += 1) {
    const { means, variances } = result.leaveOneOut()
    let isDoubted = false
    for (let i = 0; i < n; i += 1) {
      const gap = (residuals[i] as number) - (means[i] as number)
      const variance = variances[i] as number
      if (Math.abs(gap) <= doubtful * Math.sqrt(variance)) continue
      doubted[i] = (doubted[i] as number) + gap * gap - variance
      isDoubted = true
    }
    if (!isDoubted) break
    result = new GaussianProcess(priorMatrix(covariance, rows, doubted, shared), residuals)
  }
  return result
}
