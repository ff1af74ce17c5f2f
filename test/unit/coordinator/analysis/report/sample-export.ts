import type { Configuration } from '../../../../../shared/domain/configuration.js'
import type {
  Interval,
  MetricAccuracy,
  SweepStatus,
} from '../../../../../shared/domain/meta-metrics.js'
import type {
  ExportPart,
  SurfaceRow,
  TrialRecord,
} from '../../../../../shared/domain/sweep-desk.js'

export const sweepText = `name: sample
model: org/model
engines:
  - {kind: simulated}
space:
  batch_size: {range: [1, 32]}
  input_tokens: [128, 512, 2048]
  output_tokens: [64, 256]
metrics: [e2e, output_throughput]
strategy: {kind: adaptive, seed: 7}
`

const around = (value: number, share: number): Interval => ({
  value,
  low: value * (1 - share),
  high: value * (1 + share),
})

const claim = (
  metric: MetricAccuracy['metric'],
  value: number,
  calibrated: boolean,
): MetricAccuracy => ({
  metric,
  calibrated,
  why: calibrated ? '12 audits' : '3 of 6 audits',
  accuracy: { value, low: value - 0.02, high: value + 0.01 },
  within5: { value: 0.8, low: 0.7, high: 0.9 },
  p95Error: { value: 0.11, low: 0.08, high: 0.15 },
  bias: { value: -0.004, low: -0.01, high: 0.002 },
  noiseFloor: 0.012,
  coverage: 0.91,
})

const e2eSeconds = ({ load, inputTokens, outputTokens }: Configuration): number =>
  outputTokens * (0.004 + load * 0.0003) + inputTokens * load * 2e-5

function rowOf(index: number, configuration: Configuration): SurfaceRow {
  const { load, outputTokens } = configuration
  const measured = index % 11 === 0
  const share = measured ? 0.01 : 0.03 + 0.004 * (index % 11)
  const seconds = e2eSeconds(configuration)
  return {
    index,
    configuration,
    measured,
    feasible: load * configuration.inputTokens > 50_000 ? 0.1 : 1,
    estimates: {
      e2e: around(seconds, share),
      output_throughput: around((load * outputTokens) / seconds, share),
    },
  }
}

export const sampleRows: readonly SurfaceRow[] = [64, 256].flatMap((outputTokens, o) =>
  [128, 512, 2048].flatMap((inputTokens, i) =>
    Array.from({ length: 32 }, (_, k) =>
      rowOf((o * 3 + i) * 32 + k, {
        model: 'org/model',
        engine: 'simulated',
        engineArgs: {},
        hardware: 'cpu',
        tensorParallel: 1,
        load: k + 1,
        inputTokens,
        outputTokens,
      }),
    ),
  ),
)

const measuredAt = (index: number): number => 1_700_000_000_000 + 10 * index

const sampleTrials: readonly TrialRecord[] = sampleRows
  .filter(({ measured }) => measured)
  .map(({ index, configuration }) => {
    const seconds = e2eSeconds(configuration)
    return {
      trialId: `t-${index}`,
      configuration,
      purpose: index % 33 === 0 ? 'audit' : 'explore',
      state: 'SUCCEEDED',
      reason: '',
      attempt: 1,
      agent: 'agent-1',
      endedAt: measuredAt(index) + 1,
      measurement: {
        metrics: [
          {
            metric: 'e2e',
            ...around(seconds, 0.01),
            confidence: 0.9,
            relativeSd: 0.01,
            count: 3,
            percentiles: { p50: seconds },
          },
        ],
        doubts:
          index === 11
            ? [{ kind: 'host_busy', severity: 'marked', detail: '31 % busy, above 20 %' }]
            : [],
        timing: { setUp: 0.1, warmUp: seconds, measured: 3 * seconds, gaps: 0.2 },
        deviceSeconds: 4 * seconds + 0.3,
        repetitions: 3,
        requests: 3 * configuration.load,
        startedAt: measuredAt(index),
      },
    }
  })

/** A finished sweep of 192 configurations; e2e is calibrated, output_throughput is not yet. */
export const sampleExport: readonly ExportPart[] = [
  { kind: 'text', text: sweepText },
  {
    kind: 'environment',
    json: JSON.stringify([{ agent: 'agent-1', environment: { cpuModel: 'CPU <b>9</b>' } }]),
  },
  {
    kind: 'status',
    status: {
      sweep: {
        sweepId: 's-1',
        name: 'sample',
        state: 'COMPLETED',
        reason: 'the goal is reached',
        createdAt: Date.UTC(2025, 0, 2, 3, 4, 5),
      },
      configurations: 192,
      measured: 18,
      audits: 6,
      infeasible: 1,
      failed: 0,
      pending: 0,
      invalid: 2,
      accuracy: [claim('e2e', 0.968, true), claim('output_throughput', 0.951, false)],
      spent: {
        deviceSeconds: 150,
        setUp: 10,
        warmUp: 30,
        measured: 100,
        gaps: 10,
        makespan: 160,
      },
      fullGridDeviceSeconds: { value: 2235, low: 2000, high: 2500 },
      gain: { value: 14.9, low: 13.3, high: 16.7 },
      goalAccuracy: 0.95,
      goalReached: true,
      agents: [],
      changes: [],
      nodes: [],
      verifyOrdered: 0,
      verifyMeasured: 0,
    },
  },
  ...[40, 90, 150].map((deviceSeconds, k): ExportPart => ({
    kind: 'curve',
    point: {
      deviceSeconds,
      measured: 6 * (k + 1),
      accuracy: [
        claim('e2e', 0.92 + 0.024 * k, true),
        claim('output_throughput', 0.9 + 0.02 * k, false),
      ],
    },
  })),
  ...sampleTrials.map((trial): ExportPart => ({ kind: 'trial', trial })),
  { kind: 'surface', rows: sampleRows },
]

export const sampleVerification: ExportPart = {
  kind: 'verification',
  verification: {
    sampled: 40,
    of: 192,
    metrics: [
      {
        metric: 'e2e',
        claimedAccuracy: { value: 0.968, low: 0.948, high: 0.978 },
        trueAccuracy: { value: 0.9612, low: 0.9551, high: 0.968 },
        trueWithin5: 0.82,
        trueP95Error: 0.104,
        trueBias: -0.006,
        insideClaim: true,
      },
    ],
    referenceDeviceSeconds: 470,
    sweepDeviceSeconds: 150,
    trueGain: { value: 15.1, low: 14.2, high: 16 },
  },
}

/** What the sample says of itself once it decides, and agent-1 became slower from its fourth trial on. */
export const harvest: NonNullable<SweepStatus['harvest']> = {
  harvested: 84,
  checks: 3,
  trusted: true,
  biases: [{ metric: 'e2e', bias: { value: 0.004, low: -0.002, high: 0.01 }, distrusted: false }],
}

export const decidedAndStepped: Pick<SweepStatus, 'decision' | 'changes'> = {
  decision: {
    objective: 'device-seconds',
    chosen: '1 x cpu, batch 8',
    probability: 0.91,
    wanted: 0.95,
    tolerance: 0.01,
    meetsProbability: 0.99,
    challenger: '1 x cpu, batch 9',
  },
  changes: [
    {
      agent: 'agent-1',
      after: measuredAt(22),
      by: measuredAt(33),
      before: 3,
      since: 15,
      suspect: 'before',
      shifts: [{ metric: 'e2e', ratio: { value: 1.1, low: 1.08, high: 1.13 } }],
    },
  ],
}
