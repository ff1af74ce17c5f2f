import { describe, expect, it } from 'vitest'
import { Histogram } from '../../../../shared/stats/histogram.js'

const of = (...values: number[]) => {
  const histogram = new Histogram(0.01)
  for (const value of values) histogram.record(value)
  return histogram
}

describe('Histogram', () => {
  it('knows every quantile within its relative error', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 0.0001 * 1.02 ** i)
    const histogram = of(...values)
    for (const q of [0.01, 0.5, 0.9, 0.99, 1]) {
      const truth = values[Math.ceil(q * 1000) - 1] as number
      const found = histogram.quantile(q)
      expect(found?.low).toBeLessThanOrEqual(truth)
      expect(found?.high).toBeGreaterThanOrEqual(truth)
      expect(Math.abs((found?.value ?? NaN) / truth - 1)).toBeLessThanOrEqual(0.01)
    }
  })

  it('keeps its ends exact and counts zeros apart', () => {
    const histogram = of(0, 0, 0, 7)
    expect([histogram.count, histogram.min, histogram.max]).toEqual([4, 0, 7])
    expect(histogram.quantile(0.5)).toEqual({ value: 0, low: 0, high: 0 })
    expect(histogram.quantile(1)?.high).toBe(7)
    expect(Math.abs(histogram.mean() / 1.75 - 1)).toBeLessThanOrEqual(0.01)
  })

  it('survives its plain data', () => {
    const histogram = of(0, 0.5, 3, 3, 1e9)
    const copy = Histogram.from(
      JSON.parse(JSON.stringify(histogram.serialise())) as ReturnType<Histogram['serialise']>,
    )
    expect(copy.serialise()).toEqual(histogram.serialise())
    expect(Histogram.from(new Histogram().serialise()).count).toBe(0)
  })

  it('has nothing to say when empty', () => {
    expect(new Histogram().quantile(0.5)).toBeUndefined()
    expect(new Histogram().mean()).toBeNaN()
  })

  it('refuses what it cannot hold', () => {
    expect(() => of(-1)).toThrow('a histogram holds finite numbers from 0, not -1')
    expect(() => of(Infinity)).toThrow(RangeError)
    expect(() => of(NaN)).toThrow(RangeError)
    expect(() => new Histogram(1)).toThrow(RangeError)
    expect(() => of(1).merge(new Histogram(0.02))).toThrow(
      'histograms of unlike relative errors do not merge',
    )
  })
})
