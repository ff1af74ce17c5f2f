import { describe, expect, it } from 'vitest'
import { bootstrapInterval } from '../../../../shared/stats/bootstrap.js'
import { mean, median } from '../../../../shared/stats/quantile.js'
import { createRandom } from '../../../../shared/stats/random.js'

describe('bootstrapInterval', () => {
  const draw = (seed: number, count: number) => {
    const random = createRandom(seed)
    return Array.from({ length: count }, () => Math.exp(random.normal()))
  }

  it('gives the same interval for the same seed', () => {
    const samples = draw(1, 30)
    const options = { confidence: 0.9, seed: 5, resamples: 200 }
    expect(bootstrapInterval(samples, median, options)).toEqual(
      bootstrapInterval(samples, median, options),
    )
  })

  it('covers the mean of a skewed distribution about as often as it says', () => {
    const truth = Math.exp(0.5)
    const covered = Array.from({ length: 200 }, (_, seed) =>
      bootstrapInterval(draw(seed, 60), mean, { confidence: 0.9, seed, resamples: 400 }),
    ).filter((interval) => interval && interval.low <= truth && truth <= interval.high)
    expect(covered.length / 200).toBeGreaterThan(0.8)
    expect(covered.length / 200).toBeLessThan(0.97)
  })

  it('collapses where nothing varies and refuses one sample', () => {
    const options = { confidence: 0.9, seed: 1 }
    expect(bootstrapInterval([2, 2, 2], mean, options)).toEqual({ value: 2, low: 2, high: 2 })
    expect(bootstrapInterval([2], mean, options)).toBeUndefined()
  })
})
