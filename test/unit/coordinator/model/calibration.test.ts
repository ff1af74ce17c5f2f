import { describe, expect, it } from 'vitest'
import {
  auditScale,
  intervalQuantile,
  lognormalError,
  shareWithin,
} from '../../../../coordinator/model/calibration.js'

const audits = (zs: readonly number[]) =>
  zs.map((z, index) => ({ index, z, relativeError: 0.01 * z }))

describe('the error that a lognormal spread means', () => {
  it.each([
    [0.02, 0.01595981907575169, 0.9874825884190734],
    [0.05, 0.03992748985197788, 0.6829416194197158],
    [0.1, 0.08005495027086557, 0.3831911302427011],
  ])('at a spread of %f', (sd, error, within) => {
    expect(lognormalError(sd)).toBeCloseTo(error, 9)
    expect(shareWithin(0.05, sd)).toBeCloseTo(within, 9)
  })

  it('is never more than any tolerance above 1 allows', () => {
    expect(shareWithin(3, 0.5)).toBeGreaterThan(0.99)
    expect(shareWithin(3, 3)).toBeLessThan(0.7)
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
