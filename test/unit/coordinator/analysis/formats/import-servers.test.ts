import { describe, expect, it } from 'vitest'
import { figure, fixtureText, readFixture, readText, thrownBy } from './read-fixture.js'

type Json = Record<string, unknown>

describe('SGLang’s bench_serving', () => {
  const path = 'sglang/sglang_1124_160_512_64.jsonl'

  it('is read line by line, with its Infinity and its server’s facts', () => {
    const { format, records, problems } = readFixture(path)
    expect(format.name).toBe('sglang')
    expect(records.map(({ configuration }) => configuration.load)).toEqual([1, 8, 32])
    expect(records[0]).toMatchObject({
      workload: 'closed-loop',
      configuration: {
        model: 'org/tiny-8b',
        engine: 'sglang',
        tensorParallel: 2,
        inputTokens: 512,
        outputTokens: 64,
        engineArgs: { dtype: 'bfloat16' },
      },
    })
    expect(figure(records[0], 'itl.sglang', 'median')).toBeGreaterThan(0)
    expect(figure(records[0], 'e2e.last_byte', 'median')).toBeGreaterThan(0)
    expect(problems).toContainEqual(expect.objectContaining({ field: 'NaN, Infinity', value: '3' }))
  })

  it('takes mean lengths where they were drawn at random', () => {
    const line = JSON.parse(
      (fixtureText(path).split('\n')[0] ?? '').replace('Infinity', '"inf"'),
    ) as Json
    const { records, problems } = readText(
      JSON.stringify({ ...line, random_range_ratio: 0, total_input_tokens: 2604 }),
    )
    expect(records[0]?.configuration.inputTokens).toBe(260)
    expect(problems).toContainEqual(
      expect.objectContaining({ field: 'total_input_tokens', value: '260.4' }),
    )
  })
})

describe('guidellm’s benchmarks.json', () => {
  const path = 'guidellm/benchmarks.json'

  it('gives a record per benchmark, closed and open loops told apart', () => {
    const { format, records } = readFixture(path)
    expect(format.name).toBe('guidellm')
    expect(records.map(({ workload, configuration }) => [workload, configuration.load])).toEqual([
      ['closed-loop', 1],
      ['closed-loop', 4],
      ['closed-loop', 16],
      ['open-loop', 2],
    ])
    expect(records[0]?.configuration).toMatchObject({ inputTokens: 256, outputTokens: 64 })
    expect(records[0]?.cost).toEqual({ seconds: 30, basis: 'whole run' })
  })

  it('takes of its ITL only the mean, which is token weighted, and keeps its TPOT apart', () => {
    const [record] = readFixture(path).records
    const itl = record?.metrics.filter(({ definition }) => definition.startsWith('itl'))
    expect(itl).toEqual([
      {
        definition: 'itl.token_weighted',
        statistic: 'mean',
        value: expect.closeTo(6.59 * 1.01e-3, 9) as number,
        field: 'metrics.inter_token_latency_ms.successful.mean',
      },
    ])
    expect(record?.metrics.some(({ definition }) => definition === 'tpot')).toBe(false)
    expect(figure(record, 'tpot.guidellm', 'median')).toBeGreaterThan(0)
    expect(figure(record, 'e2e.last_byte', 'median')).toBeCloseTo(0.45017, 9)
  })
})

describe('AIPerf’s profile export', () => {
  const path = 'aiperf/concurrency8/profile_export_aiperf.json'

  it('calls its inter-token latency what others call TPOT', () => {
    const { format, records, problems } = readFixture(path)
    expect(format.name).toBe('aiperf')
    expect(problems).toEqual([])
    const [record] = records
    expect(record?.configuration).toMatchObject({ model: 'org/tiny-8b', load: 8, inputTokens: 550 })
    expect(figure(record, 'tpot', 'median')).toBeCloseTo(0.00722, 9)
    expect(figure(record, 'itl.pooled', 'mean')).toBeGreaterThan(0)
    expect(figure(record, 'ttft', 'p99')).toBeCloseTo(0.07 * 1.4, 9)
  })

  it('converts by the unit that stands beside each metric, and refuses others', () => {
    const json = JSON.parse(fixtureText(path)) as Record<string, Json>
    const inSeconds = readText(
      JSON.stringify({ ...json, time_to_first_token: { unit: 'sec', avg: 0.07, p50: 0.07 } }),
    )
    expect(figure(inSeconds.records[0], 'ttft', 'median')).toBe(0.07)
    const error = thrownBy(() =>
      readText(JSON.stringify({ ...json, time_to_first_token: { unit: 'ticks', avg: 7 } })),
    )
    expect(error.problems[0]).toMatchObject({ field: 'time_to_first_token.unit', value: '"ticks"' })
  })
})

describe('inference-perf’s lifecycle metrics', () => {
  it('are seconds already, of a stage with a concurrency or a rate', () => {
    const closed = readFixture('inference-perf/stage_1_lifecycle_metrics.json')
    expect(closed.format.name).toBe('inference-perf')
    expect(closed.records[0]).toMatchObject({
      workload: 'closed-loop',
      configuration: { load: 16, inputTokens: 200, outputTokens: 64 },
    })
    expect(figure(closed.records[0], 'ttft', 'median')).toBeCloseTo(0.11, 12)
    expect(figure(closed.records[0], 'tpot', 'median')).toBeCloseTo(0.00794, 12)
    expect(figure(closed.records[0], 'tpot.normalized', 'median')).toBeCloseTo(0.61022 / 64, 12)
    const open = readFixture('inference-perf/stage_2_lifecycle_metrics.json')
    expect(open.records[0]).toMatchObject({ workload: 'open-loop', configuration: { load: 10 } })
  })

  it('of all stages together are refused', () => {
    const error = thrownBy(() => readFixture('inference-perf/summary_lifecycle_metrics.json'))
    expect(error.code).toBe('CONVERSION_REFUSED')
    expect(error.problems[0]?.expected).toContain('mixes several stages')
  })
})

describe('InferenceX aggregates', () => {
  it('are seconds, and per GPU: their sums are over tp x pp devices', () => {
    const { format, records } = readFixture('inferencex/agg_tiny70b_tp8_conc16.json')
    const json = JSON.parse(fixtureText('inferencex/agg_tiny70b_tp8_conc16.json')) as Record<
      string,
      number
    >
    expect(format.name).toBe('inferencex')
    expect(records[0]?.configuration).toMatchObject({
      hardware: 'h200',
      engine: 'vllm',
      tensorParallel: 8,
      load: 16,
      engineArgs: { precision: 'fp8' },
    })
    expect(figure(records[0], 'ttft.vllm', 'median')).toBe(json.median_ttft)
    expect(figure(records[0], 'output_throughput', 'total')).toBeCloseTo(
      8 * (json.output_tput_per_gpu ?? 0),
      9,
    )
    // 1000 / tpot under another name says nothing new.
    expect(records[0]?.metrics.some(({ field }) => field.includes('intvty'))).toBe(false)
    expect(records[0]).not.toHaveProperty('cost')
  })

  it('of disaggregated serving are refused', () => {
    const error = thrownBy(() => readFixture('inferencex/agg_tiny70b_disagg.json'))
    expect(error.code).toBe('CONVERSION_REFUSED')
    expect(error.problems[0]?.field).toBe('disagg')
  })
})
