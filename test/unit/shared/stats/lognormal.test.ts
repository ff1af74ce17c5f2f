import { describe, expect, it } from 'vitest'
import { lognormalMape, lognormalShareWithin } from '../../../../shared/stats/lognormal.js'
import { mean } from '../../../../shared/stats/quantile.js'
import { createRandom } from '../../../../shared/stats/random.js'

describe('a lognormal error', () => {
  it.each([
    [0.02, 0.01595981907575169, 0.9874825884190734],
    [0.05, 0.03992748985197788, 0.6829416194197158],
    [0.1, 0.08005495027086557, 0.38319113024270113],
  ])('of sd %d', (sd, mape, within) => {
    expect(lognormalMape(sd)).toBeCloseTo(mape, 9)
    expect(lognormalShareWithin(0.05, sd)).toBeCloseTo(within, 9)
  })

  it('with a bias agrees with draws', () => {
    const random = createRandom(1)
    const errors = Array.from({ length: 100_000 }, () =>
      Math.abs(Math.expm1(-0.08 + 0.05 * random.normal())),
    )
    expect(lognormalMape(0.05, -0.08)).toBeCloseTo(mean(errors), 3)
    expect(lognormalShareWithin(0.05, 0.05, -0.08)).toBeCloseTo(
      errors.filter((error) => error <= 0.05).length / errors.length,
      2,
    )
  })

  it('without spread is its bias', () => {
    expect(lognormalMape(0)).toBe(0)
    expect(lognormalMape(0, Math.log(1.2))).toBeCloseTo(0.2, 12)
    expect(lognormalShareWithin(0.05, 0)).toBe(1)
    expect(lognormalShareWithin(0.05, 0, 0.1)).toBe(0)
  })
})
