import type { AgentStatus, SweepStatus, SweepSummary } from '../../shared/domain/meta-metrics.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import {
  etaSeconds,
  fullGridForecast,
  gainOf,
  spentOf,
  startsForecast,
  unknownInterval,
} from '../analysis/meta-metrics.js'
import type { StoredSweep, SweepTotals } from './store-records.js'

export function summaryOf(sweep: StoredSweep): SweepSummary {
  const { sweepId, name, state, reason, createdAt } = sweep
  return { sweepId, name, state, reason, createdAt }
}

/** Measurements below which nothing is said of what all of them would cost. */
const trialsToForecast = 3

export interface StatusParts {
  readonly sweep: StoredSweep
  readonly spec: Sweep
  readonly totals: SweepTotals
  /** Of the space; 0 while it is not known. */
  readonly configurations: number
  readonly blocks: number
  readonly goalReached: boolean
  readonly agents: readonly AgentStatus[]
}

/** The live meta-metrics of a sweep, from what is stored. */
export function statusOf(parts: StatusParts): SweepStatus {
  const { sweep, spec, totals } = parts
  const plan = sweep.planStatus
  const spent = spentOf(totals, spec.prices)
  // Of fewer it is little more than what the strategy began with.
  const enough = Math.max(1, Math.min(trialsToForecast, parts.configurations))
  const known = totals.measured >= enough ? plan?.fullGridDeviceSeconds : undefined
  const fullGrid = fullGridForecast(known ?? unknownInterval, startsForecast(totals, parts.blocks))
  const running = sweep.state === 'RUNNING'
  const eta = running ? etaSeconds(plan?.remainingDeviceSeconds, spent) : undefined
  return {
    sweep: summaryOf(sweep),
    configurations: parts.configurations,
    measured: totals.measured,
    audits: totals.audits,
    infeasible: totals.infeasible,
    failed: totals.failed,
    pending: totals.pending,
    invalid: totals.invalid,
    accuracy: plan?.accuracy ?? [],
    spent,
    fullGridDeviceSeconds: fullGrid,
    gain: gainOf(fullGrid, spent.deviceSeconds),
    ...(eta === undefined ? {} : { etaSeconds: eta }),
    goalAccuracy: spec.goal.accuracy,
    goalReached: parts.goalReached,
    ...(plan?.decision === undefined ? {} : { decision: plan.decision }),
    ...(plan?.harvest === undefined ? {} : { harvest: plan.harvest }),
    ...(plan?.past === undefined ? {} : { past: plan.past }),
    changes: plan?.changes ?? [],
    nodes: plan?.nodes ?? [],
    agents: parts.agents,
    verifyOrdered: totals.verifyOrdered,
    verifyMeasured: totals.verifyMeasured,
  }
}
