import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DrawnSample } from '../../../../../agent/run/workload/drawn-sample.js'
import { createRandom } from '../../../../../shared/stats/random.js'

const draw = (count: number, of: number, seed: number): number[] => {
  const sample = new DrawnSample<number>(count, createRandom(seed))
  for (let item = 0; item < of; item += 1) sample.offer(item)
  return sample.items()
}

describe('a drawn sample', () => {
  it('holds as many as asked, each once, and begins with every smaller one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 300 }),
        fc.nat(),
        (count, of, seed) => {
          const items = draw(count, of, seed)
          expect(items).toHaveLength(Math.min(count, of))
          expect(new Set(items).size).toBe(items.length)
          expect(draw(count + 7, of, seed).slice(0, count)).toEqual(items)
        },
      ),
    )
  })

  it('takes every item equally often but for chance, the first and the last alike', () => {
    const seeds = 4000
    const taken = Array.from({ length: 20 }, () => 0)
    for (let seed = 0; seed < seeds; seed += 1) {
      for (const item of draw(5, 20, seed)) taken[item] = (taken[item] ?? 0) + 1
    }
    // A binomial of 1/4: five standard deviations.
    const apart = 5 * Math.sqrt(seeds * 0.25 * 0.75)
    for (const count of taken) expect(Math.abs(count - seeds / 4)).toBeLessThan(apart)
  })
})
