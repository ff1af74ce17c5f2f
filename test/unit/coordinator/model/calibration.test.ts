import { describe, expect, it } from 'vitest'
import {
  auditScale,
  conformalQuantile,
  conformalRank,
  intervalQuantile,
  jackknifePlus,
  lognormalError,
  shareWithin,
  weightedConformalQuantile,
} from '../../../../coordinator/model/calibration.js'

const audits = (zs: readonly number[]) =>
  zs.map((z, index) => ({ index, z, relativeError: 0.01 * z }))

describe('split conformal', () => {
  it.each([
    [8, 0.1, Infinity],
    [8, 0.05, Infinity],
    [9, 0.1, 9],
    [9, 0.05, Infinity],
    [10, 0.1, 10],
    [10, 0.05, Infinity],
    [19, 0.1, 18],
    [19, 0.05, 19],
    [20, 0.1, 19],
    [20, 0.05, 20],
    [99, 0.1, 90],
    [99, 0.05, 95],
    [100, 0.1, 91],
    [100, 0.05, 96],
  ])('takes of %i scores at alpha %f the rank %f', (count, alpha, rank) => {
    expect(conformalRank(count, alpha)).toBe(rank)
  })

  it('takes the score at that rank', () => {
    expect(conformalQuantile([0.3, 1.1, 0.2, 2, 0.9, 1.4, 0.5, 0.7, 1.2], 0.2)).toBe(1.4)
  })

  it('counts scores by their weights', () => {
    const scores = [
      { score: 1, weight: 1 },
      { score: 2, weight: 2 },
      { score: 3, weight: 1 },
      { score: 4, weight: 1 },
    ]
    expect(weightedConformalQuantile(scores, 1, 0.3)).toBe(4)
  })

  it('gives the jackknife+ interval of a mean model', () => {
    const interval = jackknifePlus([6, 5.75, 5.25, 4.5, 3.5], [5, 3.75, 1.25, 2.5, 7.5], 0.4)
    expect(interval).toEqual({ low: 1, high: 11 })
  })
})

describe('the error that a lognormal spread means', () => {
  it.each([
    [0.02, 0.01595981907575169, 0.9874825884190734],
    [0.05, 0.03992748985197788, 0.6829416194197158],
    [0.1, 0.08005495027086557, 0.3831911302427011],
  ])('at a spread of %f', (sd, error, within) => {
    expect(lognormalError(sd)).toBeCloseTo(error, 9)
    expect(shareWithin(0.05, sd)).toBeCloseTo(within, 9)
  })

  it('is none without spread', () => {
    expect(lognormalError(0)).toBe(0)
    expect(shareWithin(0.05, 0)).toBe(1)
  })
})

describe('audits', () => {
  it('leave the model’s own word alone until there are some', () => {
    expect(auditScale([])).toBe(1)
    expect(intervalQuantile([])).toBe(1.645)
  })

  it('stretch the error when they were worse than claimed', () => {
    expect(auditScale(audits(new Array<number>(20).fill(2)))).toBeGreaterThan(2)
    expect(auditScale(audits(new Array<number>(20).fill(0.2)))).toBeLessThan(0.5)
  })

  it('widen intervals to the largest score while they are few', () => {
    expect(intervalQuantile(audits([0.1, -3, 0.4]))).toBe(3)
  })
})
