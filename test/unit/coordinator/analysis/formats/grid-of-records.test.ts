import { describe, expect, it } from 'vitest'
import { readGrid } from '../../../../../coordinator/analysis/evaluate/grid.js'
import type { ImportedRecord } from '../../../../../coordinator/analysis/formats/format.js'
import { gridOfRecords } from '../../../../../coordinator/analysis/formats/grid-of-records.js'
import type { GridOptions } from '../../../../../coordinator/analysis/formats/grid-of-records.js'
import { fixturePaths, readFixture, thrownBy } from './read-fixture.js'

const options: GridOptions = {
  name: 'imported',
  given: { hardware: 'H100', tensor_parallel: 1 },
  duplicates: 'refuse',
  source: 'a test',
  licence: 'none',
}

const recordsOf = (folder: string): ImportedRecord[] =>
  fixturePaths()
    .filter((path) => path.startsWith(folder))
    .flatMap((path) => readFixture(path).records)

const description = (json: string) => JSON.parse(json) as Record<string, unknown>

describe('a grid of a vllm sweep folder', () => {
  const grid = gridOfRecords(recordsOf('vllm/sweep'), options)
  const read = readGrid(grid.csv, grid.json)

  it('has a row per configuration: the median of its runs', () => {
    expect(read.configurations).toHaveLength(6)
    expect(read.workload).toEqual({ kind: 'closed-loop' })
    const runs = recordsOf('vllm/sweep').filter(
      ({ configuration }) => configuration.load === 4 && configuration.inputTokens === 256,
    )
    const ttft = [0, 1].map(
      (run) =>
        runs
          .find(({ repetition }) => repetition === run)
          ?.metrics.find(({ field }) => field === 'median_ttft_ms')?.value ?? NaN,
    )
    const row = read.configurations.findIndex(
      ({ load, inputTokens }) => load === 4 && inputTokens === 256,
    )
    expect(read.truth.ttft?.[row]).toBeCloseTo(((ttft[0] ?? 0) + (ttft[1] ?? 0)) / 2, 12)
  })

  it('says of each column which definition it holds', () => {
    expect(description(grid.json).definitions).toMatchObject({
      ttft_s: { definition: 'ttft.vllm', statistic: 'median', unit: 's' },
      tpot_s: { definition: 'tpot', statistic: 'median' },
      output_tok_per_s: { definition: 'output_throughput', statistic: 'total' },
    })
    expect(description(grid.json).metrics).not.toContain('itl_s')
    expect(grid.problems).toContainEqual(expect.objectContaining({ field: 'itl.pooled' }))
  })

  it('counts a run that is written to two files once, and says so', () => {
    expect(grid.problems).toContainEqual(expect.objectContaining({ field: 'runs', value: '12' }))
    expect(description(grid.json).repetitions).toBe(12)
  })

  it('takes its noise from the repetitions, and its cost from their duration', () => {
    expect(read.noise.ttft).toBeGreaterThan(0.001)
    expect(read.noise.ttft).toBeLessThan(0.05)
    expect(description(grid.json).cost_basis).toEqual(['whole run'])
    expect(read.cost.every((seconds) => seconds > 1)).toBe(true)
  })
})

describe('a grid refuses what it cannot say', () => {
  const refusal = (records: readonly ImportedRecord[], changes: Partial<GridOptions> = {}) =>
    thrownBy(() => gridOfRecords(records, { ...options, ...changes }))

  it('names every axis that the files do not say', () => {
    const error = refusal(recordsOf('vllm/sweep/BENCH--max_concurrency=1-'), {
      given: { tensor_parallel: 1 },
    })
    expect(error.code).toBe('CONVERSION_REFUSED')
    expect(error.exitCode).toBe(54)
    expect(error.problems).toHaveLength(1)
    expect(error.problems[0]).toMatchObject({
      field: 'hardware',
      value: 'missing in 4 of 4 records',
    })
  })

  it('names what is given against what a file says', () => {
    const error = refusal(recordsOf('sglang'), { given: { hardware: 'H100', tensor_parallel: 4 } })
    expect(error.problems[0]).toMatchObject({ field: '--axis tensor_parallel', value: '4' })
    expect(error.problems[0]?.expected).toContain('which says 2')
  })

  it('names configurations that are there twice, unless they are said to be repetitions', () => {
    const records = recordsOf('llm-inference-bench')
    const error = refusal(records, { given: {} })
    expect(error.message).toBe('5 configurations are there several times')
    expect(error.problems[0]?.expected).toMatch(/line 13, .*line 18$/)
    const grid = gridOfRecords(records, { ...options, given: {}, duplicates: 'repetitions' })
    expect(grid.rows).toBe(16)
    expect(readGrid(grid.csv, grid.json).noise.e2e).toBeGreaterThan(0)
  })

  it('has no request rate, and one workload', () => {
    expect(refusal(recordsOf('inference-perf/stage_2')).problems[0]?.field).toBe('open loop')
    const mixed = refusal([...recordsOf('sglang'), ...recordsOf('optimum-benchmark')], {
      given: {},
    })
    expect(mixed.message).toBe('one grid has one workload')
  })

  it('needs to know what a row costs', () => {
    const records = recordsOf('inferencex/agg_tiny70b_tp')
    expect(refusal(records, { given: {} }).hint).toContain('--row-seconds')
    const grid = gridOfRecords(records, { ...options, given: {}, rowSeconds: 30 })
    expect([...readGrid(grid.csv, grid.json).cost]).toEqual([120, 120, 240])
    expect(description(grid.json).cost_basis).toEqual(['given'])
  })

  it('does not mix definitions: the rarer one leaves its rows out', () => {
    const grid = gridOfRecords([...recordsOf('vllm/sweep'), ...recordsOf('aiperf')], options)
    expect(grid.columns.find(({ column }) => column === 'ttft_s')?.definition).toBe('ttft.vllm')
    expect(grid.problems).toContainEqual(
      expect.objectContaining({
        field: 'ttft_s',
        value: 'ttft',
        expected: 'left out: definitions are not mixed, the column holds ttft.vllm',
      }),
    )
    expect(grid.rows).toBe(6)
  })
})

describe('a grid of fmwork', () => {
  it('leaves the shapes of one output token out, which have no ITL', () => {
    const [first, whole] = readFixture('fmwork/exp.log').records
    if (first === undefined || whole === undefined) throw new Error('two shapes are in the log')
    const more = { ...whole, configuration: { ...whole.configuration, load: 2 } }
    const grid = gridOfRecords([first, whole, more], options)
    expect(grid.rows).toBe(2)
    expect(grid.columns.map(({ column, definition }) => [column, definition])).toEqual([
      ['batch_ttft_s', 'batch_ttft'],
      ['itl_s', 'itl.batch'],
      ['e2e_s', 'e2e.batch'],
      ['output_tok_per_s', 'output_throughput.batch'],
    ])
    expect(readGrid(grid.csv, grid.json).workload).toEqual({ kind: 'static-batch' })
  })
})

describe('a variant', () => {
  it('is the model and whatever differs, without what would break a cell', () => {
    const [a, b] = readFixture('fmwork/process.csv').records
    if (a === undefined || b === undefined) throw new Error('several rows are in the file')
    const with_ = (record: ImportedRecord, extraparams: string): ImportedRecord => ({
      ...record,
      configuration: { ...record.configuration, engineArgs: { version: '1', extraparams } },
    })
    const grid = gridOfRecords([with_(a, '--x 1,"2"\n3'), with_(b, '--y')], {
      ...options,
      given: {},
    })
    const variants = readGrid(grid.csv, grid.json).configurations.map(({ model }) => model)
    expect(variants).toEqual(['llama-3.1-8b extraparams=--x 1 2 3', 'llama-3.1-8b extraparams=--y'])
  })
})
