import type { Sample } from '../../../shared/domain/sample.js'
import { mean, quantile, sorted, standardDeviation } from '../../../shared/stats/quantile.js'
import { definitions } from '../metrics/definitions.js'
import type { DefinitionName } from '../metrics/definitions.js'
import { goodputOf } from '../metrics/goodput.js'
import type { GoodputLimits } from '../metrics/goodput.js'
import { outputTokensOf, requestTimes } from '../metrics/request-times.js'

/** What vllm bench’s names mean in ours. */
export const vllmMetrics = {
  ttft: 'ttft.vllm',
  tpot: 'tpot',
  itl: 'itl.pooled',
  e2el: 'e2e',
} as const satisfies Record<string, DefinitionName>
export type VllmMetric = keyof typeof vllmMetrics

export interface VllmResultOptions {
  readonly date: Date
  /** `openai` or `openai-chat`. */
  readonly backend: string
  readonly label: string | null
  readonly model: string
  readonly tokenizer: string
  readonly promptCount: number
  /** `key=value` pairs of the user’s. */
  readonly metadata: Readonly<Record<string, string>>
  /** Requests per second; Infinity sends them as slots allow. */
  readonly requestRate: number
  readonly rampUp?: {
    readonly strategy: string
    readonly startRps: number | undefined
    readonly endRps: number | undefined
  }
  readonly burstiness: number
  readonly maxConcurrency: number | null
  readonly goodput: GoodputLimits
  readonly metrics: readonly VllmMetric[]
  /** 0..100. */
  readonly percentiles: readonly number[]
  readonly detailed: boolean
}

/** Two digits, as the file names of vllm bench. */
const two = (value: number) => String(value).padStart(2, '0')

/** `20251124-093000`, local time. */
export function vllmDate(date: Date): string {
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`
}

/**
 * The object that `vllm bench serve --save-result` writes (0.33.0), key for key and in its order. Times
 * are milliseconds, those of arrays per request seconds. Failed requests count as in vllm bench: as
 * failed, and nowhere else. Generated texts are not kept, so theirs are empty.
 */
export function vllmResult(
  samples: readonly Sample[],
  options: VllmResultOptions,
): Record<string, unknown> {
  const measured = samples
    .filter((sample) => !sample.warmUp)
    .sort((a, b) => a.repetition - b.repetition || a.request - b.request)
  const good = measured.filter((sample) => requestTimes(sample) !== undefined)
  const seconds = secondsOf(measured)
  const inputs = sum(good.map((sample) => sample.inputTokens ?? sample.inputTokensAsked))
  const outputs = sum(good.map(outputTokensOf))
  const perSecond = (count: number) => (seconds > 0 ? count / seconds : 0)
  const limited = Object.keys(options.goodput).length > 0
  return {
    date: vllmDate(options.date),
    endpoint_type: options.backend,
    backend: options.backend,
    label: options.label,
    model_id: options.model,
    tokenizer_id: options.tokenizer,
    num_prompts: options.promptCount,
    ...options.metadata,
    request_rate: options.requestRate === Infinity ? 'inf' : options.requestRate,
    burstiness: options.burstiness,
    max_concurrency: options.maxConcurrency,
    ...rampUp(options),
    duration: seconds,
    completed: good.length,
    failed: measured.length - good.length,
    total_input_tokens: inputs,
    total_output_tokens: outputs,
    request_throughput: perSecond(good.length),
    request_goodput: limited
      ? goodputOf(measured, options.goodput, seconds).requestsPerSecond
      : null,
    output_throughput: perSecond(outputs),
    total_token_throughput: perSecond(inputs + outputs),
    ...perRequest(measured, options),
    max_output_tokens_per_s: busiestSecond(good),
    max_concurrent_requests: mostInOneSecond(good),
    // Seconds of sound per second: of speech only.
    rtfx: 0,
    ...statistics(good, options),
  }
}

function rampUp({ rampUp: ramp }: VllmResultOptions): Readonly<Record<string, unknown>> {
  if (ramp === undefined) return {}
  return {
    ramp_up_strategy: ramp.strategy,
    ramp_up_start_rps: ramp.startRps ?? null,
    ramp_up_end_rps: ramp.endRps ?? null,
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** From the first send to the last byte of the run. */
export function secondsOf(samples: readonly Sample[]): number {
  let from = Infinity
  let to = -Infinity
  for (const { sentAt, endedAt } of samples) {
    from = Math.min(from, sentAt)
    to = Math.max(to, endedAt)
  }
  return to > from ? to - from : 0
}

function statistics(
  good: readonly Sample[],
  options: VllmResultOptions,
): Readonly<Record<string, number>> {
  const entries = options.metrics.flatMap((metric): [string, number][] => {
    const values = definitions[vllmMetrics[metric]].values(good).map((value) => 1000 * value)
    const ascending = sorted(values)
    return [
      [`mean_${metric}_ms`, values.length === 0 ? 0 : mean(values)],
      [`median_${metric}_ms`, values.length === 0 ? 0 : quantile(ascending, 0.5)],
      [`std_${metric}_ms`, values.length < 2 ? 0 : populationSd(values)],
      ...options.percentiles.map((percentile): [string, number] => [
        `p${percentile}_${metric}_ms`,
        values.length === 0 ? 0 : quantile(ascending, percentile / 100),
      ]),
    ]
  })
  return Object.fromEntries(entries)
}

/** numpy’s default, which vllm bench takes: divides by n. */
const populationSd = (values: readonly number[]) =>
  standardDeviation(values) * Math.sqrt((values.length - 1) / values.length)

const firstSent = (samples: readonly Sample[]) =>
  samples.reduce((least, { sentAt }) => Math.min(least, sentAt), Infinity)

/** Chunks in the best of the run’s seconds, counted from its start: vllm bench’s peak. */
function busiestSecond(samples: readonly Sample[]): number {
  const from = firstSent(samples)
  return highestCount(samples.flatMap(({ chunkAt }) => chunkAt.map((at) => Math.floor(at - from))))
}

/** Requests that were under way at some time of one of those seconds; not all at once, perhaps. */
function mostInOneSecond(samples: readonly Sample[]): number {
  const from = firstSent(samples)
  return highestCount(
    samples.flatMap(({ sentAt, chunkAt }) => {
      const first = Math.floor(sentAt - from)
      const last = Math.floor((chunkAt.at(-1) ?? sentAt) - from)
      return Array.from({ length: last - first + 1 }, (_, second) => first + second)
    }),
  )
}

/** How often the most frequent one occurs. */
function highestCount(seconds: readonly number[]): number {
  const counts = new Map<number, number>()
  let highest = 0
  for (const second of seconds) {
    const count = (counts.get(second) ?? 0) + 1
    counts.set(second, count)
    highest = Math.max(highest, count)
  }
  return highest
}

/**
 * Arrays in seconds; a failed request has zeros, an empty list, its error. Latencies and the waits for a
 * slot are there without --save-detailed, too.
 */
function perRequest(
  samples: readonly Sample[],
  options: VllmResultOptions,
): Readonly<Record<string, unknown>> {
  const times = samples.map((sample) => requestTimes(sample))
  const from = firstSent(samples)
  // Without a rate all requests arrive as the run begins.
  const paced = options.requestRate !== Infinity || options.rampUp !== undefined
  const always = {
    latencies: times.map((each) => each?.e2e ?? 0),
    queue_times: samples.map(({ sentAt, scheduledAt }) => sentAt - (paced ? scheduledAt : from)),
  }
  if (!options.detailed) return always
  return {
    input_lens: samples.map((sample) => sample.inputTokens ?? sample.inputTokensAsked),
    output_lens: samples.map((sample, at) =>
      times[at] === undefined ? 0 : outputTokensOf(sample),
    ),
    ttfts: samples.map(({ firstEventAt, sentAt }, at) =>
      times[at] === undefined
        ? 0
        : firstEventAt === undefined
          ? times[at].ttft
          : firstEventAt - sentAt,
    ),
    itls: samples.map(({ chunkAt }, at) =>
      times[at] === undefined
        ? []
        : chunkAt.slice(1).map((time, chunk) => time - (chunkAt[chunk] as number)),
    ),
    latencies: always.latencies,
    // Python’s perf_counter is the same clock.
    start_times: samples.map(({ sentAt }) => sentAt),
    queue_times: always.queue_times,
    generated_texts: samples.map(() => ''),
    errors: samples.map(({ error }) => error ?? ''),
  }
}
