import type { Spent, SweepStatus } from '../../shared/domain/meta-metrics.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { PlanStatus } from '../plan/planner.js'

export interface Stop {
  readonly goalReached: boolean
  /** For people. */
  readonly reason: string
}

export interface Consumption {
  readonly spent: Spent
  /** Trials that ended after running. */
  readonly attempts: number
  /** Seconds the sweep was running under a living coordinator. */
  readonly activeSeconds: number
}

/** Why the budget is used up, if it is. */
export function budgetStop(
  budget: Sweep['budget'],
  { spent, attempts, activeSeconds }: Consumption,
): string | undefined {
  const { device_hours: hours, cost_usd: usd, trials, wall_time: seconds } = budget
  if (hours !== undefined && spent.deviceSeconds >= hours * 3600) {
    return `the budget of ${hours} device-hours is spent`
  }
  if (usd !== undefined && spent.costUsd !== undefined && spent.costUsd >= usd) {
    return `the budget of ${usd} USD is spent`
  }
  if (trials !== undefined && attempts >= trials) return `the budget of ${trials} trials is spent`
  if (seconds !== undefined && activeSeconds >= seconds) {
    return `the budget of ${seconds} s of wall time is spent`
  }
  return undefined
}

/** Why a sweep ends whose strategy suggests nothing more: trials that came to nothing are named. */
export function exhaustedReason({
  configurations,
  measured,
  infeasible,
  invalid,
  failed,
}: Pick<SweepStatus, 'configurations' | 'measured' | 'infeasible' | 'invalid' | 'failed'>): string {
  const reason = 'the strategy has nothing more to measure'
  const left = configurations - measured - infeasible
  const lost = [
    ...(invalid > 0 ? [`${invalid} trials could not be trusted`] : []),
    ...(failed > 0 ? [`${failed} trials failed`] : []),
  ]
  if (left <= 0 || lost.length === 0) return reason
  return `${reason}: ${left} of ${configurations} configurations stay unmeasured, ${lost.join(' and ')}`
}

/** Should the sweep stop now: its goal first, then its budget, then the strategy’s own end. */
export function stopOf(
  budget: Sweep['budget'],
  plan: PlanStatus | undefined,
  consumption: Consumption,
): Stop | undefined {
  if (plan?.stop?.goalReached === true) return plan.stop
  const spent = budgetStop(budget, consumption)
  if (spent !== undefined) return { goalReached: false, reason: spent }
  return plan?.stop
}
