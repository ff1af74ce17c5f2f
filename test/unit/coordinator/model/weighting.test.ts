import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Weighting } from '../../../../coordinator/model/weighting.js'

const weights = fc.array(fc.double({ min: 0.01, max: 1000, noNaN: true }), {
  minLength: 1,
  maxLength: 50,
})
const universeOf = (count: number) => Uint32Array.from({ length: count }, (_, index) => index)

describe('weighting', () => {
  it('is 1 on average, and 1 everywhere where nobody says more', () => {
    expect([0, 7].map((index) => new Weighting(universeOf(9)).at(index))).toEqual([1, 1])
    fc.assert(
      fc.property(weights, (given) => {
        const universe = universeOf(given.length)
        const weighting = new Weighting(universe, (index) => given[index] as number)
        expect(weighting.sum(universe)).toBeCloseTo(given.length, 6)
      }),
    )
  })

  it('represents members by their weight, to within one', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 200 }), (given, count) => {
        const members = [...given.keys()]
        const weighting = new Weighting(universeOf(given.length), (index) => given[index] as number)
        const chosen = weighting.represent(members, count, (member) => member)
        expect(chosen).toHaveLength(count)
        expect(chosen).toEqual([...chosen].sort((a, b) => a - b))
        for (const member of members) {
          const times = chosen.filter((each) => each === member).length
          const due = (count * weighting.at(member)) / given.length
          expect(Math.abs(times - due)).toBeLessThan(1 + 1e-6)
        }
      }),
    )
  })
})
