import { splitConformalQuantile } from '../../shared/stats/conformal.js'
import { normalCdf } from '../../shared/stats/special-functions.js'
import { lognormalMape, lognormalShareWithin } from '../../shared/stats/lognormal.js'

/** E|N(0,1)|. */
export const meanAbsoluteNormal = Math.sqrt(2 / Math.PI)

/** Log spread beyond which an error is beyond telling. */
const widest = 3

/** Mean of |exp(x) - 1| for a normal x of this standard deviation, bounded, around 0. */
export function lognormalError(sd: number): number {
  return sd <= 0 ? 0 : lognormalMape(Math.min(sd, widest))
}

/** Probability that |exp(x) - 1| is at most `tolerance` for a normal x of this standard deviation. */
export function shareWithin(tolerance: number, sd: number): number {
  if (sd <= 0) return 1
  // An estimate of next to nothing is wrong by 1 at most: only too large ones can be wrong by more.
  if (tolerance >= 1) return normalCdf(Math.log(1 + tolerance) / sd)
  return lognormalShareWithin(tolerance, sd)
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
  const bound = splitConformalQuantile(sizes, 0.1)
  if (bound !== Infinity) return Math.max(bound, 1)
  return Math.max(1.645, ...sizes)
}
