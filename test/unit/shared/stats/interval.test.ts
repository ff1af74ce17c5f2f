import { describe, expect, it } from 'vitest'
import {
  batchMeansInterval,
  meanInterval,
  medianInterval,
  medianRanks,
  relativeHalfWidth,
} from '../../../../shared/stats/interval.js'
import { mean, standardDeviation } from '../../../../shared/stats/quantile.js'
import { createRandom } from '../../../../shared/stats/random.js'

describe('meanInterval', () => {
  it('is Student’s t interval', () => {
    const samples = [10.1, 9.9, 10.4, 10.0, 9.8]
    const interval = meanInterval(samples, 0.95)
    expect(mean(samples)).toBeCloseTo(10.04, 12)
    expect(standardDeviation(samples)).toBeCloseTo(0.23021728866442664, 12)
    expect(interval && relativeHalfWidth(interval)).toBeCloseTo(0.02847136644409383, 9)
  })

  it('needs two samples', () => {
    expect(meanInterval([3], 0.9)).toBeUndefined()
    expect(meanInterval([3, 3], 0.9)).toEqual({ value: 3, low: 3, high: 3 })
  })
})

describe('relativeHalfWidth', () => {
  it('ignores the sign and knows that zero has none', () => {
    expect(relativeHalfWidth({ value: -2, low: -3, high: -1 })).toBe(0.5)
    expect(relativeHalfWidth({ value: 0, low: -1, high: 1 })).toBe(Infinity)
    expect(relativeHalfWidth({ value: 0, low: 0, high: 0 })).toBe(0)
  })
})

describe('medianRanks at 95 %', () => {
  it.each([
    [6, 1, 6, 0.96875],
    [7, 1, 7, 0.984375],
    [8, 1, 8, 0.9921875],
    [9, 2, 8, 0.9609375],
    [10, 2, 9, 0.978515625],
    [15, 4, 12, 0.96484375],
    [20, 6, 15, 0.9586105346679688],
    [30, 10, 21, 0.9572260547429323],
  ])('of %i samples are %i and %i', (count, lower, upper, coverage) => {
    const ranks = medianRanks(count, 0.95)
    expect([ranks?.lower, ranks?.upper]).toEqual([lower, upper])
    expect(ranks?.coverage).toBeCloseTo(coverage, 8)
  })

  it('do not exist for five samples', () => {
    expect(medianRanks(5, 0.95)).toBeUndefined()
    expect(medianRanks(0, 0.5)).toBeUndefined()
  })
})

describe('medianInterval', () => {
  it('takes the order statistics of its ranks', () => {
    const samples = [9, 1, 8, 2, 7, 3, 6, 4, 5]
    expect(medianInterval(samples, 0.95)).toEqual({ value: 5, low: 2, high: 8 })
    expect(medianInterval([1, 2, 3, 4, 5], 0.95)).toBeUndefined()
  })
})

describe('batchMeansInterval', () => {
  const autoregressive = (seed: number, count: number, correlation: number): number[] => {
    const random = createRandom(seed)
    let state = random.normal() / Math.sqrt(1 - correlation ** 2)
    return Array.from({ length: count }, () => {
      state = correlation * state + random.normal()
      return state
    })
  }

  it('covers the mean of an autocorrelated series where the t interval does not', () => {
    const covers = (interval: { low: number; high: number } | undefined) =>
      interval !== undefined && interval.low <= 0 && interval.high >= 0
    const runs = Array.from({ length: 200 }, (_, seed) => autoregressive(seed, 1000, 0.8))
    const batched = runs.filter((run) => covers(batchMeansInterval(run, 0.9))).length
    const naive = runs.filter((run) => covers(meanInterval(run, 0.9))).length
    expect(batched).toBeGreaterThanOrEqual(170)
    expect(naive).toBeLessThan(120)
  })

  it('names the inflation of the variance that autocorrelation causes', () => {
    const theory = (1 + 0.8) / (1 - 0.8)
    const inflation = batchMeansInterval(autoregressive(1, 40_000, 0.8), 0.9, 100)
    expect(inflation?.varianceInflation).toBeGreaterThan(theory * 0.7)
    expect(inflation?.varianceInflation).toBeLessThan(theory * 1.4)
  })

  it('leaves out the oldest samples that fill no batch', () => {
    const series = [1000, ...Array.from({ length: 40 }, () => 5)]
    expect(batchMeansInterval(series, 0.9)).toEqual({
      value: 5,
      low: 5,
      high: 5,
      batches: 20,
      batchSize: 2,
      varianceInflation: 1,
    })
  })

  it('refuses to speak from fewer than 20 batches of two', () => {
    expect(
      batchMeansInterval(
        Array.from({ length: 39 }, (_, i) => i),
        0.9,
      ),
    ).toBeUndefined()
    expect(() => batchMeansInterval([1, 2, 3], 0.9, 3)).toThrow('batch means need 20 batches')
  })
})
