import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { risingRoot } from '../../../../shared/stats/rising-root.js'

const tolerance = 1e-9

/** A function that counts how often it was asked. */
function counted(of: (x: number) => number) {
  const counter = {
    calls: 0,
    of: (x: number): number => {
      counter.calls += 1
      return of(x)
    },
  }
  return counter
}

describe('the root of a rising function', () => {
  it('is found in a few evaluations where the function is smooth', () => {
    const counter = counted((x) => Math.expm1(x - 1.25))
    expect(risingRoot(counter.of, 0, 4, tolerance)).toBeCloseTo(1.25, 8)
    expect(counter.calls).toBeLessThan(16)
  })

  it('lies inside the tolerance, at no more than the price of halving, for any of them', () => {
    const place = fc.double({ min: 0.01, max: 9.99, noNaN: true })
    const shape = fc.constantFrom<(x: number) => number>(
      (x) => x,
      (x) => x ** 3,
      (x) => Math.tanh(1e4 * x),
      (x) => (x < 0 ? -1e-6 : 1),
      (x) => (x < 0 ? -1 : 0),
      (x) => Math.expm1(Math.min(50, 5 * x)),
    )
    fc.assert(
      fc.property(place, shape, (root, rising) => {
        const counter = counted((x) => rising(x - root))
        const found = risingRoot(counter.of, 0, 10, tolerance)
        expect(rising(found - root)).toBeGreaterThanOrEqual(0)
        expect(Math.abs(found - root)).toBeLessThanOrEqual(tolerance)
        expect(counter.calls).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(10 / tolerance)) + 2)
      }),
    )
  })
})
