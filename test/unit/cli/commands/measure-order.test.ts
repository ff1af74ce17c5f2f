import { Command } from 'commander'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withMeasure } from '../../../../cli/commands/measure-options.js'
import type { MeasureOptions } from '../../../../cli/commands/measure-options.js'
import { compileMeasure } from '../../../../cli/commands/measure-order.js'

const quiet = { writeErr: () => undefined, writeOut: () => undefined }

function parse(...flags: string[]): MeasureOptions {
  const command = withMeasure(new Command('measure')).exitOverride().configureOutput(quiet)
  command.parse(['node', 'measure', ...flags])
  return command.opts()
}
const compile = (...flags: string[]) =>
  compileMeasure(parse(...flags), {
    env: { OPENAI_API_KEY: 'secret', OTHER: 'another' },
    workingDirectory: resolve('test/fixtures'),
    stderr: { write: () => undefined },
  })

describe('the flags of vllm bench serve', () => {
  it('are taken as they are written there', () => {
    const options = parse(
      ...[
        '--backend',
        'vllm',
        '--base-url',
        'http://h:1',
        '--model',
        'm',
        '--endpoint',
        '/v1/completions',
      ],
      ...[
        '--max-concurrency',
        '4',
        '--request-rate',
        'inf',
        '--burstiness',
        '0.5',
        '--num-prompts',
        '9',
      ],
      ...['--random-input-len', '7', '--random-output-len', '8', '--ignore-eos', '--seed', '3'],
      ...['--goodput', 'ttft:500', 'tpot:15', 'e2el:2000', '--percentile-metrics', 'ttft,e2el'],
      ...[
        '--metric-percentiles',
        '50,99.9',
        '--save-result',
        '--save-detailed',
        '--metadata',
        'a=1',
        'b=2',
      ],
    )
    expect(options).toMatchObject({
      requestRate: Infinity,
      burstiness: 0.5,
      goodput: { ttft: 0.5, tpot: 0.015, e2el: 2 },
      percentileMetrics: ['ttft', 'e2el'],
      metricPercentiles: [50, 99.9],
      metadata: [
        ['a', '1'],
        ['b', '2'],
      ],
      ignoreEos: true,
    })
  })

  it.each([
    ['--goodput', 'itl:3'],
    ['--request-rate', '0'],
    ['--random-range-ratio', '1'],
    ['--metric-percentiles', '100'],
    ['--percentile-metrics', 'latency'],
    ['--trace-speed', 'inf'],
    ['--metadata', 'nothing'],
    ['--precision', '2'],
  ])('are refused where they make no sense: %s %s', (...flags) => {
    expect(() => parse(...flags)).toThrow(/invalid/)
  })
})

describe('compileMeasure', () => {
  it('sends each request once when nothing else is asked', async () => {
    const order = await compile('--max-concurrency', '4', '--num-prompts', '20')
    expect(order).toMatchObject({ api: 'completions', load: 4, apiKey: 'secret' })
    expect(order.options).toMatchObject({ mayStopEarly: false, listed: { concurrency: 4 } })
    expect(order.options.listed?.requests).toHaveLength(20)
    expect(order.options.listed?.requests.every(({ at }) => at === undefined)).toBe(true)
  })

  it('spreads them over time at a rate, or along a ramp', async () => {
    const times = async (...flags: string[]) =>
      (await compile('--num-prompts', '11', ...flags)).options.listed?.requests.map(({ at }) => at)
    expect((await times('--request-rate', '10', '--burstiness', 'inf'))?.[10]).toBeCloseTo(1, 9)
    const ramp = [
      '--ramp-up-strategy',
      'linear',
      '--ramp-up-start-rps',
      '1',
      '--ramp-up-end-rps',
      '3',
    ]
    expect((await times(...ramp, '--burstiness', 'inf'))?.[1]).toBeCloseTo(1, 9)
  })

  it('measures one configuration to a precision', async () => {
    expect(await compile('--precision', '0.02', '--max-concurrency', '8')).toMatchObject({
      workload: { kind: 'closed-loop' },
      load: 8,
      plan: { precision: 0.02, max_seconds: 60 },
      options: { maximumRequests: Number.MAX_SAFE_INTEGER },
    })
    expect(
      await compile('--precision', '0.02', '--request-rate', '5', '--burstiness', '2'),
    ).toMatchObject({
      workload: { kind: 'open-loop', arrivals: 'gamma', burstiness: 2 },
      load: 5,
    })
    expect(await compile('--static-batch', '6', '--precision', '0.02')).toMatchObject({
      workload: { kind: 'static-batch' },
      load: 6,
      plan: { repetitions: 10_000 },
      options: { everyRepetition: false },
    })
  })

  it('makes every repetition of a batch when no precision is asked', async () => {
    expect(await compile('--static-batch', '6', '--repetitions', '5')).toMatchObject({
      plan: { repetitions: 5 },
      options: { everyRepetition: true },
    })
  })

  it('replays traces at their own times', async () => {
    const flags = ['--dataset-name', 'azure', '--dataset-path', 'traces/azure.csv']
    const order = await compile(...flags, '--trace-speed', '2')
    const requests = order.options.listed?.requests ?? []
    expect(requests).toHaveLength(5)
    expect(requests[1]).toMatchObject({ at: expect.closeTo(2.157, 3) as number, inputTokens: 396 })
  })

  it('takes the chat endpoint by path or backend, and what stands before it', async () => {
    expect((await compile('--endpoint', '/v1/chat/completions')).api).toBe('chat')
    expect((await compile('--backend', 'openai-chat')).api).toBe('chat')
    expect((await compile('--port', '9', '--endpoint', '/llm/v1/completions')).baseUrl).toBe(
      'http://127.0.0.1:9/llm',
    )
  })

  it('takes the key from the variable named', async () => {
    expect((await compile('--api-key-env', 'OTHER')).apiKey).toBe('another')
    expect((await compile('--api-key-env', 'NONE')).apiKey).toBeUndefined()
  })

  it('takes the other flags of vllm bench serve', async () => {
    const order = await compile(
      ...['--input-len', '7', '--output-len', '9', '--model', 'org/m', '--served-model-name', 'm'],
      ...['--temperature', '0.5', '--top-k', '-1', '--extra-body', '{"seed": 3}'],
      ...['--disable-tqdm', '--trust-remote-code', '--tokenizer-mode', 'auto'],
    )
    expect(order).toMatchObject({ inputTokens: 7, outputTokens: 9, model: 'm' })
    expect(order.options.extraBody).toEqual({ temperature: 0.5, top_k: -1, seed: 3 })
    expect((await compile()).options).not.toHaveProperty('extraBody')
  })

  it.each(['[1]', '{', '{"max_tokens": 3}'])('refuses the extra body %s', (body) => {
    expect(() => parse('--extra-body', body)).toThrow(/invalid/)
  })

  it.each<[string, string[], RegExp]>([
    ['a batch at a rate', ['--static-batch', '2', '--request-rate', '5'], /sent at once/],
    ['a batch of prompts', ['--static-batch', '2', '--num-prompts', '5'], /sent at once/],
    ['a port that is none', ['--port', '99999'], /no server at such an address/],
    [
      'a ramp at a rate',
      [
        ...['--ramp-up-strategy', 'linear', '--ramp-up-start-rps', '1', '--ramp-up-end-rps', '2'],
        ...['--request-rate', '3'],
      ],
      /says the rate itself/,
    ],
    ['an address that is none', ['--base-url', 'localhost:8000'], /no server at such an address/],
    ['a precision without a load', ['--precision', '0.1'], /load that can be held/],
    [
      'a precision of a trace',
      ['--precision', '0.1', '--dataset-name', 'azure'],
      /one configuration/,
    ],
    [
      'a batch of drawn lengths',
      ['--static-batch', '2', '--random-range-ratio', '0.5'],
      /one configuration/,
    ],
    [
      'a ramp to a precision',
      ['--precision', '0.1', '--ramp-up-strategy', 'linear'],
      /steady state/,
    ],
    ['half a ramp', ['--ramp-up-strategy', 'linear'], /two ends/],
    ['a data set without its file', ['--dataset-name', 'sharegpt'], /is a file/],
    [
      'a file that is not there',
      ['--dataset-name', 'custom', '--dataset-path', 'no.jsonl'],
      /cannot read/,
    ],
    ['another endpoint', ['--endpoint', '/v1/embeddings'], /no such endpoint/],
  ])('refuses %s', async (_, flags, message) => {
    await expect(compile(...flags)).rejects.toThrow(message)
  })
})
