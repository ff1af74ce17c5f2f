import { describe, expect, it } from 'vitest'
import { gridCost } from '../../../../coordinator/model/grid-cost.js'

const sample = [...Array(100).keys()]
const costOf = (measured: number) =>
  gridCost({
    ...{ size: 200, sample, expected: () => 3, spread: 0.1 },
    paid: new Map(sample.slice(0, measured).map((index) => [index, 2])),
  })

describe('what the full grid costs', () => {
  it('is what was paid and what is expected, for all that the sample stands for', () => {
    const { value, low, high } = costOf(40)
    expect(value).toBeCloseTo(2 * (40 * 2 + 60 * 3 * Math.exp(0.005)), 9)
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
  })

  it('is the more open the fewer trials tell, and certain where all are paid', () => {
    const widths = [1, 3, 10, 50, 99].map((measured) => {
      const { low, high } = costOf(measured)
      return high / low
    })
    expect(widths).toEqual([...widths].sort((a, b) => b - a))
    expect(widths[0]).toBeGreaterThan(5)
    expect(costOf(100)).toEqual({ value: 400, low: 400, high: 400 })
  })
})
