import { normalCdf } from '../../shared/stats/special-functions.js'

/** E|N(0,1)|. */
export const meanAbsoluteNormal = Math.sqrt(2 / Math.PI)

/** Mean of |exp(x) - 1| for a normal x of this standard deviation around 0. */
export function lognormalError(sd: number): number {
  if (sd <= 0) return 0
  const bounded = Math.min(sd, 3)
  return Math.exp((bounded * bounded) / 2) * (2 * normalCdf(bounded) - 1)
}

/** Probability that |exp(x) - 1| is at most `tolerance` for a normal x of this standard deviation. */
export function shareWithin(tolerance: number, sd: number): number {
  if (sd <= 0) return 1
  const low = tolerance < 1 ? normalCdf(Math.log(1 - tolerance) / sd) : 0
  return normalCdf(Math.log(1 + tolerance) / sd) - low
}

/** Rank, from 1, of the calibration score that bounds a new one with probability 1 - alpha; Infinity when none does. */
export function conformalRank(count: number, alpha: number): number {
  const rank = Math.ceil((count + 1) * (1 - alpha) - 1e-9)
  return rank > count ? Infinity : rank
}

/** The bound itself: the score at {@link conformalRank}. */
export function conformalQuantile(scores: readonly number[], alpha: number): number {
  const ranked = [...scores].sort((a, b) => a - b)
  return ranked[conformalRank(scores.length, alpha) - 1] ?? Infinity
}

/** The bound when calibration scores count unequally, as does the new one. */
export function weightedConformalQuantile(
  scores: readonly { readonly score: number; readonly weight: number }[],
  testWeight: number,
  alpha: number,
): number {
  const ranked = [...scores].sort((a, b) => a.score - b.score)
  const total = ranked.reduce((sum, { weight }) => sum + weight, testWeight)
  let below = 0
  for (const { score, weight } of ranked) {
    below += weight
    if (below / total >= 1 - alpha - 1e-9) return score
  }
  return Infinity
}

/** Jackknife+ interval from leave-one-out predictions at the new point and the residuals they leave. */
export function jackknifePlus(
  predictions: readonly number[],
  residuals: readonly number[],
  alpha: number,
): { low: number; high: number } {
  const n = predictions.length
  const lows = predictions.map((value, i) => value - (residuals[i] as number)).sort((a, b) => a - b)
  const highs = predictions
    .map((value, i) => value + (residuals[i] as number))
    .sort((a, b) => a - b)
  const lowRank = Math.floor((n + 1) * alpha + 1e-9)
  return {
    low: lows[lowRank - 1] ?? -Infinity,
    high: highs[conformalRank(n, alpha) - 1] ?? Infinity,
  }
}

/** Audits as they came: standardised error and relative error of the prediction made before each. */
export interface AuditError {
  readonly index: number
  readonly z: number
  readonly relativeError: number
}

/** Audits that count as much as the model’s own word. */
const ownWord = 5

/** Factor between the error that the model expects and the one that audits saw. */
export function auditScale(errors: readonly AuditError[]): number {
  const seen = errors.reduce((sum, { z }) => sum + Math.min(Math.abs(z), 8), 0)
  return (seen / meanAbsoluteNormal + ownWord) / (errors.length + ownWord)
}

/** Half-width of {@link auditScale}’s interval, as a factor’s logarithm. */
export function auditScaleSpread(errors: readonly AuditError[], quantile: number): number {
  const n = errors.length
  const sizes = errors.map(({ z }) => Math.min(Math.abs(z), 8))
  const mean = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, n)
  const squares = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0)
  const seen = n > 1 && mean > 0 ? Math.sqrt(squares / (n - 1)) / mean : 0
  // A half-normal’s own relative spread; heavier tails only widen it.
  return (quantile * Math.max(0.756, seen)) / Math.sqrt(n + 2)
}

/** Standard deviations that a 90 % interval spans to either side, from what audits saw. */
export function intervalQuantile(errors: readonly AuditError[]): number {
  const sizes = errors.map(({ z }) => Math.abs(z))
  const bound = conformalQuantile(sizes, 0.1)
  if (bound !== Infinity) return Math.max(bound, 1)
  return Math.max(1.645, ...sizes)
}
