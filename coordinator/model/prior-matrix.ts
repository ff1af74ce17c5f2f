import type { Covariance, LinearisedPoints } from './covariance.js'
import type { SharedNoise } from './node-levels/level-effects.js'
import type { Steps } from './steps.js'

/** Pairs of points whose covariance a step of a few milliseconds gets through. */
const pairsPerStep = 20_000

/**
 * Prior covariance of observed values. What does not change when their mean is linearised anew, or
 * when their noise is thought to be another, is computed once.
 */
export class PriorMatrix {
  readonly #covariance: Covariance
  readonly #rows: LinearisedPoints
  readonly #shared: SharedNoise | undefined
  /** Residual that the points of a pair share, row by row. */
  #residual: Float64Array | undefined

  /**
   * @param rows whose slopes may change between two matrices; nothing else may.
   * @param shared noise that the values have in common.
   */
  constructor(covariance: Covariance, rows: LinearisedPoints, shared?: SharedNoise) {
    this.#covariance = covariance
    this.#rows = rows
    this.#shared = shared
  }

  /** Its lower triangle, the nugget and this noise on the diagonal; step by step. */
  *with(noise: Float64Array): Steps<Float64Array> {
    const covariance = this.#covariance
    const rows = this.#rows
    const { points } = rows
    const n = points.count
    const residual = yield* this.#residuals()
    const matrix = new Float64Array(n * n)
    let pair = 0
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const kinship = covariance.kinship(points, i, points, j)
        const physical = covariance.physical(rows, i, rows, j, kinship)
        const between = physical + (residual[pair] as number)
        const value = this.#shared === undefined ? between : between + this.#shared.between(i, j)
        matrix[i * n + j] =
          i === j ? value + covariance.nuggetAt(points, i) + (noise[i] as number) : value
        pair += 1
      }
    }
    return matrix
  }

  *#residuals(): Steps<Float64Array> {
    if (this.#residual !== undefined) return this.#residual
    const covariance = this.#covariance
    const { points } = this.#rows
    const n = points.count
    const residual = new Float64Array((n * (n + 1)) / 2)
    let pair = 0
    let due = pairsPerStep
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const kinship = covariance.kinship(points, i, points, j)
        residual[pair] = covariance.residual(points, i, points, j, kinship)
        pair += 1
      }
      if (pair < due) continue
      due = pair + pairsPerStep
      yield
    }
    this.#residual = residual
    return residual
  }
}
