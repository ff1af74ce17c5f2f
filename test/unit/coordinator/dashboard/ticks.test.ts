import { describe, expect, it } from 'vitest'
import { growsByFactors, somePlaces } from '../../../../coordinator/dashboard/surface/ticks.js'

describe('ticks of a surface’s axes', () => {
  it('are evenly chosen, first and last among them', () => {
    expect(somePlaces(8, 20)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(somePlaces(9, 3)).toEqual([0, 4, 8])
    expect(somePlaces(250, 1)).toEqual([0, 249])
    expect(somePlaces(1, 5)).toEqual([0])
  })

  it('are logarithmic where values grow by factors only', () => {
    expect(growsByFactors([1, 2, 4, 8, 16])).toBe(true)
    expect(growsByFactors([1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16])).toBe(false)
    expect(growsByFactors([128, 256, 512, 1024])).toBe(false)
    expect(growsByFactors(Array.from({ length: 250 }, (_, k) => k + 1))).toBe(false)
    expect(growsByFactors([0, 16, 256])).toBe(false)
    expect(growsByFactors([])).toBe(false)
  })
})
