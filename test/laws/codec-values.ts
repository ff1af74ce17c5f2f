import fc from 'fast-check'
import type { AgentPulse } from '../../shared/domain/agent-desk.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { EngineFacts, Environment } from '../../shared/domain/environment.js'
import type { Grant, HeldLease, TrialOrder } from '../../shared/domain/lease.js'
import { doubtTable } from '../../shared/domain/measurement.js'
import type { DoubtKind, Measurement, MetricEstimate } from '../../shared/domain/measurement.js'
import { agentActivities } from '../../shared/domain/meta-metrics.js'
import type {
  AgentStatus,
  Interval,
  MetricAccuracy,
  SweepStatus,
  SweepSummary,
} from '../../shared/domain/meta-metrics.js'
import { metricNames } from '../../shared/domain/metric.js'
import type { ReportBatch, ReportItem } from '../../shared/domain/report-item.js'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import type { ExportPart, TrialRecord, WatchEvent } from '../../shared/domain/sweep-desk.js'
import type { Workload } from '../../shared/domain/sweep.js'
import { sweepStates, trialStates } from '../../shared/domain/trial.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'

/** Arbitrary values of everything that crosses the wire. Absent keys are absent, as in the domain. */

const number = fc.double({ noNaN: true })
const count = fc.nat()
const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const big = fc.maxSafeNat()
const metric = fc.constantFrom(...metricNames)
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 })
const record = <T extends object>(required: {
  [K in keyof T]: fc.Arbitrary<T[K]>
}): fc.Arbitrary<T> => fc.record(required).map((value) => ({ ...value }))
/** A record some of whose keys may be absent. */
const partial = <T extends object>(
  fields: { [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> },
  optional: readonly (keyof T)[],
): fc.Arbitrary<T> => {
  const requiredKeys = (Object.keys(fields) as (keyof T)[]).filter((key) => !optional.includes(key))
  return fc.record(fields, { requiredKeys, noNullPrototype: true })
}

const scalars = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
  fc.oneof(text, number, fc.boolean()),
  { maxKeys: 4, noNullPrototype: true },
)

export const configuration: fc.Arbitrary<Configuration> = record({
  model: text,
  engine: text,
  engineArgs: scalars,
  hardware: text,
  tensorParallel: count,
  load: number,
  inputTokens: count,
  outputTokens: count,
})

const estimate: fc.Arbitrary<MetricEstimate> = record({
  metric,
  value: number,
  low: number,
  high: number,
  confidence: number,
  relativeSd: number,
  count,
  percentiles: fc.dictionary(fc.constantFrom('p50', 'p90', 'p95', 'p99'), fc.option(number), {
    noNullPrototype: true,
  }),
})

export const measurement: fc.Arbitrary<Measurement> = partial(
  {
    metrics: list(estimate),
    doubts: list(
      record({
        kind: fc.constantFrom(...(Object.keys(doubtTable) as DoubtKind[])),
        severity: fc.constantFrom('marked' as const, 'invalid' as const),
        detail: text,
      }),
    ),
    timing: record({ setUp: number, warmUp: number, measured: number, gaps: number }),
    deviceSeconds: number,
    energyJoules: number,
    repetitions: count,
    requests: count,
    startedAt: number,
  },
  ['energyJoules'],
)

export const sample: fc.Arbitrary<Sample> = partial(
  {
    repetition: count,
    request: count,
    warmUp: fc.boolean(),
    scheduledAt: number,
    sentAt: number,
    chunkAt: list(number),
    chunkTokens: list(count),
    endedAt: number,
    inputTokensAsked: count,
    outputTokensAsked: count,
    inputTokens: fc.option(count),
    outputTokens: fc.option(count),
    cachedTokens: fc.option(count),
    outcome: fc.constantFrom(
      'ok' as const,
      'error' as const,
      'timeout' as const,
      'cancelled' as const,
    ),
    error: text,
  },
  ['error'],
)

const reading: fc.Arbitrary<TelemetryReading> = partial(
  {
    at: number,
    device: text,
    utilizationPercent: number,
    memoryBytes: number,
    powerWatts: number,
    temperatureCelsius: number,
    clockMhz: number,
    throttleReasons: list(text),
  },
  [
    'utilizationPercent',
    'memoryBytes',
    'powerWatts',
    'temperatureCelsius',
    'clockMhz',
    'throttleReasons',
  ],
)

export const lease: fc.Arbitrary<HeldLease> = record({ leaseId: text, token: big })

const facts: fc.Arbitrary<EngineFacts> = partial(
  {
    kind: text,
    version: text,
    effectiveArgs: scalars,
    kvCapacityTokens: number,
    maxContextTokens: number,
    captureSizes: list(number),
  },
  ['kvCapacityTokens', 'maxContextTokens', 'captureSizes'],
)

const outcome: fc.Arbitrary<TrialOutcome> = fc.oneof(
  record({ kind: fc.constant('measured' as const), measurement }),
  record({ kind: fc.constant('infeasible' as const), reason: text, deviceSeconds: number }),
  record({
    kind: fc.constant('failed' as const),
    code: text,
    reason: text,
    deviceSeconds: number,
  }),
)

const item: fc.Arbitrary<ReportItem> = fc.oneof(
  record({
    kind: fc.constant('engine-started' as const),
    lease,
    facts,
    startUpSeconds: number,
  }),
  record({ kind: fc.constant('trial-started' as const), lease, trialId: text, at: number }),
  record({ kind: fc.constant('trial-cut' as const), lease, trialId: text, deviceSeconds: number }),
  record({
    kind: fc.constant('trial-samples' as const),
    lease,
    trialId: text,
    samples: list(sample),
  }),
  record({ kind: fc.constant('trial-result' as const), lease, trialId: text, outcome }),
  partial<Extract<ReportItem, { kind: 'telemetry' }>>(
    { kind: fc.constant('telemetry' as const), trialId: text, readings: list(reading) },
    ['trialId'],
  ),
)

export const batch: fc.Arbitrary<ReportBatch> = record({
  agent: text,
  sequence: big,
  items: list(item),
})

const workload: fc.Arbitrary<Workload> = fc.oneof(
  fc.constant({ kind: 'static-batch' as const }),
  fc.constant({ kind: 'closed-loop' as const }),
  record({
    kind: fc.constant('open-loop' as const),
    arrivals: fc.constantFrom('constant' as const, 'poisson' as const, 'gamma' as const),
    burstiness: number,
  }),
)

const order: fc.Arbitrary<TrialOrder> = record({
  trialId: text,
  configuration,
  workload,
  metrics: list(metric),
  plan: record({
    warmups: count,
    repetitions: count,
    precision: number,
    max_seconds: number,
    request_timeout: number,
  }),
  seed: big,
})

export const grant: fc.Arbitrary<Grant> = record({
  leaseId: text,
  token: big,
  sweepId: text,
  block: record({
    model: text,
    engine: text,
    engineArgs: scalars,
    hardware: text,
    tensorParallel: count,
  }),
  maxLoad: number,
  maxContextTokens: count,
  trials: list(order),
})

const settings = fc.dictionary(fc.constantFrom('mig_mode', 'max_clocks.sm', 'libc'), text, {
  minKeys: 1,
  noNullPrototype: true,
})

export const environment: fc.Arbitrary<Environment> = partial<Environment>(
  {
    hostname: text,
    os: text,
    kernel: text,
    cpuModel: text,
    cpuCount: count,
    memoryBytes: number,
    devices: list(
      partial<Environment['devices'][number]>(
        {
          id: text,
          name: text,
          memoryBytes: number,
          driver: text,
          powerLimitWatts: number,
          settings,
        },
        ['driver', 'powerLimitWatts', 'settings'],
      ),
    ),
    agentVersion: text,
    nodeVersion: text,
    settings,
  },
  ['settings'],
)

const activity = fc.constantFrom(...agentActivities)

export const pulse: fc.Arbitrary<AgentPulse> = partial(
  {
    activity,
    eventLoopLagMs: number,
    utilizationPercent: number,
    memoryBytes: number,
    powerWatts: number,
    clockOffsetMs: number,
  },
  ['utilizationPercent', 'memoryBytes', 'powerWatts'],
)

const interval: fc.Arbitrary<Interval> = record({ value: number, low: number, high: number })

const accuracy: fc.Arbitrary<MetricAccuracy> = partial(
  {
    metric,
    calibrated: fc.boolean(),
    why: text,
    accuracy: interval,
    within5: interval,
    p95Error: interval,
    bias: interval,
    noiseFloor: number,
    coverage: number,
  },
  ['coverage'],
)

export const agent: fc.Arbitrary<AgentStatus> = partial(
  {
    agent: text,
    hardware: text,
    deviceCount: count,
    engines: list(text),
    connected: fc.boolean(),
    activity,
    trialId: text,
    utilizationPercent: number,
    memoryBytes: number,
    powerWatts: number,
    eventLoopLagMs: number,
    clockOffsetMs: number,
  },
  ['trialId', 'utilizationPercent', 'memoryBytes', 'powerWatts'],
)

export const summary: fc.Arbitrary<SweepSummary> = record({
  sweepId: text,
  name: text,
  state: fc.constantFrom(...sweepStates),
  reason: text,
  createdAt: number,
})

export const status: fc.Arbitrary<SweepStatus> = partial(
  {
    sweep: summary,
    configurations: count,
    measured: count,
    audits: count,
    infeasible: count,
    failed: count,
    pending: count,
    invalid: count,
    accuracy: list(accuracy),
    spent: partial<SweepStatus['spent']>(
      {
        deviceSeconds: number,
        setUp: number,
        warmUp: number,
        measured: number,
        gaps: number,
        makespan: number,
        energyJoules: number,
        costUsd: number,
      },
      ['energyJoules', 'costUsd'],
    ),
    fullGridDeviceSeconds: interval,
    gain: interval,
    etaSeconds: number,
    goalAccuracy: number,
    goalReached: fc.boolean(),
    agents: list(agent),
    verifyOrdered: count,
    verifyMeasured: count,
  },
  ['etaSeconds'],
)

const trial: fc.Arbitrary<TrialRecord> = partial(
  {
    trialId: text,
    configuration,
    purpose: fc.constantFrom(
      'explore' as const,
      'audit' as const,
      'repeat' as const,
      'verify' as const,
    ),
    state: fc.constantFrom(...trialStates),
    reason: text,
    attempt: count,
    measurement,
    agent: text,
    endedAt: number,
  },
  ['measurement'],
)

export const watchEvent: fc.Arbitrary<WatchEvent> = fc.oneof(
  record({ kind: fc.constant('status' as const), status }),
  record({ kind: fc.constant('trial-ended' as const), trial }),
)

const verifiedMetric = record({
  metric,
  claimedAccuracy: interval,
  trueAccuracy: interval,
  trueWithin5: number,
  trueP95Error: number,
  trueBias: number,
  insideClaim: fc.boolean(),
})

export const exportPart: fc.Arbitrary<ExportPart> = fc.oneof(
  record({ kind: fc.constant('text' as const), text }),
  record({ kind: fc.constant('status' as const), status }),
  record({ kind: fc.constant('environment' as const), json: text }),
  record({ kind: fc.constant('trial' as const), trial }),
  record({
    kind: fc.constant('surface' as const),
    rows: list(
      record({
        index: count,
        configuration,
        measured: fc.boolean(),
        feasible: number,
        estimates: fc.dictionary(metric, interval, { maxKeys: 4, noNullPrototype: true }),
      }),
    ),
  }),
  record({
    kind: fc.constant('curve' as const),
    point: record({ deviceSeconds: number, measured: count, accuracy: list(accuracy) }),
  }),
  record({
    kind: fc.constant('verification' as const),
    verification: record({
      sampled: count,
      of: count,
      metrics: list(verifiedMetric),
      referenceDeviceSeconds: number,
      sweepDeviceSeconds: number,
      trueGain: interval,
    }),
  }),
)
