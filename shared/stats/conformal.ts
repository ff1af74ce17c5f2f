/**
 * Conformal prediction: intervals that cover with a stated probability whatever the model, provided
 * the calibration scores are exchangeable with the point in question: audits are, points that a
 * strategy chose are not.
 */

/** Floats may put (n + 1)(1 - alpha) a hair above a whole number: 0.9 * 10. */
const slack = 1e-9

/**
 * Rank, from 1, of the calibration score that bounds the next one with probability 1 - alpha.
 *
 * @returns Infinity when `count` scores cannot promise that.
 */
export function splitConformalRank(count: number, alpha: number): number {
  const rank = Math.ceil((count + 1) * (1 - alpha) - slack)
  return rank > count ? Infinity : rank
}

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b)

/** The score of that rank; Infinity when there is none. */
export function splitConformalQuantile(scores: readonly number[], alpha: number): number {
  return ascending(scores)[splitConformalRank(scores.length, alpha) - 1] ?? Infinity
}

/**
 * The same for calibration scores drawn from another distribution than the point in question
 * (Tibshirani et al. 2019).
 *
 * @param weights likelihood ratios, one per score.
 * @param testWeight likelihood ratio of the point in question.
 */
export function weightedConformalQuantile(
  scores: readonly number[],
  weights: readonly number[],
  testWeight: number,
  alpha: number,
): number {
  const total = weights.reduce((sum, weight) => sum + weight, testWeight)
  const byScore = scores
    .map((score, i) => ({ score, weight: weights[i] ?? 0 }))
    .sort((a, b) => a.score - b.score)
  let reached = 0
  for (const { score, weight } of byScore) {
    reached += weight / total
    if (reached >= 1 - alpha - slack) return score
  }
  return Infinity
}

export interface LeaveOneOut {
  /** What the model fitted without sample i predicts at the point in question. */
  readonly prediction: number
  /** |sample i - what that model predicts of it|. */
  readonly residual: number
}

/** Jackknife+ bounds (Barber et al. 2021): cover with probability 1 - 2 alpha at least. */
export function jackknifePlus(
  leftOut: readonly LeaveOneOut[],
  alpha: number,
): { low: number; high: number } {
  const count = leftOut.length
  const lows = ascending(leftOut.map(({ prediction, residual }) => prediction - residual))
  const highs = ascending(leftOut.map(({ prediction, residual }) => prediction + residual))
  return {
    low: lows[Math.floor((count + 1) * alpha + slack) - 1] ?? -Infinity,
    high: highs[splitConformalRank(count, alpha) - 1] ?? Infinity,
  }
}
