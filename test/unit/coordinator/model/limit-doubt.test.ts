import { describe, expect, it } from 'vitest'
import { limitDoubt } from '../../../../coordinator/model/limit-doubt.js'

const band = { low: 1000, high: 4000 }
const jump = Math.log(3)

describe('the doubt about where memory ends', () => {
  it('is greatest in the middle of the band, where either side is as likely', () => {
    expect(limitDoubt(jump, 2000, band)).toBeCloseTo((Math.PI / 8) * jump ** 2, 12)
    expect(limitDoubt(jump, 1100, band)).toBeLessThan(limitDoubt(jump, 1500, band))
    expect(limitDoubt(jump, 3600, band)).toBeLessThan(limitDoubt(jump, 2600, band))
  })

  it('is the same for a jump up and down, and none without one', () => {
    expect(limitDoubt(-jump, 1500, band)).toBe(limitDoubt(jump, 1500, band))
    expect(limitDoubt(0, 1500, band)).toBe(0)
  })

  it('beyond the band is that of a value between those at its ends', () => {
    expect(limitDoubt(jump, 5000, band)).toBeCloseTo(jump ** 2 / 12, 12)
  })
})
