import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitConformalQuantile } from '../../shared/stats/conformal.js'
import { Histogram } from '../../shared/stats/histogram.js'
import { medianRanks } from '../../shared/stats/interval.js'
import { latinHypercube } from '../../shared/stats/latin-hypercube.js'
import { quantile, sorted } from '../../shared/stats/quantile.js'
import { createRandom } from '../../shared/stats/random.js'
import { maxSobolDimensions, scrambledSobol, sobol } from '../../shared/stats/sobol.js'

const value = fc.double({ min: 0, max: 1e12, noNaN: true })
const values = fc.array(value, { maxLength: 50 })
const seed = fc.integer({ min: 0, max: 2 ** 31 })

function histogramOf(samples: readonly number[]): Histogram {
  const histogram = new Histogram(0.01)
  for (const sample of samples) histogram.record(sample)
  return histogram
}

describe('a histogram', () => {
  it('merges associatively, commutatively, and as if recorded together', () => {
    fc.assert(
      fc.property(values, values, values, (first, second, third) => {
        const [a, b, c] = [first, second, third].map(histogramOf) as [
          Histogram,
          Histogram,
          Histogram,
        ]
        const left = a.merge(b).merge(c).serialise()
        expect(a.merge(b.merge(c)).serialise()).toEqual(left)
        expect(c.merge(b).merge(a).serialise()).toEqual(left)
        expect(histogramOf([...first, ...second, ...third]).serialise()).toEqual(left)
      }),
    )
  })

  it('has monotone quantiles whose bounds hold the order statistic', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, p, q) => {
          const histogram = histogramOf(samples)
          const [lower, upper] = [Math.min(p, q), Math.max(p, q)].map((share) =>
            histogram.quantile(share),
          )
          expect(lower?.value).toBeLessThanOrEqual(upper?.value ?? NaN)
          const rank = Math.max(Math.ceil(Math.min(p, q) * samples.length), 1)
          const truth = sorted(samples)[rank - 1] as number
          expect(lower?.low).toBeLessThanOrEqual(truth)
          expect(lower?.high).toBeGreaterThanOrEqual(truth)
          expect(Math.abs((lower?.value ?? NaN) - truth)).toBeLessThanOrEqual(
            truth * 0.01 * (1 + 1e-9),
          )
        },
      ),
    )
  })
})

describe('a quantile', () => {
  it('is monotone and inside the samples', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, p, q) => {
          const ascending = sorted(samples)
          const lower = quantile(ascending, Math.min(p, q))
          const upper = quantile(ascending, Math.max(p, q))
          expect(lower).toBeLessThanOrEqual(upper * (1 + 1e-12))
          expect(lower).toBeGreaterThanOrEqual(ascending[0] as number)
          expect(upper).toBeLessThanOrEqual((ascending.at(-1) as number) * (1 + 1e-12))
        },
      ),
    )
  })
})

describe('a Sobol sequence', () => {
  const stratified = (points: readonly number[][], dimensions: number) => {
    for (let d = 0; d < dimensions; d += 1) {
      const cells = new Set(points.map((point) => Math.floor((point[d] as number) * points.length)))
      expect(cells.size).toBe(points.length)
    }
  }

  it('hits every 1/2^k cell of every axis once with its first 2^k points, scrambled or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: maxSobolDimensions }),
        fc.integer({ min: 0, max: 9 }),
        seed,
        (dimensions, k, scramble) => {
          for (const sequence of [sobol(dimensions), scrambledSobol(dimensions, scramble)]) {
            const points = Array.from({ length: 2 ** k }, () => sequence.next())
            stratified(points, dimensions)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a Latin hypercube', () => {
  it('has one point in every stratum of every axis', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 6 }),
        seed,
        (count, dimensions, draw) => {
          const points = latinHypercube(count, dimensions, draw)
          for (let d = 0; d < dimensions; d += 1) {
            const strata = points.map((point) => Math.floor((point[d] as number) * count))
            expect(strata.sort((a, b) => a - b)).toEqual(points.map((_, i) => i))
          }
        },
      ),
    )
  })
})

describe('median ranks', () => {
  it('cover at least the confidence, and no closer pair does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (count, confidence) => {
          const ranks = medianRanks(count, confidence)
          if (ranks === undefined) {
            expect(1 - 2 * 0.5 ** count).toBeLessThan(confidence)
            return
          }
          expect(ranks.lower + ranks.upper).toBe(count + 1)
          expect(ranks.coverage).toBeGreaterThanOrEqual(confidence)
        },
      ),
    )
  })
})

describe('split conformal', () => {
  it.each([
    [9, 0.1],
    [19, 0.2],
    [30, 0.1],
  ])(
    'with %i scores at alpha %d covers within [1 - alpha, 1 - alpha + 1/(n+1)]',
    (count, alpha) => {
      const draws = 2000
      const random = createRandom(count)
      let covered = 0
      for (let draw = 0; draw < draws; draw += 1) {
        const scores = Array.from({ length: count }, () => Math.abs(random.normal()))
        if (Math.abs(random.normal()) <= splitConformalQuantile(scores, alpha)) covered += 1
      }
      const standardError = Math.sqrt((alpha * (1 - alpha)) / draws)
      expect(covered / draws).toBeGreaterThan(1 - alpha - 3 * standardError)
      expect(covered / draws).toBeLessThan(1 - alpha + 1 / (count + 1) + 3 * standardError)
    },
  )
})
