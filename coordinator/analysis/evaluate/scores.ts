import { normalCdf } from '../../../shared/stats/special-functions.js'
import { quantile, sorted } from '../../../shared/stats/quantile.js'

/** How far estimates are from the truth; errors are relative. */
export interface ErrorScores {
  /** Mean of |estimate / truth - 1|. */
  readonly error: number
  /** 1 - error. */
  readonly accuracy: number
  /** Share within 5 %. */
  readonly within5: number
  readonly max: number
  /** Mean of estimate / truth - 1. */
  readonly bias: number
  /** Sum of |estimate - truth| / sum of truth. */
  readonly weighted: number
  /** exp(mean |log(estimate / truth)|) - 1. */
  readonly geometric: number
}

export function errorScores(truth: readonly number[], estimates: readonly number[]): ErrorScores {
  const n = truth.length
  let error = 0
  let within = 0
  let max = 0
  let bias = 0
  let absolute = 0
  let total = 0
  let logs = 0
  truth.forEach((value, i) => {
    const estimate = estimates[i] as number
    const relative = estimate / value - 1
    error += Math.abs(relative)
    // A hair of slack: 21 / 20 - 1 is not exactly 0.05.
    if (Math.abs(relative) <= 0.05 + 1e-12) within += 1
    max = Math.max(max, Math.abs(relative))
    bias += relative
    absolute += Math.abs(estimate - value)
    total += value
    logs += Math.abs(Math.log(estimate / value))
  })
  return {
    error: error / n,
    accuracy: 1 - error / n,
    within5: within / n,
    max,
    bias: bias / n,
    weighted: absolute / total,
    geometric: Math.exp(logs / n) - 1,
  }
}

/** 95th percentile, over rows, of a row’s largest relative error. */
export function rowP95(largestErrors: readonly number[]): number {
  return quantile(sorted(largestErrors), 0.95)
}

/**
 * Area under accuracy against cost share: a step function, since accuracy holds until the next
 * result. Costs ascend from 0 to 1.
 */
export function areaUnderSteps(costs: readonly number[], accuracies: readonly number[]): number {
  let area = 0
  for (let i = 0; i + 1 < costs.length; i += 1) {
    area += (accuracies[i] as number) * ((costs[i + 1] as number) - (costs[i] as number))
  }
  return area
}

/**
 * Mean of |x| for a normal x: the error, in log units, that one noisy measurement of the truth sees
 * in an estimate.
 *
 * @param log log(estimate / truth).
 * @param sd of the measurement, in log units.
 */
export function errorSeen(log: number, sd: number): number {
  if (sd <= 0) return Math.abs(log)
  const z = log / sd
  return sd * Math.sqrt(2 / Math.PI) * Math.exp(-(z ** 2) / 2) + log * (2 * normalCdf(z) - 1)
}
