import { chance } from '../analysis/report/units.js'
import { isDecided } from '../../shared/domain/decided.js'
import type { DecisionStatus } from '../../shared/domain/meta-metrics.js'
import type { PlanStatus } from './planner.js'

type Stop = NonNullable<PlanStatus['stop']>

/**
 * Should a sweep whose goal names a decision stop too, where accuracy alone would let it.
 *
 * @param status undefined while there is no choice.
 * @param stuck why no further measurement would help, in words; undefined while one would.
 * @returns undefined while contenders must be measured.
 */
export function decisionStop(
  accuracy: Stop,
  status: DecisionStatus | undefined,
  stuck: string | undefined,
): Stop | undefined {
  if (status !== undefined && isDecided(status)) {
    const { chosen = 'nothing meets the limits', probability } = status
    const shown = `the decision is shown: ${chosen}, right with ${chance(probability)}`
    return { ...accuracy, reason: `${accuracy.reason}; ${shown}` }
  }
  if (stuck === undefined) return undefined
  return { goalReached: false, reason: `${accuracy.reason}; ${stuck}` }
}
