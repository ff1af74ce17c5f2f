import { describe, expect, it } from 'vitest'
import { maxSobolDimensions, scrambledSobol, sobol } from '../../../../shared/stats/sobol.js'

const take = (count: number, sequence: { next(): number[] }) =>
  Array.from({ length: count }, () => sequence.next())

describe('sobol', () => {
  it('gives the points of scipy.stats.qmc.Sobol(d=6, scramble=False)', () => {
    const points = take(17, sobol(6))
    expect(points.slice(0, 8)).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375, 0.125],
      [0.875, 0.875, 0.125, 0.375, 0.875, 0.625],
      [0.625, 0.125, 0.875, 0.625, 0.625, 0.875],
      [0.125, 0.625, 0.375, 0.125, 0.125, 0.375],
    ])
    expect(points[16]).toEqual([0.09375, 0.46875, 0.46875, 0.65625, 0.28125, 0.96875])
  })

  it('refuses dimensions that it has no direction numbers for', () => {
    expect(() => sobol(0)).toThrow(RangeError)
    expect(() => sobol(maxSobolDimensions + 1)).toThrow(
      `a Sobol sequence has 1 to ${maxSobolDimensions} dimensions`,
    )
    expect(() => scrambledSobol(1.5, 1)).toThrow(RangeError)
  })
})

describe('scrambledSobol', () => {
  it('is the same for the same seed and another for another', () => {
    expect(take(9, scrambledSobol(4, 7))).toEqual(take(9, scrambledSobol(4, 7)))
    expect(take(9, scrambledSobol(4, 7))).not.toEqual(take(9, scrambledSobol(4, 8)))
  })

  it('stays inside the unit cube', () => {
    for (const point of take(512, scrambledSobol(maxSobolDimensions, 3))) {
      expect(point.every((x) => x >= 0 && x < 1)).toBe(true)
    }
  })
})
