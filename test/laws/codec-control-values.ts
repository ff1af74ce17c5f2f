import fc from 'fast-check'
import type {
  AgentStatus,
  Interval,
  MetricAccuracy,
  SweepStatus,
  SweepSummary,
} from '../../shared/domain/meta-metrics.js'
import type {
  ExportPart,
  SurfaceRow,
  TrialRecord,
  WatchEvent,
} from '../../shared/domain/sweep-desk.js'
import { sweepStates, trialStates } from '../../shared/domain/trial.js'
import { measurement } from './codec-agent-values.js'
import {
  activity,
  configuration,
  count,
  list,
  metric,
  number,
  partial,
  record,
  text,
} from './codec-parts.js'

/** Arbitrary values of what a coordinator tells those who steer it. */

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
    data: fc.array(text, { minLength: 1, maxLength: 3 }),
  },
  ['trialId', 'utilizationPercent', 'memoryBytes', 'powerWatts', 'data'],
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
    changes: list(
      partial<SweepStatus['changes'][number]>(
        {
          agent: text,
          after: count,
          by: count,
          before: count,
          since: count,
          suspect: fc.constantFrom('before' as const, 'since' as const),
          shifts: list(fc.record({ metric, ratio: interval }, { noNullPrototype: true })),
        },
        ['agent'],
      ),
    ),
    nodes: list(
      record({
        agent: text,
        hardware: text,
        trials: count,
        ratios: list(fc.record({ metric, ratio: interval }, { noNullPrototype: true })),
      }),
    ),
    harvest: record({
      harvested: count,
      checks: count,
      trusted: fc.boolean(),
      biases: list(record({ metric, bias: interval, distrusted: fc.boolean() })),
    }),
    past: record({
      origins: list(record({ origin: text, rows: count })),
      metrics: list(
        record({
          ...{ metric, used: fc.boolean(), forecasts: count },
          ...{ errorWith: number, errorWithout: number },
        }),
      ),
    }),
    decision: partial<NonNullable<SweepStatus['decision']>>(
      {
        objective: text,
        chosen: text,
        probability: number,
        wanted: number,
        tolerance: number,
        meetsProbability: number,
        expectedRegret: number,
        regretAtMost: number,
        regretAllowed: number,
        challenger: text,
        excessAtMost: number,
        alternative: partial<NonNullable<NonNullable<SweepStatus['decision']>['alternative']>>(
          {
            deployment: text,
            meetsProbability: number,
            excessAtMost: number,
            costRatio: number,
          },
          ['costRatio'],
        ),
      },
      [
        'chosen',
        'meetsProbability',
        'expectedRegret',
        'regretAtMost',
        'regretAllowed',
        'challenger',
        'excessAtMost',
        'alternative',
      ],
    ),
  },
  ['etaSeconds', 'decision', 'harvest', 'past'],
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
      partial<SurfaceRow>(
        {
          index: count,
          configuration,
          measured: fc.boolean(),
          harvested: fc.constant(true),
          feasible: number,
          estimates: fc.dictionary(metric, interval, { maxKeys: 4, noNullPrototype: true }),
        },
        ['harvested'],
      ),
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
