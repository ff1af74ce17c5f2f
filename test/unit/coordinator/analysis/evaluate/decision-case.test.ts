import { describe, expect, it } from 'vitest'
import { knowledgeOfGrid } from '../../../../../coordinator/analysis/cost/knowledge-of-grid.js'
import {
  casesOf,
  questionWords,
} from '../../../../../coordinator/analysis/evaluate/decision-case.js'
import type { DecisionCase } from '../../../../../coordinator/analysis/evaluate/decision-case.js'
import type { Grid } from '../../../../../coordinator/analysis/evaluate/grid.js'
import { shapesOf } from '../../../../../coordinator/decision/traffic.js'
import { bookOf } from '../../../../../shared/domain/price-book.js'
import type { PriceBook } from '../../../../../shared/domain/price-book.js'
import { batches, tinyGrid } from './tiny-grid.js'

const cases = (grid: Grid, given?: PriceBook): DecisionCase[] =>
  casesOf(grid, shapesOf(knowledgeOfGrid(grid)), given)
const pricesIn = (found: readonly DecisionCase[]) => [
  ...new Set(found.map(({ priceName }) => priceName)),
]
const rate = ({ prices }: DecisionCase, hardware: string) =>
  prices.find((each) => each.hardware === hardware)?.usdPerDeviceHour

describe('questions made from a grid', () => {
  const two = tinyGrid([...batches('H100', 0.01), ...batches('A100', 0.02)])

  it('ask for any row at the quartiles, and for single shapes at round limits', () => {
    const found = cases(tinyGrid(batches('H100', 0.01)))
    expect(found.slice(0, 3).every(({ traffic }) => traffic === 'any')).toBe(true)
    const limits = found.slice(3).map(({ slo }) => slo[0]?.limitSeconds)
    expect(limits).toEqual([0.012, 0.015].map((limit) => expect.closeTo(limit, 9) as number))
    expect(questionWords(found[3] as DecisionCase)).toBe('128 in, 100 out, itl < 12 ms')
  })

  it('ask each at equal prices, those given and those turned round, where hardware varies', () => {
    const found = cases(two, bookOf({ H100: 3, A100: 1 }))
    expect(pricesIn(found)).toEqual(['equal', 'given', 'turned round'])
    const [equal, given, turned] = found as [DecisionCase, DecisionCase, DecisionCase]
    expect([rate(equal, 'H100'), rate(equal, 'A100')]).toEqual([1, 1])
    expect([rate(given, 'H100'), rate(given, 'A100')]).toEqual([3, 1])
    expect([rate(turned, 'H100'), rate(turned, 'A100')]).toEqual([1, 3])
  })

  it('ask at equal prices only where none are given, or one class is all there is', () => {
    expect(pricesIn(cases(two))).toEqual(['equal'])
    expect(pricesIn(cases(tinyGrid(batches('H100', 0.01)), bookOf({ H100: 3 })))).toEqual(['equal'])
  })

  it('spread over the shapes that have rows to choose from, six at most', () => {
    const inputs = [128, 256, 512, 1024, 2048, 4096, 8192, 16384]
    const grid = tinyGrid([
      ...inputs.flatMap((input) => batches('H100', 0.01, input)),
      { load: 1, input: 32768, itl: 0.02 },
    ])
    const asked = cases(grid).flatMap(({ traffic }) => (traffic === 'any' ? [] : traffic))
    const lengths = new Set(asked.map(({ inputTokens }) => inputTokens))
    expect(lengths.size).toBe(6)
    expect(lengths).toContain(128)
    expect(lengths).toContain(16384)
    expect(lengths).not.toContain(32768)
  })
})
