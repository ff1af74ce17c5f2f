import { describe, expect, it } from 'vitest'
import { CholeskyFactor } from '../../../../coordinator/model/cholesky.js'
import { Covariance, CovarianceLayout } from '../../../../coordinator/model/covariance.js'
import type { LinearisedPoints } from '../../../../coordinator/model/covariance.js'
import { PriorMatrix } from '../../../../coordinator/model/prior-matrix.js'
import { exhaust } from '../../../../coordinator/model/steps.js'
import type { Steps } from '../../../../coordinator/model/steps.js'
import { createRandom } from '../../../../shared/stats/random.js'

const shape = { axes: 3, levels: 2, stairs: 1, loadVaries: true, groupLevel: 1, hasPast: false }
const layout = new CovarianceLayout(shape)
const covariance = new Covariance(
  layout,
  Float64Array.from(layout.priors(), ({ centre }) => centre),
  new Map([
    [0, 0.5],
    [2, 3],
  ]),
)

/** Points of four blocks, anywhere. */
function pointsOf(count: number, seed: number): LinearisedPoints {
  const random = createRandom(seed)
  const some = (size: number): Float64Array =>
    Float64Array.from({ length: size }, () => random.next())
  return {
    terms: 2,
    slopes: some(2 * count),
    points: {
      count,
      indices: Uint32Array.from({ length: count }, (_, i) => i),
      x: some(3 * count),
      keys: Int32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 0 : random.below(4))),
      origins: new Int32Array(count),
      pressure: some(count),
      buckets: Int32Array.from({ length: count }, () => random.below(5)),
    },
  }
}

/** The matrix entry by entry. */
function plain(rows: LinearisedPoints, noise: Float64Array): Float64Array {
  const n = noise.length
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) matrix[i * n + j] = covariance.between(rows, i, rows, j)
    const own = covariance.between(rows, i, rows, i)
    matrix[i * n + i] = own + covariance.nuggetAt(rows.points, i) + (noise[i] as number)
  }
  return matrix
}

/** To the last bit. */
const isSame = (a: Float64Array, b: Float64Array): boolean =>
  Buffer.from(a.buffer).equals(Buffer.from(b.buffer))

/** How many steps it took, and what came of them. */
function stepped<T>(steps: Steps<T>): { count: number; value: T } {
  for (let count = 1; ; count += 1) {
    const step = steps.next()
    if (step.done === true) return { count, value: step.value }
  }
}

describe('the prior matrix of many points', () => {
  const count = 420
  const rows = pointsOf(count, 1)
  const prior = new PriorMatrix(covariance, rows)
  const noise = new Float64Array(count).fill(0.01)

  it('is what it is entry by entry, to the last bit, also when slopes and noise have changed', () => {
    expect(isSame(exhaust(prior.with(noise)), plain(rows, noise))).toBe(true)
    rows.slopes.set(pointsOf(count, 2).slopes)
    noise.fill(0.02, 7, 90)
    expect(isSame(exhaust(prior.with(noise)), plain(rows, noise))).toBe(true)
  })

  it('is computed in steps, and only what changes is computed again', () => {
    const fresh = new PriorMatrix(covariance, rows)
    expect(stepped(fresh.with(noise)).count).toBeGreaterThan(4)
    expect(stepped(fresh.with(noise)).count).toBe(1)
  })

  it('is factorised in steps as in one piece', () => {
    const matrix = exhaust(prior.with(noise))
    const whole = CholeskyFactor.of(matrix, count)
    const { count: steps, value } = stepped(CholeskyFactor.inSteps(matrix, count))
    expect(steps).toBeGreaterThan(2)
    const b = pointsOf(count, 3).points.pressure
    expect(value.solve(b)).toEqual(whole.solve(b))
  })

  it('is refused in steps, too, when it is not positive definite', () => {
    expect(() => exhaust(CholeskyFactor.inSteps(Float64Array.from([1, 0, 2, 1]), 2))).toThrow(
      RangeError,
    )
  })
})
