import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../../../../shared/stats/random.js'
import { readRecordedGrid } from '../../../../../agent/engine/recorded/grid-reader.js'
import { createRecordedEngine } from '../../../../../agent/engine/recorded/recorded-engine.js'
import {
  exactRow,
  nearestRow,
  noisy,
  rowsOf,
  timingOf,
} from '../../../../../agent/engine/recorded/recorded-timing.js'

const slice = fileURLToPath(
  new URL(
    '../../../../fixtures/grids/composed-h100-slice/composed-h100-slice.csv',
    import.meta.url,
  ),
)
const folder = mkdtempSync(join(tmpdir(), 'fmwork-grid-'))
afterAll(() => rmSync(folder, { recursive: true }))

const header = 'hardware,variant,tensor_parallel,batch_size,input_tokens,output_tokens'
let files = 0
function gridFile(csv: string, description: string): string {
  files += 1
  writeFileSync(join(folder, `${files}.csv`), csv)
  writeFileSync(join(folder, `${files}.json`), description)
  return join(folder, `${files}.csv`)
}

describe('a recorded grid', () => {
  const grid = readRecordedGrid(slice)
  const rows = rowsOf(grid, { hardware: 'H100', variant: undefined, tensorParallel: 1 })

  it('is read with its axes and its noise', () => {
    expect(grid.rows).toHaveLength(12)
    expect(grid.axes).toEqual(['batch_size', 'input_tokens', 'output_tokens'])
    expect(grid.noiseCv).toEqual({ ttft_s: 0.0085, itl_s: 0.0035 })
  })

  it('knows its rows exactly, others by the nearest', () => {
    const row = exactRow(grid, rows, { batch: 4, inputTokens: 512, outputTokens: 32 })
    expect(row).toMatchObject({ ttft_s: 0.0399256, itl_s: 0.0068416 })
    expect(exactRow(grid, rows, { batch: 3, inputTokens: 512, outputTokens: 32 })).toBeUndefined()
    const near = nearestRow(grid, rows, { batch: 9, inputTokens: 500, outputTokens: 40 })
    expect(near).toBe(row)
  })

  it('replays with the noise of the grid, seeded', () => {
    const row = exactRow(grid, rows, { batch: 1, inputTokens: 128, outputTokens: 32 })
    if (row === undefined) throw new Error('no row')
    const exact = timingOf(row, 32)
    expect(exact).toEqual({ firstToken: 0.0087288, gap: 0.0067017 })
    const once = noisy(exact, row, grid, createRandom(3))
    expect(once).toEqual(noisy(exact, row, grid, createRandom(3)))
    expect(once.gap).not.toBe(exact.gap)
    expect(Math.abs(once.gap / exact.gap - 1)).toBeLessThan(6 * 0.0035)
  })

  it('tells the engine what can be measured', () => {
    const engine = createRecordedEngine({ stateDir: folder })
    const configuration = {
      model: 'm',
      engine: 'recorded',
      engineArgs: { grid: slice },
      hardware: 'H100',
      tensorParallel: 1,
      inputTokens: 128,
      outputTokens: 32,
    }
    expect(engine.infeasible?.({ ...configuration, load: 2 })).toBeUndefined()
    expect(engine.infeasible?.({ ...configuration, load: 3 })).toContain('no such row')
  })

  it('shares e2e among the tokens where that is all there is', () => {
    const axes = { hardware: 'A', variant: '', tensor_parallel: 1 }
    const row = { ...axes, batch_size: 1, input_tokens: 8, output_tokens: 4, e2e_s: 2 }
    expect(timingOf(row, 4)).toEqual({ firstToken: 0.5, gap: 0.5 })
    expect(timingOf({ ...row, ttft_s: 0.5 }, 4)).toEqual({ firstToken: 0.5, gap: 0.5 })
  })

  it('filters by the axes that vary only', () => {
    const path = gridFile(
      `${header},itl_s\nA,x,1,1,1,1,0.1\nA,y,1,1,1,1,0.2\nB,x,2,1,1,1,0.3\n`,
      '{"name":"g","axes":["hardware","variant","batch_size"]}',
    )
    const read = readRecordedGrid(path)
    const of = (hardware: string, variant?: string) =>
      rowsOf(read, { hardware, variant, tensorParallel: 9 }).map((row) => row.itl_s)
    expect(of('A')).toEqual([0.1, 0.2])
    expect(of('A', 'y')).toEqual([0.2])
    expect(of('B')).toEqual([0.3])
  })

  it.each([
    ['a missing column', 'hardware,variant\n', '{}', 'no column tensor_parallel'],
    ['no latency', `${header}\n`, '{}', 'no column ttft_s'],
    [
      'a short line',
      `${header},itl_s\nA,x,1,1,1,1\n`,
      '{"name":"g","axes":["batch_size"]}',
      'line 2: 6 cells',
    ],
    [
      'a negative time',
      `${header},itl_s\nA,x,1,1,1,1,-3\n`,
      '{"name":"g","axes":["batch_size"]}',
      'itl_s is "-3"',
    ],
    ['no rows', `${header},itl_s\n`, '{"name":"g","axes":["batch_size"]}', 'no rows'],
    ['a bad description', `${header},itl_s\nA,x,1,1,1,1,1\n`, '{"name":3}', '.json'],
  ])('is refused with %s', (_, csv, description, message) => {
    const path = gridFile(csv, description)
    expect(() => readRecordedGrid(path)).toThrow(message)
    expect(() => readRecordedGrid(path)).toThrow(
      expect.objectContaining({ code: 'GRID_INVALID' }) as Error,
    )
  })

  it('is refused when it is not there', () => {
    expect(() => readRecordedGrid(join(folder, 'none.csv'))).toThrow('none.csv')
  })
})
