import { describe, expect, it } from 'vitest'
import { figure, fixtureText, readFixture, readText, thrownBy } from './read-fixture.js'

const single = 'vllm/openai-infqps-concurrency16-tiny-8b-20251124-101500.json'
const sweepRun =
  'vllm/sweep/BENCH--max_concurrency=4-random_input_len=256-random_output_len=64/run=1.json'

type Json = Record<string, unknown>
const change = (path: string, changes: Json): string =>
  JSON.stringify({ ...(JSON.parse(fixtureText(path)) as Json), ...changes })

describe('a result of vllm bench serve', () => {
  it('gives milliseconds as seconds, each figure under the definition of vllm', () => {
    const { format, records, problems } = readFixture(single)
    expect(format.name).toBe('vllm')
    expect(problems).toEqual([])
    expect(records).toHaveLength(1)
    const json = JSON.parse(fixtureText(single)) as Record<string, number>
    const [record] = records
    expect(record?.workload).toBe('closed-loop')
    expect(record?.configuration).toEqual({
      engineArgs: {},
      model: 'org/tiny-8b',
      load: 16,
      inputTokens: 1024,
      outputTokens: 128,
    })
    expect(figure(record, 'ttft.vllm', 'median')).toBeCloseTo((json.median_ttft_ms ?? 0) / 1000, 12)
    expect(figure(record, 'tpot', 'p99')).toBeCloseTo((json.p99_tpot_ms ?? 0) / 1000, 12)
    expect(figure(record, 'e2e', 'mean')).toBeCloseTo((json.mean_e2el_ms ?? 0) / 1000, 12)
    expect(figure(record, 'output_throughput', 'total')).toBe(json.output_throughput)
    expect(record?.cost).toEqual({ seconds: json.duration, basis: 'whole run' })
  })

  it('keeps its ITL as pooled gaps, never as ours', () => {
    const [record] = readFixture(single).records
    expect(figure(record, 'itl.pooled', 'median')).toBeGreaterThan(0)
    expect(record?.metrics.some(({ definition }) => definition === 'itl.token_weighted')).toBe(
      false,
    )
  })

  it('computes the token-weighted ITL where every gap was saved', () => {
    const [record] = readFixture('vllm/detailed.json').records
    // (0.033 + 0.021 + 0.009) s over (3 + 2 + 1) later tokens
    expect(figure(record, 'itl.token_weighted', 'mean')).toBeCloseTo(0.063 / 6, 12)
  })

  it('knows a sweep’s overrides and repetitions, and the axes among them', () => {
    const [record] = readFixture(sweepRun).records
    expect(record?.repetition).toBe(1)
    expect(record?.configuration).toMatchObject({
      load: 4,
      inputTokens: 256,
      outputTokens: 64,
      tensorParallel: 1,
      engineArgs: {},
    })
    const more = readText(
      change(sweepRun, {
        'gpu-memory-utilization': 0.8,
        'tensor-parallel-size': 2,
        tensor_parallel_size: undefined,
      }),
    )
    expect(more.records[0]?.configuration).toMatchObject({
      tensorParallel: 2,
      engineArgs: { 'gpu-memory-utilization': 0.8 },
    })
  })

  it('leaves a sweep’s warm-up out and says so', () => {
    const error = thrownBy(() => readText(change(sweepRun, { run_number: -1 })))
    expect(error.code).toBe('CONVERSION_REFUSED')
    expect(error.problems[0]).toMatchObject({ field: 'run_number', value: '-1' })
  })

  it('calls a finite request rate an open loop', () => {
    const [record] = readText(change(single, { request_rate: 4.5 })).records
    expect(record?.workload).toBe('open-loop')
    expect(record?.configuration.load).toBe(4.5)
  })

  it('has no load where nothing bounded the concurrency', () => {
    const [record] = readText(change(single, { max_concurrency: null })).records
    expect(record?.configuration).not.toHaveProperty('load')
  })

  it('says when requests failed, and when lengths are not those asked for', () => {
    const { problems } = readText(change(sweepRun, { failed: 3, total_output_tokens: 1000 }))
    expect(problems).toContainEqual(expect.objectContaining({ field: 'failed', value: '3' }))
    expect(problems).toContainEqual(
      expect.objectContaining({
        field: 'random_output_len',
        expected: 'was asked; the mean over requests is 25',
      }),
    )
  })

  it('names field and value of what cannot be', () => {
    const error = thrownBy(() =>
      readText(change(single, { median_ttft_ms: -1, duration: 'long', output_throughput: 1e300 })),
    )
    expect(error.code).toBe('FORMAT_INVALID')
    expect(error.exitCode).toBe(53)
    expect(error.problems.map(({ field, value }) => [field, value])).toEqual(
      expect.arrayContaining([
        ['median_ttft_ms', '-1'],
        ['duration', '"long"'],
        ['output_throughput', '1e+300'],
      ]),
    )
  })

  it('leaves figures of 0 out, since nothing takes no time', () => {
    const { records, problems } = readText(change(single, { median_tpot_ms: 0 }))
    expect(figure(records[0], 'tpot', 'median')).toBeUndefined()
    expect(problems).toContainEqual(
      expect.objectContaining({ field: 'median_tpot_ms', value: '0' }),
    )
  })

  it('reads appended results line by line, and names the line that is cut', () => {
    const line = JSON.stringify(JSON.parse(fixtureText(single)))
    expect(readText(`${line}\n${line}\n`).records.map(({ origin }) => origin.place.line)).toEqual([
      1, 2,
    ])
    const error = thrownBy(() => readText(`${line}\n${line.slice(0, 200)}`))
    expect(error.code).toBe('FORMAT_INVALID')
    expect(error.problems[0]?.line).toBe(2)
  })
})
