import { Counter, Gauge, Registry } from 'prom-client'
import type { AgentStatus, SweepStatus, SweepSummary } from '../../shared/domain/meta-metrics.js'
import type { SweepDesk } from '../../shared/domain/sweep-desk.js'
import { sweepStates } from '../../shared/domain/trial.js'
import { processMetrics } from '../../shared/process/process-metrics.js'
import type { Route } from './http/route.js'

/** Sweeps told one by one; the newest unfinished ones where there are more. */
const sweepsTold = 100

type Labels = Readonly<Record<string, string>>

/** A page of Prometheus’ text format, from what the desk says now. */
export async function prometheusText(desk: SweepDesk): Promise<string> {
  const sweeps = await desk.list()
  const open = sweeps
    .filter(({ state }) => state === 'RUNNING' || state === 'PAUSED')
    .sort((a, b) => b.createdAt - a.createdAt)
    .slice(0, sweepsTold)
  const statuses = await Promise.all(
    open.map(async ({ sweepId }) => (await desk.get(sweepId)).status),
  )
  const registry = new Registry()
  tellSweeps(registry, sweeps, statuses)
  tellAgents(registry, await desk.agents())
  return registry.metrics()
}

/** `GET /metrics`, with the figures of the process itself beside. */
export function prometheusRoute(desk: SweepDesk): Route {
  const ofProcess = processMetrics()
  return {
    method: 'GET',
    path: '/metrics',
    async handle() {
      const text = `${await prometheusText(desk)}\n${await ofProcess.metrics()}`
      return { kind: 'bytes', bytes: Buffer.from(text), type: ofProcess.contentType }
    },
  }
}

function gauge(registry: Registry, name: string, help: string, labels: readonly string[]) {
  const made = new Gauge({ name, help, labelNames: [...labels], registers: [registry] })
  return (given: Labels, value: number | undefined) => {
    // What is not known is not told: 0 would be a figure.
    if (value !== undefined && Number.isFinite(value)) made.set(given, value)
  }
}

/** What only grows; told from the database, so it survives a restart. */
function counter(registry: Registry, name: string, help: string, labels: readonly string[]) {
  const made = new Counter({ name, help, labelNames: [...labels], registers: [registry] })
  return (given: Labels, value: number | undefined) => {
    if (value !== undefined && Number.isFinite(value)) made.inc(given, value)
  }
}

function tellSweeps(
  registry: Registry,
  sweeps: readonly SweepSummary[],
  statuses: readonly SweepStatus[],
): void {
  const byState = gauge(registry, 'fmwork_sweeps', 'Sweeps of the coordinator by state', ['state'])
  for (const state of sweepStates) {
    byState({ state }, sweeps.filter((sweep) => sweep.state === state).length)
  }
  const ofSweep = (name: string, help: string) =>
    gauge(registry, `fmwork_sweep_${name}`, help, ['sweep'])
  const configurations = ofSweep('configurations', 'Configurations of the space')
  const measured = ofSweep('measured', 'Configurations with a valid measurement')
  const audits = ofSweep('audits', 'Audits measured')
  const pending = ofSweep('pending', 'Trials queued or in flight')
  const failed = ofSweep('failed', 'Trials that failed')
  const invalid = ofSweep('invalid', 'Measurements refused for their doubts')
  const infeasible = ofSweep('infeasible', 'Configurations that cannot run')
  const changes = ofSweep('level_changes', 'Steps in the level of agents that were found')
  const spent = (name: string, help: string) =>
    counter(registry, `fmwork_sweep_${name}_total`, help, ['sweep'])
  const device = spent('device_seconds', 'Device-seconds spent')
  const usd = spent('cost_usd', 'USD spent, where every hardware class has a price')
  const goal = ofSweep('goal_accuracy_ratio', 'Accuracy that the sweep is to reach')
  const decision = ofSweep(
    'decision_probability_ratio',
    'Probability that the chosen deployment is the right one, where the goal names a decision',
  )
  const accuracy = gauge(
    registry,
    'fmwork_sweep_accuracy_ratio',
    'Audited accuracy of a metric, where enough audits back it',
    ['sweep', 'metric'],
  )
  for (const status of statuses) {
    const labels = { sweep: status.sweep.name }
    configurations(labels, status.configurations)
    measured(labels, status.measured)
    audits(labels, status.audits)
    pending(labels, status.pending)
    failed(labels, status.failed)
    invalid(labels, status.invalid)
    infeasible(labels, status.infeasible)
    changes(labels, status.changes.length)
    device(labels, status.spent.deviceSeconds)
    usd(labels, status.spent.costUsd)
    goal(labels, status.goalAccuracy)
    decision(labels, status.decision?.probability)
    for (const each of status.accuracy) {
      if (each.calibrated) accuracy({ ...labels, metric: each.metric }, each.accuracy.value)
    }
  }
}

function tellAgents(registry: Registry, agents: readonly AgentStatus[]): void {
  const names = ['agent', 'hardware']
  const ofAgent = (name: string, help: string) =>
    gauge(registry, `fmwork_agent_${name}`, help, names)
  const connected = ofAgent('connected', '1 while the agent has a session')
  const devices = ofAgent('devices', 'Devices of the agent')
  const busy = ofAgent('busy', '1 while it runs a trial')
  const lag = ofAgent('event_loop_lag_seconds', '99th percentile since the last heartbeat')
  const offset = ofAgent('clock_offset_seconds', 'Its wall clock minus the coordinator’s')
  const utilization = ofAgent('utilization_ratio', 'Mean utilisation of its devices')
  const memory = ofAgent('memory_bytes', 'Device memory in use')
  const power = ofAgent('power_watts', 'Power of its devices')
  for (const agent of agents) {
    const labels = { agent: agent.agent, hardware: agent.hardware }
    connected(labels, agent.connected ? 1 : 0)
    devices(labels, agent.deviceCount)
    if (!agent.connected) continue
    busy(labels, agent.trialId === undefined ? 0 : 1)
    lag(labels, agent.eventLoopLagMs / 1000)
    offset(labels, agent.clockOffsetMs / 1000)
    const { utilizationPercent } = agent
    utilization(labels, utilizationPercent === undefined ? undefined : utilizationPercent / 100)
    memory(labels, agent.memoryBytes)
    power(labels, agent.powerWatts)
  }
}
