import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CholeskyFactor, dot, multiply } from '../../coordinator/model/cholesky.js'
import { GaussianProcess, varianceReduction } from '../../coordinator/model/gaussian-process.js'
import { matern52 } from '../../coordinator/model/kernels.js'
import { SeededOrder } from '../../coordinator/model/universe.js'
import { createRandom } from '../../shared/stats/random.js'

const points = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 2, maxLength: 12 })
  .map((places) => places.map((place) => place / 10))
const kernel = (a: number, b: number): number => 1.7 * matern52(Math.abs(a - b) / 0.8)

function processOf(x: readonly number[], y: readonly number[], noise: readonly number[]) {
  const n = x.length
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      matrix[i * n + j] =
        kernel(x[i] as number, x[j] as number) + (i === j ? (noise[i] as number) : 0)
    }
  }
  return new GaussianProcess(matrix, Float64Array.from(y))
}

const row = (x: readonly number[], at: number): Float64Array =>
  Float64Array.from(x, (each) => kernel(at, each))
const valuesFor = (x: readonly number[], seed: number): number[] => {
  const random = createRandom(seed)
  return x.map(() => random.normal())
}
const noiseFor = (x: readonly number[]): number[] => x.map(() => 0.02)

describe('laws of the Gaussian process', () => {
  it('a variance reduction is the drop when the point is really added, whatever its value', () => {
    fc.assert(
      fc.property(
        points,
        fc.double({ min: 0, max: 6, noNaN: true }),
        fc.double({ min: -9, max: 9, noNaN: true }),
        (x, added, value) => {
          const before = processOf(x, valuesFor(x, 1), noiseFor(x))
          const after = processOf(
            [...x, added],
            [...valuesFor(x, 1), value],
            noiseFor([...x, added]),
          )
          const spread = before.variance(row(x, added), kernel(0, 0))
          for (const reference of [0.3, 2.2, 5.9]) {
            const covariance = before.covariance(
              row(x, added),
              row(x, reference),
              kernel(added, reference),
            )
            const drop =
              before.variance(row(x, reference), kernel(0, 0)) -
              after.variance(row([...x, added], reference), kernel(0, 0))
            expect(drop).toBeCloseTo(varianceReduction(covariance, spread, 0.02), 8)
          }
        },
      ),
    )
  })

  it('appending is the same as starting anew, and variance never rises', () => {
    fc.assert(
      fc.property(points, fc.nat(), (x, seed) => {
        const y = valuesFor(x, seed)
        const grown = processOf(x.slice(0, 1), y.slice(0, 1), [0.02])
        let last = grown.variance(row(x.slice(0, 1), 1.1), kernel(0, 0))
        for (let n = 1; n < x.length; n += 1) {
          grown.append(row(x.slice(0, n), x[n] as number), kernel(0, 0) + 0.02, y[n] as number)
          const now = grown.variance(row(x.slice(0, n + 1), 1.1), kernel(0, 0))
          expect(now).toBeLessThanOrEqual(last + 1e-10)
          last = now
        }
        const whole = processOf(x, y, noiseFor(x))
        expect(grown.mean(row(x, 1.1))).toBeCloseTo(whole.mean(row(x, 1.1)), 8)
        expect(last).toBeCloseTo(whole.variance(row(x, 1.1), kernel(0, 0)), 8)
      }),
    )
  })

  it('the order of observations changes nothing', () => {
    fc.assert(
      fc.property(points, fc.nat(), (x, seed) => {
        const y = valuesFor(x, seed)
        const forward = processOf(x, y, noiseFor(x))
        const backward = processOf([...x].reverse(), [...y].reverse(), noiseFor(x))
        expect(backward.mean(row([...x].reverse(), 2.5))).toBeCloseTo(forward.mean(row(x, 2.5)), 8)
      }),
    )
  })

  it('scaled values give scaled means; two repeats are one with half the noise', () => {
    fc.assert(
      fc.property(points, fc.double({ min: 0.1, max: 50, noNaN: true }), (x, scale) => {
        const y = valuesFor(x, 4)
        const one = processOf(x, y, noiseFor(x))
        const scaled = processOf(
          x,
          y.map((value) => value * scale),
          noiseFor(x),
        )
        expect(scaled.mean(row(x, 1.7)) / scale).toBeCloseTo(one.mean(row(x, 1.7)), 8)
        const first = x[0] as number
        const twice = processOf(
          [...x, first],
          [...y, (y[0] as number) + 1],
          noiseFor([...x, first]),
        )
        const merged = processOf(
          x,
          [(y[0] as number) + 0.5, ...y.slice(1)],
          [0.01, ...noiseFor(x).slice(1)],
        )
        expect(twice.mean(row([...x, first], 1.7))).toBeCloseTo(merged.mean(row(x, 1.7)), 8)
      }),
    )
  })
})

describe('laws of the helpers', () => {
  it('a factor solves what it factorised', () => {
    fc.assert(
      fc.property(points, (x) => {
        const n = x.length
        const matrix = Float64Array.from({ length: n * n }, (_, at) => {
          const [i, j] = [Math.floor(at / n), at % n]
          return kernel(x[i] as number, x[j] as number) + (i === j ? 0.1 : 0)
        })
        const factor = CholeskyFactor.of(matrix, n)
        const inverse = factor.inverse()
        const b = Float64Array.from(x)
        const solved = factor.solve(b)
        for (let i = 0; i < n; i += 1) {
          const product = b.reduce(
            (sum, value, j) => sum + value * (inverse[i * n + j] as number),
            0,
          )
          expect(solved[i]).toBeCloseTo(product, 8)
        }
      }),
    )
  })

  it('a product of a matrix and a vector is that of its rows, to the last bit', () => {
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true })
    const matrices = fc
      .integer({ min: 1, max: 13 })
      .chain((n) =>
        fc.tuple(
          fc.array(value, { minLength: n * n, maxLength: n * n }),
          fc.array(value, { minLength: n, maxLength: n }),
        ),
      )
    fc.assert(
      fc.property(matrices, ([entries, vector]) => {
        const n = vector.length
        const matrix = Float64Array.from(entries)
        const b = Float64Array.from([7, ...vector])
        const result = new Float64Array(n + 2)
        multiply(matrix, n, b, 1, result, 2)
        const rows = Float64Array.from(vector, (_, row) => dot(matrix, row * n, b, 1, n))
        expect(result).toEqual(Float64Array.from([0, 0, ...rows]))
      }),
    )
  })

  it('a seeded order visits every index once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), (size, seed) => {
        const order = new SeededOrder(size, seed)
        const seen = new Set(Array.from({ length: size }, (_, place) => order.at(place)))
        expect(seen.size).toBe(size)
        expect(Math.max(...seen)).toBe(size - 1)
      }),
    )
  })
})
