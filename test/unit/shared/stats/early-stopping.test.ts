import { describe, expect, it } from 'vitest'
import {
  minimumPassing,
  minimumQueries,
  percentileUpperBound,
  supportsPercentile,
} from '../../../../shared/stats/early-stopping.js'
import { sorted } from '../../../../shared/stats/quantile.js'
import { createRandom } from '../../../../shared/stats/random.js'

describe('minimumPassing', () => {
  it.each([
    [0, 44, 90, 152, 459],
    [1, 63, 129, 218, 661],
    [2, 79, 163, 275, 836],
    [5, 122, 254, 428, 1302],
    [10, 187, 388, 657, 2000],
  ])('with %i failures at p90, p95, p97, p99', (failures, p90, p95, p97, p99) => {
    const found = [0.9, 0.95, 0.97, 0.99].map((percentile) => minimumPassing(failures, percentile))
    expect(found).toEqual([p90, p95, p97, p99])
  })
})

describe('minimumQueries', () => {
  it('leaves room for one failure', () => {
    expect([0.9, 0.95, 0.97, 0.99].map((percentile) => minimumQueries(percentile))).toEqual([
      64, 130, 219, 662,
    ])
    expect(supportsPercentile(661, 0.99)).toBe(false)
    expect(supportsPercentile(662, 0.99)).toBe(true)
    expect(supportsPercentile(100, 0.99, 0.5)).toBe(false)
  })
})

describe('percentileUpperBound', () => {
  it('is exceeded by the true percentile less often than it may be', () => {
    const exceeded = Array.from({ length: 400 }, (_, seed) => {
      const random = createRandom(seed)
      return percentileUpperBound(
        sorted(Array.from({ length: 200 }, () => random.next())),
        0.9,
        0.95,
      )
    }).filter((bound) => bound === undefined || bound < 0.9)
    expect(exceeded.length).toBeLessThanOrEqual(20)
  })

  it('is the largest of just enough samples, and nothing of fewer', () => {
    const samples = Array.from({ length: 64 }, (_, i) => i)
    expect(percentileUpperBound(sorted(samples), 0.9)).toBe(63)
    expect(percentileUpperBound(sorted(samples.slice(1)), 0.9)).toBeUndefined()
  })
})
