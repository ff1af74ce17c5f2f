import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawWithoutReplacement } from '../../../../coordinator/analysis/random-sample.js'
import { createRandom } from '../../../../shared/stats/random.js'

const draw = (size: number, seed: number) => [...drawWithoutReplacement(size, createRandom(seed))]

describe('drawWithoutReplacement', () => {
  it('draws every number once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.nat(), (size, seed) => {
        const drawn = draw(size, seed)
        expect([...drawn].sort((a, b) => a - b)).toEqual(
          Array.from({ length: size }, (_, index) => index),
        )
      }),
    )
  })

  it('draws uniformly: each number comes first equally often', () => {
    const first = new Array<number>(5).fill(0)
    for (let seed = 0; seed < 5000; seed += 1) {
      const place = draw(5, seed)[0] as number
      first[place] = (first[place] as number) + 1
    }
    // Chi-square with 4 degrees of freedom, 0.1 % critical value 18.47.
    const chi = first.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chi).toBeLessThan(18.47)
  })

  it('costs no more than what is drawn', () => {
    const draws = drawWithoutReplacement(10_000_000, createRandom(1))
    const drawn = Array.from({ length: 50 }, () => draws.next().value as number)
    expect(new Set(drawn).size).toBe(50)
  })
})
