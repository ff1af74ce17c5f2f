import { describe, expect, it } from 'vitest'
import { centredL2Discrepancy } from '../../../../shared/stats/discrepancy.js'
import { latinHypercube } from '../../../../shared/stats/latin-hypercube.js'
import { createRandom } from '../../../../shared/stats/random.js'
import { scrambledSobol } from '../../../../shared/stats/sobol.js'

/** scipy’s documented example, scaled from [0.5, 6.5]² to the unit square. */
const scaled = (points: number[][]) => points.map((point) => point.map((x) => (x - 0.5) / 6))

describe('centredL2Discrepancy', () => {
  it('gives scipy’s numbers', () => {
    const first = [
      [1, 3],
      [2, 6],
      [3, 2],
      [4, 5],
      [5, 1],
      [6, 4],
    ]
    const second = [
      [1, 5],
      [2, 4],
      [3, 3],
      [4, 2],
      [5, 1],
      [6, 6],
    ]
    expect(centredL2Discrepancy(scaled(first))).toBeCloseTo(0.008142039609053464, 14)
    expect(centredL2Discrepancy(scaled(second))).toBeCloseTo(0.010456854423869011, 14)
  })

  it('is lower for designed points than for random ones', () => {
    const random = createRandom(2)
    const uniform = Array.from({ length: 64 }, () => [random.next(), random.next(), random.next()])
    const sequence = scrambledSobol(3, 2)
    const designed = Array.from({ length: 64 }, () => sequence.next())
    expect(centredL2Discrepancy(designed)).toBeLessThan(centredL2Discrepancy(uniform) / 3)
    expect(centredL2Discrepancy(latinHypercube(64, 3, 2))).toBeLessThan(
      centredL2Discrepancy(uniform),
    )
  })
})
