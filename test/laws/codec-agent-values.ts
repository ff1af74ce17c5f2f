import fc from 'fast-check'
import type { AgentPulse } from '../../shared/domain/agent-desk.js'
import type { EngineFacts, Environment } from '../../shared/domain/environment.js'
import type { Grant, HeldLease, TrialOrder } from '../../shared/domain/lease.js'
import { doubtTable } from '../../shared/domain/measurement.js'
import type { DoubtKind, Measurement, MetricEstimate } from '../../shared/domain/measurement.js'
import type { ReportBatch, ReportItem } from '../../shared/domain/report-item.js'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import type { Workload } from '../../shared/domain/sweep.js'
import { dataFormats } from '../../shared/domain/workload-data.js'
import type { WorkloadData } from '../../shared/domain/workload-data.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'
import {
  activity,
  big,
  configuration,
  count,
  list,
  metric,
  number,
  partial,
  record,
  scalars,
  text,
} from './codec-parts.js'

/** Arbitrary values of what crosses between a coordinator and its agents. */

const some = count.map((value) => value + 1)

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

const doubts = list(
  record({
    kind: fc.constantFrom(...(Object.keys(doubtTable) as DoubtKind[])),
    severity: fc.constantFrom('marked' as const, 'invalid' as const),
    detail: text,
  }),
)

export const measurement: fc.Arbitrary<Measurement> = partial(
  {
    metrics: list(estimate),
    doubts,
    timing: record({ setUp: number, warmUp: number, measured: number, gaps: number }),
    deviceSeconds: number,
    energyJoules: number,
    repetitions: count,
    requests: count,
    startedAt: number,
    // None at all goes as an absent list.
    harvest: fc.array(record({ outputTokens: count, metrics: list(estimate), doubts }), {
      minLength: 1,
      maxLength: 3,
    }),
  },
  ['energyJoules', 'harvest'],
)

export const sample: fc.Arbitrary<Sample> = partial(
  {
    repetition: count,
    request: count,
    warmUp: fc.boolean(),
    scheduledAt: number,
    sentAt: number,
    firstEventAt: number,
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
  ['error', 'firstEventAt'],
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

const data: fc.Arbitrary<WorkloadData> = partial(
  {
    file: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/),
    format: fc.constantFrom(...dataFormats),
    sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    requests: some,
    input_tokens: some,
    output_tokens: some,
    longest_tokens: some,
    seconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
  },
  ['seconds'],
)

const ramp = record({
  kind: fc.constantFrom('linear' as const, 'exponential' as const),
  from: number,
})

const workload: fc.Arbitrary<Workload> = fc.oneof(
  fc.constant({ kind: 'static-batch' as const }),
  partial({ kind: fc.constant('closed-loop' as const), data }, ['data']),
  record({
    kind: fc.constant('open-loop' as const),
    arrivals: fc.constantFrom('constant' as const, 'poisson' as const, 'trace' as const),
    burstiness: number,
    data,
  }),
  record({
    kind: fc.constant('open-loop' as const),
    arrivals: fc.constant('gamma' as const),
    burstiness: number,
    ramp,
    data,
  }),
  record({
    kind: fc.constant('open-loop' as const),
    arrivals: fc.constantFrom('constant' as const, 'poisson' as const, 'gamma' as const),
    burstiness: number,
  }),
  record({
    kind: fc.constant('open-loop' as const),
    arrivals: fc.constant('poisson' as const),
    burstiness: number,
    ramp,
  }),
)

const order: fc.Arbitrary<TrialOrder> = partial(
  {
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
    harvestOutputTokens: fc.array(count, { minLength: 1, maxLength: 4 }),
  },
  ['harvestOutputTokens'],
)

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
