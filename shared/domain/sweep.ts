import { z } from 'zod'
import { metricNames } from './metric.js'
import { workloadData } from './workload-data.js'
import type { WorkloadData } from './workload-data.js'

/**
 * The sweep file: what a user writes, checked key by key. `parseSweep` (sweep-file.ts) turns text
 * into a compiled {@link Sweep}; only compiled sweeps travel inside.
 */

const scalar = z.union([z.string(), z.number(), z.boolean()])
const oneOrMany = <T extends z.ZodType>(item: T) => z.union([item, z.array(item)])

const wholeTokens = z.int('expected a whole number').min(1, 'expected 1 or more')

const axis = z.union([
  wholeTokens,
  z.array(wholeTokens).min(1, 'expected at least one value'),
  z.strictObject({
    range: z
      .tuple([wholeTokens, wholeTokens])
      .refine(([low, high]) => low <= high, 'expected [low, high] with low <= high'),
    step: wholeTokens.optional(),
  }),
  z.strictObject({
    powers_of_two: z
      .tuple([wholeTokens, wholeTokens])
      .refine(([low, high]) => low <= high, 'expected [low, high] with low <= high'),
  }),
])
export type AxisInput = z.infer<typeof axis>

const rateAxis = z.union([
  z.number().positive('expected a rate above 0'),
  z.array(z.number().positive('expected a rate above 0')).min(1, 'expected at least one value'),
])

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'expected lower-case letters, digits, . _ - (at most 63)')

/** Seconds, or a duration in words; seconds inside. */
export const seconds = z
  .union([z.number().positive('expected a duration above 0'), z.string()])
  .transform((value, context) => {
    if (typeof value === 'number') return value
    const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(value.trim())
    const factor = { ms: 0.001, s: 1, m: 60, h: 3600 }[match?.[2] ?? '']
    if (match?.[1] === undefined || factor === undefined || Number(match[1]) <= 0) {
      context.addIssue('expected seconds, or a duration such as 500ms, 30s, 10m, 2h')
      return z.NEVER
    }
    return Number(match[1]) * factor
  })

const engine = z.strictObject({
  kind: z.enum(
    [
      'embedded',
      'openai',
      'simulated',
      'recorded',
      'vllm',
      'sglang',
      'llama-server',
      'tgi',
      'trtllm',
      'command',
    ],
    'expected embedded, openai, simulated, recorded, vllm, sglang, llama-server, tgi, trtllm or command',
  ),
  /** Tells two engines of one kind apart. */
  name: name.optional(),
  /** A list is an axis: one block per value. */
  args: z.record(z.string(), oneOrMany(scalar)).default({}),
})

const share = z.number().gt(0, 'expected a number above 0').lt(1, 'expected a number below 1')

/** A rate that grows over the trial up to `request_rate`. */
const ramp = z.strictObject({
  kind: z.enum(['linear', 'exponential'], 'expected linear or exponential').default('linear'),
  /** Where it begins, as a share of `request_rate`. */
  from: share,
})
export type RateRamp = z.output<typeof ramp>

const workload = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('static-batch') }),
  z.strictObject({ kind: z.literal('closed-loop'), data: workloadData.optional() }),
  z.strictObject({
    kind: z.literal('open-loop'),
    /** `trace`: as recorded in `data`, stretched to the mean rate that is asked. */
    arrivals: z.enum(['constant', 'poisson', 'gamma', 'trace']).default('poisson'),
    burstiness: z.number().positive('expected a number above 0').default(1),
    ramp: ramp.optional(),
    data: workloadData.optional(),
  }),
])

const percentile = z.enum(['p50', 'p90', 'p95', 'p99'])
const slo = z.partialRecord(percentile, seconds)

export const strategyNames = [
  'adaptive',
  'full-grid',
  'powers-of-two',
  'octaves',
  'short-output',
  'random',
  'random-per-cost',
  'latin-hypercube',
  'sobol',
  'simplex',
  'max-variance',
  'custom',
] as const
export type StrategyName = (typeof strategyNames)[number]

/** What a decision makes as small as possible, per output token. */
export const decisionObjectives = ['device-seconds', 'usd', 'user-seconds'] as const
export type DecisionObjective = (typeof decisionObjectives)[number]

const decision = z.strictObject({
  /** `usd` where every hardware class has a price, else `device-seconds`, when left out. */
  objective: z
    .enum(decisionObjectives, `expected one of ${decisionObjectives.join(', ')}`)
    .optional(),
  /** Lengths of the requests to be served; every one of the space, equally often, when left out. */
  input_tokens: wholeTokens.optional(),
  output_tokens: wholeTokens.optional(),
  /** That nothing better than the chosen deployment is missed. */
  probability: share.default(0.95),
  /** Relative cost by which two deployments count as equally good. */
  tolerance: z
    .number()
    .min(0, 'expected 0 or more')
    .lt(1, 'expected a number below 1')
    .default(0.01),
})

export const sweepSchema = z.strictObject({
  name,
  model: oneOrMany(z.string().min(1, 'expected a model name or path')),
  engines: z.array(engine).min(1, 'expected at least one engine'),
  space: z.strictObject({
    batch_size: axis.optional(),
    concurrency: axis.optional(),
    request_rate: rateAxis.optional(),
    /** Of a trace, instead of `request_rate`: 2 replays it twice as fast as it was recorded. */
    speedup: rateAxis.optional(),
    /** Both unless `workload.data` says how long requests are. */
    input_tokens: axis.optional(),
    output_tokens: axis.optional(),
    tensor_parallel: axis.default(1),
    hardware: oneOrMany(z.string().min(1)).optional(),
    where: z.string().min(1).optional(),
  }),
  workload: workload.default({ kind: 'static-batch' }),
  /** What counts more in accuracy, or less: the first `where` that holds; 1 where none does. */
  weights: z
    .array(
      z.strictObject({
        where: z.string().min(1),
        weight: z
          .number()
          .gt(0, 'expected a number above 0; leave configurations out with space.where')
          .max(1000, 'expected 1000 or less'),
      }),
    )
    .optional(),
  metrics: z
    .array(z.enum(metricNames, `expected one of ${metricNames.join(', ')}`))
    .min(1, 'expected at least one metric')
    .default(['ttft', 'itl', 'output_throughput']),
  strategy: z
    .strictObject({
      kind: z
        .enum(strategyNames, `expected one of ${strategyNames.join(', ')}`)
        .default('adaptive'),
      seed: z.int().min(0).default(1),
      /** Share of the budget spent on uniformly random audits; 0: nothing is claimed, so no goal stops the sweep. */
      audit_share: z
        .number()
        .min(0, 'expected 0 or more')
        .lt(1, 'expected a number below 1')
        .default(0.2),
      /** Share of the budget that anchors may take: a few configurations that every agent measures again by the hour; 0: none. */
      anchor_share: z
        .number()
        .min(0, 'expected 0 or more')
        .max(0.5, 'expected at most 0.5')
        .default(0.05),
      /** Shorter outputs are taken from longer runs too (shared/domain/harvest.ts); not unless asked for. */
      harvest: z.boolean().optional(),
      /** `custom` only: configuration keys or axis values, in order. */
      points: z.array(z.record(z.string(), scalar)).optional(),
    })
    .default({ kind: 'adaptive', seed: 1, audit_share: 0.2, anchor_share: 0.05 }),
  goal: z
    .strictObject({
      accuracy: share.default(0.95),
      confidence: share.default(0.9),
      /** Also a relative error that 95 of 100 configurations stay below, such as 0.1. */
      p95_error: share.optional(),
      /** Which deployment is best under `slo` and `prices`, as a goal beside accuracy. */
      decision: decision.optional(),
    })
    .default({ accuracy: 0.95, confidence: 0.9 }),
  budget: z
    .strictObject({
      device_hours: z.number().positive('expected hours above 0').optional(),
      cost_usd: z.number().positive('expected USD above 0').optional(),
      trials: z.int().min(1).optional(),
      wall_time: seconds.optional(),
    })
    .default({}),
  /** What the sweep knows before it begins. */
  knowledge: z
    .strictObject({
      /** Earlier sweeps of the coordinator: none unless asked for, those most like it, or these. */
      past: z.union(
        [z.enum(['auto', 'none']), z.array(z.string().min(1)).min(1)],
        'expected auto, none or a list of sweeps',
      ),
    })
    .optional(),
  /** Share of the agents beside other sweeps of the coordinator: 2 gets twice what 1 gets. */
  priority: z.int().min(1, 'expected 1 to 100').max(100, 'expected 1 to 100').optional(),
  /** How one trial measures. */
  measurement: z
    .strictObject({
      warmups: z.int().min(0).default(1),
      repetitions: z.int().min(1).default(3),
      /** Half-width of each metric’s interval, relative, at which repetition may stop early. */
      precision: share.default(0.05),
      max_seconds: seconds.default(60),
      request_timeout: seconds.default(120),
    })
    .default({
      warmups: 1,
      repetitions: 3,
      precision: 0.05,
      max_seconds: 60,
      request_timeout: 120,
    }),
  slo: z
    .strictObject({
      ttft: slo.optional(),
      itl: slo.optional(),
      tpot: slo.optional(),
      e2e: slo.optional(),
    })
    .optional(),
  /** USD per device-hour by hardware class. */
  prices: z.record(z.string(), z.number().min(0, 'expected USD of 0 or more')).default({}),
})

export type SweepInput = z.input<typeof sweepSchema>

/** A file as it was written, checked key by key. */
export type SweepFile = z.output<typeof sweepSchema>

/** A checked sweep: every default applied, durations in seconds, what data says among the axes. */
export type Sweep = Omit<SweepFile, 'space'> & {
  space: Omit<SweepFile['space'], 'speedup' | 'input_tokens' | 'output_tokens'> & {
    input_tokens: AxisInput
    output_tokens: AxisInput
  }
}
export type Workload = Sweep['workload']
export type EngineSpec = Sweep['engines'][number]
export type EngineKind = EngineSpec['kind']
export type MeasurementPlan = Sweep['measurement']

/** The axis that `Configuration.load` stands for under a workload. */
export function loadAxis(workload: Workload): 'batch_size' | 'concurrency' | 'request_rate' {
  switch (workload.kind) {
    case 'static-batch':
      return 'batch_size'
    case 'closed-loop':
      return 'concurrency'
    case 'open-loop':
      return 'request_rate'
  }
}

/** The data file that a workload takes its requests from, if it does. */
export const dataOf = (workload: Workload): WorkloadData | undefined =>
  workload.kind === 'static-batch' ? undefined : workload.data

/** Do requests leave as a trace recorded them. */
export const replays = (workload: Workload): boolean =>
  workload.kind === 'open-loop' && workload.arrivals === 'trace'

/** Tokens of the longest request of a configuration. */
export const longestRequest = (
  workload: Workload,
  { inputTokens, outputTokens }: { readonly inputTokens: number; readonly outputTokens: number },
): number => dataOf(workload)?.longest_tokens ?? inputTokens + outputTokens

/** Requests that an engine is made ready for where nobody knows how many there will be at once. */
const openLoopSlots = 32

/** Requests that an engine must be able to serve at once: the load, unless that is a rate. */
export const requestsAtOnce = (workload: Workload, load: number): number =>
  workload.kind === 'open-loop' ? openLoopSlots : load

/** How an engine is named inside configurations: its kind, or `kind:name`. */
export function engineId(spec: EngineSpec): string {
  return spec.name === undefined ? spec.kind : `${spec.kind}:${spec.name}`
}

/** The engine kind inside an engine id. */
export function engineKindOf(id: string): string {
  return id.split(':', 1)[0] ?? id
}
