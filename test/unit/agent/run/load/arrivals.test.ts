import { describe, expect, it } from 'vitest'
import { arrivalTimes } from '../../../../../agent/run/load/arrivals.js'
import { mean, standardDeviation } from '../../../../../shared/stats/quantile.js'
import { createRandom } from '../../../../../shared/stats/random.js'

function gaps(arrivals: 'constant' | 'poisson' | 'gamma', burstiness: number): number[] {
  const times = arrivalTimes(arrivals, 20, burstiness, 20_001, createRandom(5))
  return times.slice(1).map((time, index) => time - (times[index] ?? 0))
}

describe('arrivalTimes', () => {
  it('starts at once and spaces constant arrivals evenly', () => {
    expect(arrivalTimes('constant', 4, 1, 4, createRandom(1))).toEqual([0, 0.25, 0.5, 0.75])
  })

  it.each([
    ['poisson', 1, 1],
    ['gamma', 1, 1],
    ['gamma', 4, 0.5],
    ['gamma', 0.25, 2],
  ] as const)(
    '%s with burstiness %d has mean 1/rate and variation %d',
    (kind, shape, variation) => {
      const drawn = gaps(kind, shape)
      expect(mean(drawn) * 20).toBeCloseTo(1, 1)
      expect(standardDeviation(drawn) / mean(drawn)).toBeCloseTo(variation, 1)
    },
  )
})
