import { percent } from '../analysis/report/units.js'
import type { MetricAccuracy } from '../../shared/domain/meta-metrics.js'

/** Audits below which a claim stops nothing. */
export const auditsToStop = 8
/** Peeking after every trial flatters: the claimed error is stretched by this before it counts. */
export const peekingFactor = 1.5
/** How far above the noise floor an error may lie and still be as good as measuring again. */
const floorFactor = 1.25

/** What accuracies rest on. */
export interface StopEvidence {
  /** Audits that back the weakest metric. */
  readonly audits: number
  /** Is the noise between trials known, or could it still be less than it seems. */
  readonly noiseKnown: boolean
}

export interface StopVerdict {
  /** The goal holds for every metric; false when stopping short of it is all that is left. */
  readonly goalReached: boolean
  readonly reason: string
}

/**
 * Whether the audited accuracy allows to stop.
 *
 * @param goal accuracy wanted, such as 0.95.
 * @returns undefined while measuring must go on.
 */
export function stopVerdict(
  accuracies: readonly MetricAccuracy[],
  { audits, noiseKnown }: StopEvidence,
  goal: number,
): StopVerdict | undefined {
  if (audits < auditsToStop || accuracies.length === 0) return undefined
  const target = 1 - goal
  let limited: MetricAccuracy | undefined
  for (const each of accuracies) {
    const claimed = 1 - each.accuracy.value
    const upper = Math.max(claimed * peekingFactor, 1 - each.accuracy.low)
    if (upper <= target) continue
    // Below its own noise no accuracy can be shown, however long one measures.
    if (!noiseKnown || each.noiseFloor < target / peekingFactor) return undefined
    if (claimed > Math.max(each.noiseFloor * floorFactor, target)) return undefined
    if (limited === undefined || each.accuracy.value < limited.accuracy.value) limited = each
  }
  const worst = accuracies.reduce((a, b) => (a.accuracy.value < b.accuracy.value ? a : b))
  const shown = `accuracy ${percent(worst.accuracy.value)} or better on every metric, backed by ${audits} audits`
  if (limited === undefined) return { goalReached: true, reason: shown }
  const floor = `${limited.metric} cannot be known better than its noise: ${percent(limited.noiseFloor)} from one measurement to the next`
  return 1 - worst.accuracy.value <= target
    ? { goalReached: true, reason: `${shown}; ${floor}` }
    : { goalReached: false, reason: floor }
}
