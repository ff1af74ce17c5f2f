import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rawLines } from '../../../../../agent/run/results/raw-lines.js'
import { vllmResult } from '../../../../../agent/run/results/vllm-result.js'
import type { VllmResultOptions } from '../../../../../agent/run/results/vllm-result.js'
import type { Sample } from '../../../../../shared/domain/sample.js'
import { sampleOf } from '../sample.js'

const options: VllmResultOptions = {
  date: new Date(2026, 10, 24, 9, 5, 7),
  backend: 'openai',
  label: null,
  model: 'org/m',
  tokenizer: 'org/m',
  promptCount: 4,
  metadata: { gpu: 'H100' },
  requestRate: Infinity,
  burstiness: 1,
  maxConcurrency: 2,
  goodput: { ttft: 0.15, tpot: 0.02 },
  metrics: ['ttft', 'tpot', 'itl', 'e2el'],
  percentiles: [50, 99],
  detailed: true,
}
const samples = [
  sampleOf({ request: 0, ttft: 0.1, gap: 0.01, tokens: 5 }),
  sampleOf({ request: 1, sentAt: 0, ttft: 0.2, gap: 0.01, tokens: 5 }),
  sampleOf({ request: 2, sentAt: 0.2, ttft: 0.1, gap: 0, tokens: 1, firstEventAt: 0.25 }),
  sampleOf({
    request: 3,
    sentAt: 0.25,
    chunkAt: [],
    endedAt: 1,
    outcome: 'error',
    error: 'HTTP 500',
  }),
  sampleOf({ request: 9, warmUp: true }),
]

describe('vllmResult', () => {
  const result = vllmResult(samples, options)

  it('has the keys of vllm bench, in its order', () => {
    const latencies = ['ttft', 'tpot', 'itl', 'e2el'].flatMap((metric) =>
      ['mean', 'median', 'std', 'p50', 'p99'].map((statistic) => `${statistic}_${metric}_ms`),
    )
    expect(Object.keys(result)).toEqual([
      ...['date', 'endpoint_type', 'backend', 'label', 'model_id', 'tokenizer_id', 'num_prompts'],
      ...[
        'gpu',
        'request_rate',
        'burstiness',
        'max_concurrency',
        'duration',
        'completed',
        'failed',
      ],
      ...['total_input_tokens', 'total_output_tokens', 'request_throughput', 'request_goodput'],
      ...['output_throughput', 'total_token_throughput'],
      ...['input_lens', 'output_lens', 'ttfts', 'itls', 'latencies', 'start_times', 'queue_times'],
      ...['generated_texts', 'errors', 'max_output_tokens_per_s', 'max_concurrent_requests'],
      'rtfx',
      ...latencies,
    ])
  })

  it('counts as it does', () => {
    expect(result).toMatchObject({
      date: '20261124-090507',
      request_rate: 'inf',
      completed: 3,
      failed: 1,
      duration: 1,
      total_input_tokens: 300,
      total_output_tokens: 11,
      output_throughput: 11,
      total_token_throughput: 311,
      // Two met both limits, the failed one met none; a reply of one token has a tpot of 0.
      request_goodput: 2,
      max_output_tokens_per_s: 11,
      // Those of its first second; never more than two at once.
      max_concurrent_requests: 3,
    })
  })

  it('gives milliseconds of its own definitions', () => {
    const number = (key: string) => result[key] as number
    // The first event counts, not the first text: 50 ms for the third request.
    expect(number('mean_ttft_ms')).toBeCloseTo((100 + 200 + 50) / 3, 6)
    expect(number('median_ttft_ms')).toBeCloseTo(100, 6)
    expect(number('std_ttft_ms')).toBeCloseTo(62.36, 2)
    // Replies of one token have no tpot.
    expect(number('mean_tpot_ms')).toBeCloseTo(10, 6)
    expect(number('p99_e2el_ms')).toBeCloseTo(140 + 0.98 * 100, 6)
  })

  it('gives arrays in seconds, with zeros and the error where a request failed', () => {
    expect(result).toMatchObject({
      output_lens: [5, 5, 1, 0],
      ttfts: [0.1, 0.2, expect.closeTo(0.05, 9), 0],
      start_times: [0, 0, 0.2, 0.25],
      errors: ['', '', '', 'HTTP 500'],
      generated_texts: ['', '', '', ''],
    })
    expect((result.itls as number[][]).map((gaps) => gaps.length)).toEqual([4, 4, 0, 0])
  })

  it('says how the rate changed, and how long requests waited for a slot', () => {
    const rampUp = { strategy: 'linear', startRps: 1, endRps: 5 }
    const waited = [sampleOf({ scheduledAt: -1 }), sampleOf({ request: 1, sentAt: 2 })]
    const brief = { ...options, detailed: false }
    expect(vllmResult(waited, { ...brief, rampUp })).toMatchObject({
      ramp_up_strategy: 'linear',
      ramp_up_start_rps: 1,
      ramp_up_end_rps: 5,
      queue_times: [1, 0],
    })
    // Without a rate all arrive as the run begins.
    expect(vllmResult(waited, brief)).toMatchObject({ queue_times: [0, 2] })
    expect(vllmResult(waited, brief)).not.toHaveProperty('ttfts')
  })

  it('survives a run in which nothing succeeded', () => {
    const failed = samples.slice(3, 4)
    expect(vllmResult(failed, { ...options, detailed: false, goodput: {} })).toMatchObject({
      completed: 0,
      failed: 1,
      mean_ttft_ms: 0,
      p99_itl_ms: 0,
      request_goodput: null,
    })
  })
})

/** What vLLM’s own code makes of requests (test/fixtures/vllm-result/SOURCE.md). */
interface Oracle {
  readonly requests: readonly {
    readonly scheduled: number
    readonly start: number
    readonly ttft: number
    readonly itl: readonly number[]
    readonly input: number
    readonly output: number
    readonly error: string
  }[]
  readonly goodput_ms: Readonly<Record<string, number>>
  readonly percentiles: readonly number[]
  readonly result: Readonly<Record<string, unknown>>
}

describe('the result beside that of vLLM’s own code', () => {
  const oracle = JSON.parse(
    readFileSync('test/fixtures/vllm-result/serve-0.33.0.json', 'utf8'),
  ) as Oracle
  const measured = oracle.requests.map((each, request): Sample => {
    const ok = each.error === ''
    const chunkAt = ok ? [each.start + each.ttft] : []
    for (const gap of ok ? each.itl : []) chunkAt.push((chunkAt.at(-1) ?? 0) + gap)
    return sampleOf({
      request,
      scheduledAt: each.scheduled,
      sentAt: each.start,
      chunkAt,
      chunkTokens: chunkAt.map(() => 1),
      endedAt: chunkAt.at(-1) ?? each.start,
      inputTokens: each.input,
      outputTokens: each.output,
      outcome: ok ? 'ok' : 'error',
      ...(ok ? {} : { error: each.error }),
    })
  })
  const seconds = Object.entries(oracle.goodput_ms).map(([name, limit]) => [name, limit / 1000])
  const result = vllmResult(measured, {
    ...options,
    requestRate: 9,
    goodput: Object.fromEntries(seconds) as VllmResultOptions['goodput'],
    percentiles: oracle.percentiles,
  })

  it('has the same keys in the same order', () => {
    const theirs = Object.keys(oracle.result)
    expect(Object.keys(result).slice(-theirs.length)).toEqual(theirs)
  })

  it.each(Object.keys(oracle.result))('%s', (key) => {
    const theirs = [oracle.result[key]].flat(2)
    const ours = [result[key]].flat(2)
    expect(ours).toHaveLength(theirs.length)
    for (const [at, value] of theirs.entries()) {
      if (typeof value === 'number') expect(ours[at]).toBeCloseTo(value, 8)
      else expect(ours[at]).toBe(value)
    }
  })
})

describe('rawLines', () => {
  it('gives CLOCK_MONOTONIC nanoseconds', () => {
    const [head, line] = [...rawLines([sampleOf({ sentAt: 12345.5, tokens: 2 })], { model: 'm' })]
    expect(JSON.parse(head ?? '')).toEqual({ clock: 'CLOCK_MONOTONIC', unit: 'ns', model: 'm' })
    expect(JSON.parse(line ?? '')).toMatchObject({
      sent: 12_345_500_000_000,
      chunks: [12_345_600_000_000, 12_345_610_000_000],
      outcome: 'ok',
    })
  })
})
