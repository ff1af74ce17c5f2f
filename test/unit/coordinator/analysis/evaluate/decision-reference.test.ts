import { describe, expect, it } from 'vitest'
import { equalPrices } from '../../../../../coordinator/analysis/evaluate/decision-case.js'
import { referenceOf } from '../../../../../coordinator/analysis/evaluate/decision-reference.js'
import type { Reference } from '../../../../../coordinator/analysis/evaluate/decision-reference.js'
import type { Grid } from '../../../../../coordinator/analysis/evaluate/grid.js'
import { configurationKey } from '../../../../../shared/domain/configuration.js'
import { tinyGrid } from './tiny-grid.js'
import type { TinyRow } from './tiny-grid.js'

/** Work per device: load / itl, so 100, 200 and 400 at these loads, but the last is slow. */
const rows: readonly TinyRow[] = [
  { load: 1, itl: 0.01 },
  { load: 2, itl: 0.01 },
  { load: 8, itl: 0.02 },
]
const asked = (grid: Grid, limitSeconds: number): Reference =>
  referenceOf(grid, {
    traffic: 'any',
    slo: [{ metric: 'itl', limitSeconds }],
    priceName: 'equal',
    prices: equalPrices(grid),
  })
const key = (grid: Grid, row: number): string => {
  const found = grid.configurations[row]
  return found === undefined ? '' : configurationKey(found)
}

describe('a choice judged by the full grid', () => {
  const grid = tinyGrid(rows)

  it('is the same only where it is the very deployment', () => {
    const reference = asked(grid, 0.015)
    expect(reference.right).toBe(key(grid, 1))
    expect(reference.judge(key(grid, 1))).toEqual({
      same: true,
      regret: 0,
      regretByNoise: 0,
      breaks: false,
    })
  })

  it('loses the work that the right one does more for the same money', () => {
    const { same, regret, regretByNoise } = asked(grid, 0.015).judge(key(grid, 0))
    expect(same).toBe(false)
    expect(regret).toBeCloseTo(0.5, 9)
    expect(regretByNoise).toBeCloseTo(0.5, 9)
  })

  it('loses everything where it breaks a limit, or is nothing where something would do', () => {
    const reference = asked(grid, 0.015)
    expect(reference.judge(key(grid, 2))).toEqual({
      same: false,
      regret: 1,
      regretByNoise: 1,
      breaks: true,
    })
    expect(reference.judge(undefined)).toMatchObject({ same: false, regret: 1, breaks: false })
  })

  it('is right to choose nothing where nothing keeps the limits, and wrong to choose anything', () => {
    const reference = asked(grid, 0.005)
    expect(reference.right).toBeUndefined()
    expect(reference.judge(undefined)).toMatchObject({ same: true, regret: 0, regretByNoise: 0 })
    expect(reference.judge(key(grid, 0))).toMatchObject({
      same: false,
      regret: 1,
      regretByNoise: 1,
    })
  })
})

describe('a choice judged by a full grid with noise', () => {
  // The right one is within a limit of 20 ms by a hundredth of its noise; the next does half its work.
  const edge = [...rows.slice(0, 1), { load: 4, itl: 0.01 }, { load: 16, itl: 0.019998 }]
  const grid = tinyGrid(edge, 0.01)
  const reference = asked(grid, 0.02)

  it('is not blamed for what one measurement of every row cannot tell', () => {
    expect(reference.right).toBe(key(grid, 2))
    const safe = reference.judge(key(grid, 1))
    expect(safe.same).toBe(false)
    expect(safe.regret).toBeCloseTo(0.5, 2)
    // In one world of two the right one breaks the limit and loses all: the safe one is expected to lose less.
    expect(safe.regretByNoise).toBe(0)
  })

  it('is blamed for gambling on a limit, and for what the noise does not excuse', () => {
    expect(reference.judge(key(grid, 2)).regretByNoise).toBeGreaterThan(0.1)
    expect(reference.judge(key(grid, 0)).regretByNoise).toBeGreaterThan(0.4)
  })
})
