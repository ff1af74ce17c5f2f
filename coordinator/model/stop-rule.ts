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

/** Of every metric. */
export interface AccuracyGoal {
  /** One minus the mean relative error, such as 0.95. */
  readonly accuracy: number
  /** Relative error that 95 of 100 configurations stay below; not asked for when absent. */
  readonly p95Error?: number
}

export interface StopVerdict {
  /** The goal holds for every metric; false when stopping short of it is all that is left. */
  readonly goalReached: boolean
  readonly reason: string
}

/** One thing wanted of one metric: an error, and how large it may be. */
interface Aim {
  readonly accuracy: MetricAccuracy
  readonly claimed: number
  readonly high: number
  /** The same error of one measurement against another; NaN while nothing was measured again. */
  readonly floor: number
  readonly target: number
}

/** The error that 95 of 100 stay below, in mean errors of a narrow normal. */
export const tailOfMean = 1.959964 / Math.sqrt(2 / Math.PI)

function aimsOf(accuracies: readonly MetricAccuracy[], goal: AccuracyGoal): Aim[] {
  return accuracies.flatMap((accuracy): Aim[] => {
    const { value, low } = accuracy.accuracy
    const { noiseFloor: floor, p95Error } = accuracy
    const mean = { accuracy, claimed: 1 - value, high: 1 - low, floor, target: 1 - goal.accuracy }
    if (goal.p95Error === undefined) return [mean]
    const { value: claimed, high } = p95Error
    return [mean, { accuracy, claimed, high, floor: tailOfMean * floor, target: goal.p95Error }]
  })
}

/**
 * Whether the audited accuracy allows to stop.
 *
 * @returns undefined while measuring must go on.
 */
export function stopVerdict(
  accuracies: readonly MetricAccuracy[],
  { audits, noiseKnown }: StopEvidence,
  goal: AccuracyGoal,
): StopVerdict | undefined {
  if (audits < auditsToStop || accuracies.length === 0) return undefined
  const aims = aimsOf(accuracies, goal)
  let limited: Aim | undefined
  for (const aim of aims) {
    const { claimed, high, floor, target } = aim
    if (Math.max(claimed * peekingFactor, high) <= target) continue
    // Below its own noise no accuracy can be shown, however long one measures.
    if (!noiseKnown || !(floor >= target / peekingFactor)) return undefined
    if (claimed > Math.max(floor * floorFactor, target)) return undefined
    if (limited === undefined || claimed / target > limited.claimed / limited.target) limited = aim
  }
  const shown = shownText(accuracies, goal, audits)
  if (limited === undefined) return { goalReached: true, reason: shown }
  const { metric, noiseFloor } = limited.accuracy
  const floor = `${metric} cannot be known better than its noise: ${percent(noiseFloor)} from one measurement to the next`
  return aims.every(({ claimed, target }) => claimed <= target)
    ? { goalReached: true, reason: `${shown}; ${floor}` }
    : { goalReached: false, reason: floor }
}

function shownText(
  accuracies: readonly MetricAccuracy[],
  goal: AccuracyGoal,
  audits: number,
): string {
  const worst = Math.min(...accuracies.map(({ accuracy }) => accuracy.value))
  const tail = Math.max(...accuracies.map(({ p95Error }) => p95Error.value))
  const within =
    goal.p95Error === undefined ? '' : `, 95 of 100 configurations within ${percent(tail)}`
  return `accuracy ${percent(worst)} or better on every metric${within}, backed by ${audits} audits`
}
