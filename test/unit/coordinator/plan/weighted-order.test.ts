import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomOrder } from '../../../../coordinator/plan/weighted-order.js'

const listed = (size: number, seed: number, weight?: (index: number) => number): number[] => {
  const order = randomOrder(size, seed, weight)
  return Array.from({ length: order.length }, (_, place) => order.at(place))
}

describe('a random order', () => {
  it('has every configuration once, with weights and without', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.boolean(), (size, seed, even) => {
        const order = listed(size, seed, even ? undefined : (index) => 1 + (index % 7))
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(size).keys()])
      }),
    )
  })

  it('begins with a configuration as often as it weighs', () => {
    const seeds = 4000
    const first = Array.from({ length: seeds }, (_, seed) =>
      randomOrder(4, seed, (index) => [1, 2, 3, 4][index] as number).at(0),
    )
    for (const [index, share] of [0.1, 0.2, 0.3, 0.4].entries()) {
      const found = first.filter((each) => each === index).length / seeds
      expect(Math.abs(found - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / seeds))
    }
  })
})
