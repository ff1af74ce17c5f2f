import type { Sample } from '../../../shared/domain/sample.js'
import { outputTokensOf, requestTimes } from './request-times.js'
import type { RequestTimes } from './request-times.js'

/**
 * Every definition of a latency that a tool of the field uses, by name, from the same raw samples:
 * one function per definition. Tools give different quantities the same name; here the name says
 * whose it is. docs/METRICS.md explains them.
 */
export interface Definition {
  readonly unit: 's' | 's/tok' | 'tok/s' | 'tok'
  /** What it is, and which tools mean it. */
  readonly text: string
  /** The population that mean and percentiles are taken over; failed requests give nothing. */
  readonly values: (samples: readonly Sample[]) => number[]
}

/** One value per successful request; undefined where the request has none. */
function perRequest(
  value: (times: RequestTimes, sample: Sample) => number | undefined,
): Definition['values'] {
  return (samples) =>
    samples.flatMap((sample) => {
      const times = requestTimes(sample)
      const found = times === undefined ? undefined : value(times, sample)
      return found === undefined ? [] : [found]
    })
}

const afterFirst = ({ tokens }: RequestTimes) => (tokens > 1 ? tokens - 1 : undefined)

function perLaterToken(times: RequestTimes): number | undefined {
  const later = afterFirst(times)
  return later === undefined ? undefined : (times.e2e - times.ttft) / later
}

/** Gaps between consecutive chunks of one request. */
function gapsOf(sample: Sample): number[] {
  return sample.chunkAt.slice(1).map((at, index) => at - (sample.chunkAt[index] as number))
}

const successful = (samples: readonly Sample[]) =>
  samples.filter((sample) => requestTimes(sample) !== undefined)

/** sum of (last - first token time) / sum of (n - 1); undefined when no request has two tokens. */
export function tokenWeightedItl(samples: readonly Sample[]): number | undefined {
  let seconds = 0
  let gaps = 0
  for (const sample of samples) {
    const times = requestTimes(sample)
    if (times === undefined || times.tokens < 2) continue
    seconds += times.e2e - times.ttft
    gaps += times.tokens - 1
  }
  return gaps === 0 ? undefined : seconds / gaps
}

export const definitions = {
  ttft: {
    unit: 's',
    text: 'First non-empty chunk - sent (AIPerf, inference-perf).',
    values: perRequest(({ ttft }) => ttft),
  },
  'ttft.vllm': {
    unit: 's',
    text: 'First event of the stream, its text may be empty - sent (vllm bench).',
    values: perRequest(({ ttft }, { firstEventAt, sentAt }) =>
      firstEventAt === undefined ? ttft : firstEventAt - sentAt,
    ),
  },
  'ttft.scheduled': {
    unit: 's',
    text: 'First non-empty chunk - intended send time: counts what the client’s own lateness hides.',
    values: perRequest(({ ttft }, { sentAt, scheduledAt }) => ttft + sentAt - scheduledAt),
  },
  second_token: {
    unit: 's',
    text: 'Second chunk - first chunk (AIPerf time_to_second_token).',
    values: perRequest((_, sample) => gapsOf(sample)[0]),
  },
  e2e: {
    unit: 's',
    text: 'Last token - sent.',
    values: perRequest(({ e2e }) => e2e),
  },
  'e2e.last_byte': {
    unit: 's',
    text: 'Last byte of the answer - sent (vllm bench: e2el).',
    values: perRequest((_, { sentAt, endedAt }) => endedAt - sentAt),
  },
  'e2e.scheduled': {
    unit: 's',
    text: 'Last token - intended send time.',
    values: perRequest(({ e2e }, { sentAt, scheduledAt }) => e2e + sentAt - scheduledAt),
  },
  tpot: {
    unit: 's/tok',
    text: '(e2e - ttft) / (n - 1) per request.',
    values: perRequest(perLaterToken),
  },
  'tpot.vllm': {
    unit: 's/tok',
    text: '(e2e - ttft) / (n - 1) per request, 0 for one token (vllm bench, SGLang bench_serving).',
    values: perRequest((times) => perLaterToken(times) ?? 0),
  },
  'tpot.guidellm': {
    unit: 's/tok',
    text: '(last token - sent) / n: includes the first token (guidellm time_per_output_token_ms).',
    values: perRequest(({ e2e, tokens }) => (tokens > 0 ? e2e / tokens : undefined)),
  },
  'tpot.normalized': {
    unit: 's/tok',
    text: 'Whole request / n (inference-perf normalized_time_per_output_token).',
    values: perRequest((times, { sentAt, endedAt }) =>
      times.tokens > 0 ? (endedAt - sentAt) / times.tokens : undefined,
    ),
  },
  'itl.token_weighted': {
    unit: 's/tok',
    text: 'Sum of (last - first) / sum of (n - 1) over requests: ours, and guidellm’s mean.',
    values: (samples) => {
      const value = tokenWeightedItl(samples)
      return value === undefined ? [] : [value]
    },
  },
  'itl.request_mean': {
    unit: 's/tok',
    text: '(last - first) / (n - 1) per request (AIPerf inter_token_latency, HF benchmarker).',
    values: perRequest(perLaterToken),
  },
  'itl.pooled': {
    unit: 's',
    text: 'Gaps between chunks, pooled over requests (vllm bench itl, AIPerf inter_chunk_latency).',
    values: (samples) => successful(samples).flatMap(gapsOf),
  },
  'itl.sglang': {
    unit: 's',
    text: 'Gaps between chunks over the chunk’s tokens, once per token (SGLang bench_serving).',
    values: (samples) =>
      successful(samples).flatMap((sample) =>
        gapsOf(sample).flatMap((gap, index) => {
          const tokens = sample.chunkTokens[index + 1] ?? 1
          return Array.from({ length: tokens }, () => gap / tokens)
        }),
      ),
  },
  'itl.llmperf': {
    unit: 's/tok',
    text: 'Sum of all gaps, the first token’s included / n (llmperf inter_token_latency_s).',
    values: perRequest(({ e2e, tokens }) => (tokens > 0 ? e2e / tokens : undefined)),
  },
  'per_user_throughput.decode': {
    unit: 'tok/s',
    text: '1 / tpot per request (AIPerf output_token_throughput_per_user, InferenceX intvty).',
    values: perRequest((times) => {
      const each = perLaterToken(times)
      return each === undefined || each <= 0 ? undefined : 1 / each
    }),
  },
  'per_user_throughput.e2e': {
    unit: 'tok/s',
    text: 'n / e2e per request (AIPerf e2e_output_token_throughput, llmperf).',
    values: perRequest(({ e2e, tokens }) => (e2e > 0 ? tokens / e2e : undefined)),
  },
  schedule_lag: {
    unit: 's',
    text: 'Sent - intended send time.',
    values: (samples) => samples.map(({ sentAt, scheduledAt }) => sentAt - scheduledAt),
  },
  output_tokens: {
    unit: 'tok',
    text: 'Output tokens per request: the server’s usage, else chunks.',
    values: (samples) => successful(samples).map(outputTokensOf),
  },
} as const satisfies Record<string, Definition>

export type DefinitionName = keyof typeof definitions
