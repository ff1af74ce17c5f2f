import { percent } from '../analysis/report/units.js'
import type { MetricAccuracy } from '../../shared/domain/meta-metrics.js'
import { tailOfMean } from '../model/stop-rule.js'
import type { AccuracyGoal } from '../model/stop-rule.js'
import type { PlanStatus } from './planner.js'

export interface GoalEvidence {
  readonly goal: AccuracyGoal
  /** What the surface concludes from its audits; undefined while it cannot. */
  readonly verdict: PlanStatus['stop'] | undefined
  readonly accuracy: readonly MetricAccuracy[]
  /** The strategy will suggest nothing more. */
  readonly exhausted: boolean
  readonly pending: number
  readonly measured: number
  /** Not measured, and not known to fail. */
  readonly left: number
}

/**
 * Should a sweep stop for what it knows: the goal is shown, the noise is all that is left, or nothing
 * is left to measure. Budgets are the dispatcher’s.
 *
 * @returns undefined while measuring must go on.
 */
export function decideStop(evidence: GoalEvidence): PlanStatus['stop'] {
  const { verdict, exhausted, pending } = evidence
  if (verdict !== undefined) return verdict
  if (!exhausted || pending > 0) return undefined
  const { measured, left } = evidence
  if (left === 0) return fullyMeasured(evidence)
  return {
    goalReached: false,
    reason: `the strategy has measured all that it wants, ${measured} of ${measured + left}; the goal is not shown`,
  }
}

/** Everything that can run is measured: only noise separates the surface from the truth, and is all its error. */
function fullyMeasured({ goal, accuracy, measured }: GoalEvidence): PlanStatus['stop'] {
  const noiseOf = (each: MetricAccuracy): number => 1 - each.accuracy.value
  const noisiest = accuracy.reduce<MetricAccuracy | undefined>(
    (worst, each) => (worst === undefined || noiseOf(each) > noiseOf(worst) ? each : worst),
    undefined,
  )
  const noise = noisiest === undefined ? 0 : noiseOf(noisiest)
  const isTailReached = goal.p95Error === undefined || tailOfMean * noise <= goal.p95Error
  if (noisiest === undefined || (noise <= 1 - goal.accuracy && isTailReached)) {
    return { goalReached: true, reason: `all ${measured} configurations that can run are measured` }
  }
  return {
    goalReached: false,
    reason: `all ${measured} configurations that can run are measured, yet the noise of ${noisiest.metric} is ${percent(noise)} from one measurement to the next`,
  }
}
