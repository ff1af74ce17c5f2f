import { describe, expect, it } from 'vitest'
import { binomialCdf, binomialInterval } from '../../../../shared/stats/binomial.js'
import {
  chiSquareQuantile,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
} from '../../../../shared/stats/special-functions.js'

describe('studentTQuantile', () => {
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 3, 3.1824463052837078],
    [0.975, 4, 2.7764451051977934],
    [0.975, 5, 2.5705818356363146],
    [0.975, 9, 2.262157162798205],
    [0.975, 19, 2.0930240544083087],
    [0.975, 29, 2.045229642132703],
    [0.95, 2, 2.9199855803537242],
    [0.95, 4, 2.1318467863266495],
    [0.95, 9, 1.833112932656237],
  ])('at %d with %i degrees of freedom', (probability, degreesOfFreedom, expected) => {
    const quantile = studentTQuantile(probability, degreesOfFreedom)
    expect(Math.abs(quantile / expected - 1)).toBeLessThan(1e-7)
    expect(studentTCdf(quantile, degreesOfFreedom)).toBeCloseTo(probability, 7)
  })

  it('refuses what is not a probability', () => {
    expect(() => studentTQuantile(1, 5)).toThrow(RangeError)
  })
})

describe('normalQuantile', () => {
  it.each([
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
  ])('at %d', (probability, expected) => {
    expect(normalQuantile(probability)).toBeCloseTo(expected, 12)
    expect(normalCdf(expected)).toBeCloseTo(probability, 12)
  })
})

describe('chiSquareQuantile', () => {
  it('knows the table', () => {
    expect(chiSquareQuantile(0.9, 10)).toBeCloseTo(15.987179172105261, 6)
  })
})

describe('binomialCdf', () => {
  it('sums small cases exactly', () => {
    expect(binomialCdf(1, 3, 0.5)).toBeCloseTo(0.5, 9)
    expect(binomialCdf(2, 3, 0.5)).toBeCloseTo(7 / 8, 9)
    expect(binomialCdf(-1, 3, 0.5)).toBe(0)
    expect(binomialCdf(3, 3, 0.5)).toBe(1)
    expect(binomialCdf(1, 3, 0)).toBe(1)
    expect(binomialCdf(1, 3, 1)).toBe(0)
  })

  it('is symmetric far from the mode', () => {
    expect(binomialCdf(899, 1000, 0.9) + binomialCdf(100, 1000, 0.1)).toBeCloseTo(1, 9)
  })
})

describe('binomialInterval', () => {
  it('is Clopper and Pearson’s', () => {
    expect(binomialInterval(0, 10, 0.95)?.high).toBeCloseTo(1 - 0.025 ** 0.1, 7)
    expect(binomialInterval(10, 10, 0.95)?.low).toBeCloseTo(0.025 ** 0.1, 7)
    const half = binomialInterval(5, 10, 0.95)
    expect(half?.low).toBeCloseTo(0.1870860284473985, 6)
    expect(half?.high).toBeCloseTo(0.8129139715526015, 6)
    expect(binomialInterval(0, 0, 0.95)).toBeUndefined()
  })
})
