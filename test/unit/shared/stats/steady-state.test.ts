import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../../shared/stats/random.js'
import { drifts, trendOf, warmUpEnd } from '../../../../shared/stats/steady-state.js'

const noisy = (count: number, level: (i: number) => number, seed = 1) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, i) => level(i) + 0.1 * random.normal())
}

describe('warmUpEnd', () => {
  it('cuts a warm-up off and little more', () => {
    const end = warmUpEnd(noisy(200, (i) => 1 + 5 * Math.exp(-i / 8)))
    expect(end).toBeGreaterThanOrEqual(20)
    expect(end).toBeLessThanOrEqual(60)
  })

  it('leaves a steady series whole', () => {
    expect(warmUpEnd(Array.from({ length: 100 }, () => 3))).toBe(0)
  })

  it('admits that a ramp never became steady, and that a short series cannot tell', () => {
    expect(warmUpEnd(noisy(200, (i) => i))).toBeUndefined()
    expect(warmUpEnd([1, 2, 3])).toBeUndefined()
  })
})

describe('trendOf', () => {
  it('measures a rise', () => {
    const trend = trendOf([1, 2, 3, 4, 5, 6, 7, 8])
    expect(trend).toMatchObject({ tau: 1, slope: 1 })
    expect(trend?.pValue).toBeLessThan(0.001)
  })

  it('finds none in a constant', () => {
    expect(trendOf([2, 2, 2, 2, 2])).toEqual({ tau: 0, slope: 0, pValue: 1 })
    expect(trendOf([1, 2, 3])).toBeUndefined()
  })

  it('raises as many false alarms as its p-value says', () => {
    const alarms = Array.from({ length: 400 }, (_, seed) =>
      trendOf(noisy(20, () => 1, seed)),
    ).filter((trend) => trend && trend.pValue < 0.05)
    expect(alarms.length).toBeLessThan(36)
    expect(alarms.length).toBeGreaterThan(6)
  })
})

describe('drifts', () => {
  it('needs a trend that is significant and large', () => {
    expect(
      drifts(
        noisy(400, (i) => 10 + i / 200),
        0.05,
      ),
    ).toBe(true)
    expect(
      drifts(
        noisy(400, (i) => 10 + i / 2000),
        0.05,
      ),
    ).toBe(false)
    expect(
      drifts(
        noisy(400, () => 10),
        0.05,
      ),
    ).toBe(false)
    expect(drifts([1, 2], 0.05)).toBeUndefined()
  })
})
