import { describe, expect, it } from 'vitest'
import { figure, fixtureText, readFixture, readText, thrownBy } from './read-fixture.js'

describe('optimum-benchmark', () => {
  const path = 'optimum-benchmark/batch8/benchmark.json'

  it('is a static batch: prefill, decode and the whole, of one device', () => {
    const { format, records } = readFixture(path)
    expect(format.name).toBe('optimum-benchmark')
    const [record] = records
    expect(record).toMatchObject({
      workload: 'static-batch',
      configuration: {
        hardware: 'NVIDIA A10G',
        engine: 'pytorch',
        tensorParallel: 1,
        load: 8,
        inputTokens: 128,
        outputTokens: 33,
        engineArgs: { torch_dtype: 'float16' },
      },
    })
    expect(figure(record, 'batch_ttft', 'mean')).toBeCloseTo(0.052, 12)
    expect(figure(record, 'itl.batch', 'mean')).toBeCloseTo(0.014, 12)
    expect(figure(record, 'e2e.batch', 'mean')).toBeCloseTo(0.5, 12)
    // Its own throughput counts one token less per sequence.
    expect(figure(record, 'output_throughput.batch', 'total')).toBeCloseTo((8 * 33) / 0.5, 9)
  })

  it('with beams is refused', () => {
    const text = fixtureText(path).replace('"max_new_tokens"', '"num_beams": 4, "max_new_tokens"')
    expect(thrownBy(() => readText(text))).toMatchObject({
      code: 'CONVERSION_REFUSED',
      problems: [{ field: 'num_beams' }],
    })
  })
})

describe('LLM-Inference-Bench', () => {
  const path = 'llm-inference-bench/All_results.csv'

  it('gives whole batches; its throughput counts input and output', () => {
    const { format, records } = readFixture(path)
    expect(format.name).toBe('llm-inference-bench')
    expect(records).toHaveLength(21)
    const [record] = records
    expect(record?.origin.place.line).toBe(2)
    expect(record?.configuration).toMatchObject({ hardware: 'Nvidia A100 GPU', engine: 'vLLM' })
    const total = figure(record, 'total_throughput.batch', 'total') ?? 0
    expect(figure(record, 'output_throughput.batch', 'total')).toBeCloseTo(total / 2, 9)
  })

  it('refuses rows of llama.cpp, whose batch is n_batch', () => {
    const { problems } = readFixture(path)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ field: 'Framework', value: '"llama.cpp"', line: 23 })
    expect(problems[0]?.expected).toMatch(/^2 rows are refused: its batch is n_batch/)
    const [header, ...lines] = fixtureText(path).trimEnd().split('\n')
    const only = lines.filter((line) => line.includes('llama.cpp'))
    const error = thrownBy(() => readText([header, ...only].join('\n')))
    expect(error.code).toBe('CONVERSION_REFUSED')
  })

  it('leaves out a row whose throughput contradicts its latency', () => {
    const lines = fixtureText(path).trimEnd().split('\n')
    const cells = (lines[1] ?? '').split(',')
    cells[7] = '1'
    const { records, problems } = readText(
      [lines[0], cells.join(','), ...lines.slice(2)].join('\n'),
    )
    expect(records).toHaveLength(20)
    expect(problems).toContainEqual(
      expect.objectContaining({ field: 'Throughput', value: '1', line: 2 }),
    )
  })

  it('names the line of a row that is cut, and of a cell that is no number', () => {
    const text = fixtureText(path)
    const cut = thrownBy(() => readText(text.slice(0, text.indexOf('\n', 900) - 30)))
    expect(cut.code).toBe('FORMAT_INVALID')
    expect(cut.problems[0]?.line).toBeGreaterThan(1)
    const bad = thrownBy(() => readText(text.replace(/,1,vLLM/, ',1e9999,vLLM')))
    expect(bad.problems[0]).toMatchObject({ field: 'Num of Hardware', value: '"1e9999"', line: 2 })
  })
})

describe('a log of fmwork', () => {
  const path = 'fmwork/exp.log'

  it('gives a record per shape; GEN takes the place of RES', () => {
    const { format, records, problems } = readFixture(path)
    expect(format.name).toBe('fmwork')
    expect(problems).toEqual([])
    expect(records.map(({ configuration }) => configuration.outputTokens)).toEqual([1, 128])
    const [first, whole] = records
    expect(figure(first, 'batch_ttft', 'median')).toBe(0.027)
    expect(figure(whole, 'batch_ttft', 'median')).toBe(0.027)
    expect(figure(whole, 'e2e.batch', 'median')).toBe(0.917)
    expect(whole?.configuration.model).toBe('meta-llama/Llama-3.1-8B-Instruct/main')
    expect(whole?.cost?.basis).toBe('repetitions')
    expect(whole?.cost?.seconds).toBeCloseTo(4.7037, 3)
    expect(whole?.environment).toEqual({ set_up_s: 65.255954, warm_up_s: 21.4 })
  })

  it('divides by the tokens after the first, and keeps the rate without prefill apart', () => {
    const whole = readFixture(path).records[1]
    expect(figure(whole, 'itl.batch', 'median')).toBeCloseTo(0.89 / 127, 12)
    expect(figure(whole, 'output_throughput.decode', 'total')).toBe(143.8)
    expect(figure(whole, 'output_throughput.batch', 'total')).toBeCloseTo(128 / 0.917, 9)
    expect(figure(whole, 'itl.with_prefill', 'median')).toBeCloseTo(0.917 / 128, 12)
  })

  it.each([
    [
      'GEN-A',
      'FMWORK GEN 20250621-014836.577621 1024 128 1 4 6.831 6.473 0.358 50.6 19.8',
      6.473,
      0.358,
    ],
    [
      'GEN-B',
      'FMWORK GEN 20250621-014836.577621 1024 128 1 4 53.4 18.7 6.831 6.473 0.358 51.0 19.6',
      6.473,
      0.358,
    ],
    [
      'GEN-C',
      'FMWORK GEN 20250621-014836.577621 1024 128 1 4 0.010 0.002 6.831 6.473 0.358 50.6 19.8',
      6.473,
      0.358,
    ],
    [
      'GEN-D',
      'FMWORK GEN 20250621-014836.577621 336 336 1024 128 1 4 0.010 0.002 0.358 6.473 50.570 19.775',
      6.473,
      0.358,
    ],
    [
      'swapped GEN-A',
      'FMWORK GEN 20250621-014836.577621 1024 128 1 4 6.831 0.358 6.473 50.6 19.8',
      6.473,
      0.358,
    ],
  ])('reads %s', (name, line, generation, ttft) => {
    const { records, problems } = readText(`noise\n${line}\n`)
    expect(figure(records[0], 'batch_ttft', 'median')).toBe(ttft)
    expect(figure(records[0], 'itl.batch', 'median')).toBeCloseTo(generation / 127, 12)
    expect(records[0]?.configuration.tensorParallel).toBe(4)
    expect(problems).toHaveLength(name.startsWith('swapped') ? 1 : 0)
  })

  it('reads RES of both generations, and refuses embeddings', () => {
    const res = readText('FMWORK RES 20240926-183953.009140 1024 1024 1 1 8.204 8.0 124.8')
    expect(figure(res.records[0], 'e2e.batch', 'median')).toBe(8.204)
    expect(res.records[0]?.cost).toEqual({ seconds: 8.204, basis: 'one repetition' })
    const embedding =
      'FMWORK RES 1108911.088153850 1108912.235531503 ibm-granite/granite-embedding-125m-english RobertaModel 128 1 3.691 270.9'
    expect(thrownBy(() => readText(embedding)).code).toBe('CONVERSION_REFUSED')
  })

  it('sums repetitions up itself where the log was cut before it did, and says that it was cut', () => {
    const lines = fixtureText(path).split('\n')
    const cut = lines.slice(0, lines.findIndex((line) => line.startsWith('FMWORK RES')) - 1)
    const { records, problems } = readText(cut.join('\n'))
    expect(records).toHaveLength(1)
    expect(figure(records[0], 'e2e.batch', 'median')).toBeCloseTo(0.026986837, 12)
    expect(problems).toContainEqual(expect.objectContaining({ field: 'REP', value: '"4 of 5"' }))
  })

  it('leaves lines out that contradict themselves or fit no variant, naming the line', () => {
    const { problems, records } = readText(
      [
        'FMWORK RES 20240926-183953.009140 1024 1024 1 1 8.204 8.0 124.8',
        'FMWORK GEN 20250621-014836.577621 1024 128 1 4 6.831 6.473 0.358 99.9 19.8',
        'FMWORK GEN 20250621-014836.577621 1024 128 1 4 9.000 6.473 0.358 50.6 19.8',
        'FMWORK GEN 20250621-014836.577621 1024 128 1 4 nan nan nan nan nan',
        'FMWORK GEN 20250621-0148',
      ].join('\n'),
    )
    expect(records).toHaveLength(1)
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 5])
  })
})

describe('fmwork’s CSV', () => {
  it('says the same whether its columns are swapped or not, and that it repaired them', () => {
    const repaired = readFixture('fmwork/process.csv')
    const asHeader = readFixture('fmwork/process-as-header.csv')
    expect(repaired.format.name).toBe('fmwork-csv')
    const figures = (file: typeof repaired) =>
      file.records.map(({ metrics }) => metrics.map(({ definition, value }) => [definition, value]))
    expect(figures(repaired)).toEqual(figures(asHeader))
    expect(asHeader.problems).toEqual([])
    expect(repaired.problems).toMatchObject([
      { field: 'ttft, gen', expected: expect.stringContaining('4 of 4 rows') as string },
    ])
    expect(figure(repaired.records[0], 'batch_ttft', 'median')).toBe(0.255)
    expect(figure(repaired.records[0], 'itl.batch', 'median')).toBeCloseTo(1.587 / 127, 12)
  })

  it('keeps no environment variable, since they hold secrets', () => {
    expect(JSON.stringify(readFixture('fmwork/process.csv'))).not.toContain('hush')
  })

  it('names the line where itl fits neither', () => {
    const text = fixtureText('fmwork/process.csv').replace(',12.4,', ',55.5,')
    expect(thrownBy(() => readText(text)).problems[0]).toMatchObject({ field: 'itl', line: 2 })
  })
})

describe('fmwork’s JSON payload', () => {
  it('has its ttft in seconds and its itl in milliseconds; failed runs are left out', () => {
    const { format, records, problems } = readFixture('fmwork/payload.json')
    expect(format.name).toBe('fmwork-json')
    expect(records).toHaveLength(3)
    expect(problems).toContainEqual(
      expect.objectContaining({ field: '[3].status', value: '"ERR_OOR"' }),
    )
    expect(figure(records[0], 'batch_ttft', 'median')).toBe(0.255)
    expect(figure(records[0], 'itl.batch', 'median')).toBeCloseTo((0.0124 * 128) / 127, 12)
    expect(records[0]?.configuration).toMatchObject({ engine: 'vllm', load: 1, tensorParallel: 1 })
  })

  it('of server mode holds figures of vllm bench under the same names', () => {
    const { records } = readFixture('fmwork/payload-server.json')
    expect(records[0]?.workload).toBe('closed-loop')
    expect(figure(records[0], 'ttft.vllm', 'median')).toBe(0.255)
    expect(figure(records[0], 'itl.pooled', 'median')).toBe(0.0124)
    expect(records[0]?.metrics.some(({ definition }) => definition === 'batch_ttft')).toBe(false)
  })
})
