import { agentActivities } from '../../domain/meta-metrics.js'
import type {
  AgentStatus,
  DecisionAlternative,
  DecisionStatus,
  HarvestStatus,
  Interval,
  LevelChange,
  MetricAccuracy,
  PastStatus,
  NodeLevel,
  Spent,
  SweepStatus,
  SweepSummary,
} from '../../domain/meta-metrics.js'
import { metricNames } from '../../domain/metric.js'
import { sweepStates } from '../../domain/trial.js'
import type {
  AgentStatus as WireAgent,
  AgentStatusInput as WireAgentInput,
} from '../gen/fmwork/v1/AgentStatus.js'
import type { Decision as WireDecision } from '../gen/fmwork/v1/Decision.js'
import type { DecisionAlternative as WireAlternative } from '../gen/fmwork/v1/DecisionAlternative.js'
import type {
  HarvestStatus as WireHarvest,
  HarvestStatusInput as WireHarvestInput,
} from '../gen/fmwork/v1/HarvestStatus.js'
import type { Interval as WireInterval } from '../gen/fmwork/v1/Interval.js'
import type {
  LevelChange as WireChange,
  LevelChangeInput as WireChangeInput,
} from '../gen/fmwork/v1/LevelChange.js'
import type { LevelShift as WireShift } from '../gen/fmwork/v1/LevelShift.js'
import type {
  NodeLevel as WireNode,
  NodeLevelInput as WireNodeInput,
} from '../gen/fmwork/v1/NodeLevel.js'
import type {
  MetricAccuracy as WireAccuracy,
  MetricAccuracyInput as WireAccuracyInput,
} from '../gen/fmwork/v1/MetricAccuracy.js'
import type {
  PastStatus as WirePast,
  PastStatusInput as WirePastInput,
} from '../gen/fmwork/v1/PastStatus.js'
import type { Spent as WireSpent, SpentInput as WireSpentInput } from '../gen/fmwork/v1/Spent.js'
import type {
  SweepStatus as WireStatus,
  SweepStatusInput as WireStatusInput,
} from '../gen/fmwork/v1/SweepStatus.js'
import type {
  SweepSummary as WireSummary,
  SweepSummaryInput as WireSummaryInput,
} from '../gen/fmwork/v1/SweepSummary.js'
import { defined, required, wordOf } from './parts.js'

export const intervalToWire = ({ value, low, high }: Interval): Interval => ({ value, low, high })

export function intervalFromWire(wire: WireInterval | null | undefined, field: string): Interval {
  return intervalToWire(required(wire, field))
}

export function accuracyToWire(accuracy: MetricAccuracy): WireAccuracyInput {
  const { metric, calibrated, why, noiseFloor, coverage } = accuracy
  return defined({
    metric,
    calibrated,
    why,
    accuracy: intervalToWire(accuracy.accuracy),
    within5: intervalToWire(accuracy.within5),
    p95Error: intervalToWire(accuracy.p95Error),
    bias: intervalToWire(accuracy.bias),
    noiseFloor,
    coverage,
  })
}

export function accuracyFromWire(wire: WireAccuracy): MetricAccuracy {
  return defined({
    metric: wordOf(metricNames, wire.metric, 'accuracy.metric'),
    calibrated: wire.calibrated,
    why: wire.why,
    accuracy: intervalFromWire(wire.accuracy, 'accuracy.accuracy'),
    within5: intervalFromWire(wire.within5, 'accuracy.within5'),
    p95Error: intervalFromWire(wire.p95Error, 'accuracy.p95_error'),
    bias: intervalFromWire(wire.bias, 'accuracy.bias'),
    noiseFloor: wire.noiseFloor,
    coverage: wire.coverage,
  })
}

function spentToWire(spent: Spent): WireSpentInput {
  return defined({
    deviceS: spent.deviceSeconds,
    setUpS: spent.setUp,
    warmUpS: spent.warmUp,
    measuredS: spent.measured,
    gapsS: spent.gaps,
    makespanS: spent.makespan,
    energyJ: spent.energyJoules,
    costUsd: spent.costUsd,
  })
}

function spentFromWire(wire: WireSpent): Spent {
  return defined({
    deviceSeconds: wire.deviceS,
    setUp: wire.setUpS,
    warmUp: wire.warmUpS,
    measured: wire.measuredS,
    gaps: wire.gapsS,
    makespan: wire.makespanS,
    energyJoules: wire.energyJ,
    costUsd: wire.costUsd,
  })
}

function decisionFromWire(wire: WireDecision): DecisionStatus {
  return defined({
    objective: wire.objective,
    chosen: wire.chosen,
    probability: wire.probability,
    wanted: wire.wanted,
    tolerance: wire.tolerance,
    meetsProbability: wire.meetsProbability,
    expectedRegret: wire.expectedRegret,
    regretAtMost: wire.regretAtMost,
    regretAllowed: wire.regretAllowed,
    challenger: wire.challenger,
    excessAtMost: wire.excessAtMost,
    alternative: wire.alternative ? alternativeFromWire(wire.alternative) : undefined,
  })
}

const alternativeFromWire = (wire: WireAlternative): DecisionAlternative =>
  defined({
    deployment: wire.deployment,
    meetsProbability: wire.meetsProbability,
    excessAtMost: wire.excessAtMost,
    costRatio: wire.costRatio,
  })

type Ratio = NodeLevel['ratios'][number]

const ratioToWire = ({ metric, ratio }: Ratio) => ({ metric, ratio: intervalToWire(ratio) })

const ratioFromWire = ({ metric, ratio }: WireShift, field: string): Ratio => ({
  metric: wordOf(metricNames, metric, `${field}.metric`),
  ratio: intervalFromWire(ratio, `${field}.ratio`),
})

const nodeToWire = (node: NodeLevel): WireNodeInput => ({
  ...node,
  ratios: node.ratios.map(ratioToWire),
})

const nodeFromWire = ({ agent, hardware, trials, ratios }: WireNode): NodeLevel => ({
  ...{ agent, hardware, trials },
  ratios: ratios.map((ratio) => ratioFromWire(ratio, 'nodes.ratios')),
})

function changeToWire(change: LevelChange): WireChangeInput {
  return defined({
    agent: change.agent,
    afterMs: change.after,
    byMs: change.by,
    before: change.before,
    since: change.since,
    beforeSuspect: change.suspect === 'before',
    shifts: change.shifts.map(ratioToWire),
  })
}

function changeFromWire(wire: WireChange): LevelChange {
  return defined({
    agent: wire.agent,
    after: wire.afterMs,
    by: wire.byMs,
    before: wire.before,
    since: wire.since,
    suspect: wire.beforeSuspect ? ('before' as const) : ('since' as const),
    shifts: wire.shifts.map((shift) => ratioFromWire(shift, 'changes.shifts')),
  })
}

const harvestToWire = ({ biases, ...rest }: HarvestStatus): WireHarvestInput => ({
  ...rest,
  biases: biases.map(({ bias, ...each }) => ({ ...each, bias: intervalToWire(bias) })),
})

const harvestFromWire = (wire: WireHarvest): HarvestStatus => ({
  harvested: wire.harvested,
  checks: wire.checks,
  trusted: wire.trusted,
  biases: wire.biases.map(({ metric, bias, distrusted }) => ({
    metric: wordOf(metricNames, metric, 'harvest.biases.metric'),
    bias: intervalFromWire(bias, 'harvest.biases.bias'),
    distrusted,
  })),
})

const pastToWire = ({ origins, metrics }: PastStatus): WirePastInput => ({
  origins: [...origins],
  metrics: [...metrics],
})

const pastFromWire = ({ origins, metrics }: WirePast): PastStatus => ({
  origins: origins.map(({ origin, rows }) => ({ origin, rows })),
  metrics: metrics.map(({ metric, used, forecasts, errorWith, errorWithout }) => ({
    metric: wordOf(metricNames, metric, 'past.metrics.metric'),
    ...{ used, forecasts, errorWith, errorWithout },
  })),
})

export function agentToWire(agent: AgentStatus): WireAgentInput {
  return defined({ ...agent, engines: [...agent.engines], data: [...(agent.data ?? [])] })
}

export function agentFromWire(wire: WireAgent): AgentStatus {
  return defined({
    agent: wire.agent,
    hardware: wire.hardware,
    deviceCount: wire.deviceCount,
    engines: wire.engines,
    connected: wire.connected,
    activity: wordOf(agentActivities, wire.activity, 'agent.activity'),
    trialId: wire.trialId,
    utilizationPercent: wire.utilizationPercent,
    memoryBytes: wire.memoryBytes,
    powerWatts: wire.powerWatts,
    eventLoopLagMs: wire.eventLoopLagMs,
    clockOffsetMs: wire.clockOffsetMs,
    data: wire.data.length === 0 ? undefined : wire.data,
  })
}

export function summaryToWire(summary: SweepSummary): WireSummaryInput {
  const { sweepId, name, state, reason, createdAt } = summary
  return { sweepId, name, state, reason, createdAtMs: createdAt }
}

export function summaryFromWire(wire: WireSummary | null | undefined): SweepSummary {
  const { sweepId, name, state, reason, createdAtMs } = required(wire, 'sweep')
  return {
    sweepId,
    name,
    state: wordOf(sweepStates, state, 'sweep.state'),
    reason,
    createdAt: createdAtMs,
  }
}

export function statusToWire(status: SweepStatus): WireStatusInput {
  return defined({
    sweep: summaryToWire(status.sweep),
    configurations: status.configurations,
    measured: status.measured,
    audits: status.audits,
    infeasible: status.infeasible,
    failed: status.failed,
    pending: status.pending,
    invalid: status.invalid,
    accuracy: status.accuracy.map(accuracyToWire),
    spent: spentToWire(status.spent),
    fullGridDeviceS: intervalToWire(status.fullGridDeviceSeconds),
    gain: intervalToWire(status.gain),
    etaS: status.etaSeconds,
    goalAccuracy: status.goalAccuracy,
    goalReached: status.goalReached,
    agents: status.agents.map(agentToWire),
    verifyOrdered: status.verifyOrdered,
    verifyMeasured: status.verifyMeasured,
    decision: status.decision,
    changes: status.changes.map(changeToWire),
    nodes: status.nodes.map(nodeToWire),
    harvest: status.harvest === undefined ? undefined : harvestToWire(status.harvest),
    past: status.past === undefined ? undefined : pastToWire(status.past),
  })
}

export function statusFromWire(wire: WireStatus | null | undefined): SweepStatus {
  const status = required(wire, 'status')
  return defined({
    sweep: summaryFromWire(status.sweep),
    configurations: status.configurations,
    measured: status.measured,
    audits: status.audits,
    infeasible: status.infeasible,
    failed: status.failed,
    pending: status.pending,
    invalid: status.invalid,
    accuracy: status.accuracy.map(accuracyFromWire),
    spent: spentFromWire(required(status.spent, 'status.spent')),
    fullGridDeviceSeconds: intervalFromWire(status.fullGridDeviceS, 'status.full_grid_device_s'),
    gain: intervalFromWire(status.gain, 'status.gain'),
    etaSeconds: status.etaS,
    goalAccuracy: status.goalAccuracy,
    goalReached: status.goalReached,
    agents: status.agents.map(agentFromWire),
    verifyOrdered: status.verifyOrdered,
    verifyMeasured: status.verifyMeasured,
    decision: status.decision == null ? undefined : decisionFromWire(status.decision),
    changes: status.changes.map(changeFromWire),
    nodes: status.nodes.map(nodeFromWire),
    harvest: status.harvest == null ? undefined : harvestFromWire(status.harvest),
    past: status.past == null ? undefined : pastFromWire(status.past),
  })
}
