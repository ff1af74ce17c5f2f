import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readGrid } from '../../../../../coordinator/analysis/evaluate/grid.js'
import { FmworkError } from '../../../../../shared/domain/errors.js'

const fixture = (name: string) =>
  readFileSync(new URL(`../../../../fixtures/grids/${name}`, import.meta.url), 'utf8')

const json = JSON.stringify({
  name: 'tiny',
  workload: 'static-batch',
  metrics: ['itl_s'],
  noise_cv: { itl_s: 0.01 },
})
const header =
  'hardware,variant,tensor_parallel,batch_size,input_tokens,output_tokens,itl_s,device_seconds'

function problemsOf(csv: string, description = json): FmworkError {
  try {
    readGrid(csv, description)
  } catch (error) {
    if (error instanceof FmworkError) return error
  }
  throw new Error('the grid was accepted')
}

describe('a recorded grid', () => {
  it('is read whole', () => {
    const name = 'argonne-trtllm-llama3-8b'
    const grid = readGrid(fixture(`${name}.csv`), fixture(`${name}.json`))
    expect(grid.configurations).toHaveLength(131)
    expect(grid.metrics).toEqual(['e2e'])
    expect(grid.configurations[0]).toMatchObject({ hardware: 'A100', load: 1, inputTokens: 128 })
    expect(grid.truth.e2e?.[0]).toBe(1.7811)
    expect(grid.cost[0]).toBe(10.3433)
    expect(grid.noise.e2e).toBe(0.0064)
  })

  it('names line and column of every problem', () => {
    const error = problemsOf(
      `${header}\nA,,1,1,128,128,0.01,5\nA,,1,2,128,128,-1,5\nA,,1,x,128,128,0.01,5`,
    )
    expect(error.code).toBe('GRID_INVALID')
    expect(error.problems).toMatchObject([
      { field: 'itl_s', line: 3, column: 16 },
      { field: 'batch_size', line: 4, column: 6 },
    ])
  })

  it('says which row repeats which', () => {
    const error = problemsOf(`${header}\nA,,1,1,128,128,0.01,5\nA,,1,1,128,128,0.02,5`)
    expect(error.problems[0]).toMatchObject({
      line: 3,
      expected: 'expected once; it is on line 2 already',
    })
  })

  it('misses no column', () => {
    const error = problemsOf('hardware,variant\nA,B')
    expect(error.problems.map(({ field }) => field)).toContain('device_seconds')
  })

  it('refuses a description that is none', () => {
    expect(problemsOf(header, '{').code).toBe('GRID_INVALID')
    expect(problemsOf(header, '[]').problems.map(({ field }) => field)).toEqual([
      'name',
      'workload',
      'metrics',
    ])
  })

  it('refuses cells that are missing', () => {
    const error = problemsOf(`${header}\nA,,1,1\nA,,1,2,128,128,0.01,5`)
    expect(error.problems[0]).toMatchObject({ line: 2, value: '4 cells' })
  })
})
