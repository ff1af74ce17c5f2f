import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../../shared/stats/random.js'
import { optimalRepetitions, varianceComponents } from '../../../../shared/stats/repetition.js'

describe('optimalRepetitions', () => {
  it('gives the example of Kalibera and Jones’s formula', () => {
    const levels = [
      { cost: 1, variance: 4e-4 },
      { cost: 60, variance: 1e-4 },
    ]
    expect(optimalRepetitions(levels)).toEqual([16])
  })

  it('repeats once where the inner level does not vary, and for ever where only it does', () => {
    expect(
      optimalRepetitions([
        { cost: 1, variance: 0 },
        { cost: 60, variance: 1 },
        { cost: 600, variance: 0 },
      ]),
    ).toEqual([1, Infinity])
    expect(optimalRepetitions([{ cost: 1, variance: 1 }])).toEqual([])
  })
})

describe('varianceComponents', () => {
  it('separates the variance of iterations, runs and restarts', () => {
    const random = createRandom(4)
    const restarts = Array.from({ length: 60 }, () => {
      const restart = 3 * random.normal()
      return Array.from({ length: 10 }, () => {
        const run = restart + random.normal()
        return Array.from({ length: 10 }, () => run + 2 * random.normal())
      })
    })
    const [iteration = NaN, run = NaN, restart = NaN] = varianceComponents(restarts)
    expect(Math.abs(iteration / 4 - 1)).toBeLessThan(0.1)
    expect(Math.abs(run / 1 - 1)).toBeLessThan(0.3)
    expect(Math.abs(restart / 9 - 1)).toBeLessThan(0.5)
  })

  it('does by hand', () => {
    const [iteration, run] = varianceComponents([
      [1, 3],
      [5, 7],
    ])
    expect(iteration).toBeCloseTo(2, 12)
    expect(run).toBeCloseTo(7, 12)
  })

  it('calls a negative estimate zero', () => {
    expect(
      varianceComponents([
        [1, 9],
        [2, 8],
      ])[1],
    ).toBe(0)
  })

  it('refuses groups of unlike sizes', () => {
    expect(() => varianceComponents([[1, 2], [3]])).toThrow(
      'groups of one level must have one size',
    )
  })
})
