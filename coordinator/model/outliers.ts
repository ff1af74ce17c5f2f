import { GaussianProcess } from './gaussian-process.js'
import type { PriorMatrix } from './prior-matrix.js'
import type { Steps } from './steps.js'

/** Observations among which outliers are looked for: too few know no better, of many each matters little. */
const fewestToDoubt = 12
const mostToDoubt = 300
const doubtRounds = 2
/** Standard deviations from what all others say, beyond which a measurement is doubted. */
const doubtful = 3.5

/**
 * Measurements that all others speak against count as noisier than they say: a cold start or a
 * neighbour’s burst must not bend the surface around it.
 */
export function* withoutOutliers(
  process: GaussianProcess,
  prior: PriorMatrix,
  residuals: Float64Array,
  noise: Float64Array,
): Steps<GaussianProcess> {
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
    yield
    result = yield* GaussianProcess.inSteps(yield* prior.with(doubted), residuals)
  }
  return result
}
