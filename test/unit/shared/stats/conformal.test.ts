import { describe, expect, it } from 'vitest'
import {
  jackknifePlus,
  splitConformalQuantile,
  splitConformalRank,
  weightedConformalQuantile,
} from '../../../../shared/stats/conformal.js'

describe('splitConformalRank', () => {
  it.each([
    [8, 0.1, Infinity],
    [9, 0.1, 9],
    [10, 0.1, 10],
    [19, 0.1, 18],
    [20, 0.1, 19],
    [99, 0.1, 90],
    [100, 0.1, 91],
    [8, 0.05, Infinity],
    [9, 0.05, Infinity],
    [10, 0.05, Infinity],
    [19, 0.05, 19],
    [20, 0.05, 20],
    [99, 0.05, 95],
    [100, 0.05, 96],
  ])('of %i scores at alpha %d is %d', (count, alpha, rank) => {
    expect(splitConformalRank(count, alpha)).toBe(rank)
  })
})

describe('splitConformalQuantile', () => {
  it('takes the score of the rank', () => {
    const scores = [0.3, 1.1, 0.2, 2.0, 0.9, 1.4, 0.5, 0.7, 1.2]
    expect(splitConformalQuantile(scores, 0.2)).toBe(1.4)
    expect(splitConformalQuantile(scores, 0.05)).toBe(Infinity)
  })
})

describe('weightedConformalQuantile', () => {
  it('gives the oracle', () => {
    expect(weightedConformalQuantile([1, 2, 3, 4], [1, 2, 1, 1], 1, 0.3)).toBe(4)
    expect(weightedConformalQuantile([1, 2, 3, 4], [1, 2, 1, 1], 1, 0.1)).toBe(Infinity)
  })

  it('equals the unweighted quantile for equal weights', () => {
    const scores = Array.from({ length: 19 }, (_, i) => (i * 7) % 19)
    const weights = scores.map(() => 2)
    expect(weightedConformalQuantile(scores, weights, 2, 0.1)).toBe(
      splitConformalQuantile(scores, 0.1),
    )
  })
})

describe('jackknifePlus', () => {
  it('gives the oracle of the mean model', () => {
    const y = [1, 2, 4, 7, 11]
    const sum = y.reduce((a, b) => a + b, 0)
    const leftOut = y.map((value) => {
      const prediction = (sum - value) / (y.length - 1)
      return { prediction, residual: Math.abs(value - prediction) }
    })
    expect(leftOut.map(({ prediction }) => prediction)).toEqual([6, 5.75, 5.25, 4.5, 3.5])
    expect(jackknifePlus(leftOut, 0.4)).toEqual({ low: 1, high: 11 })
    expect(jackknifePlus(leftOut, 0.1)).toEqual({ low: -Infinity, high: Infinity })
  })
})
