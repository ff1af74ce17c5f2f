import type { Covariance, LinearisedPoints } from './covariance.js'
import { GaussianProcess } from './gaussian-process.js'
import { joined } from './joined-points.js'
import { spreadSample } from './universe.js'

/** Observations that a prediction looks at: those most like it, and some from everywhere. */
const nearest = 48
const everywhere = 24

/** Predictions from the nearest observations, where there are too many for all of them. */
export class LocalProcess {
  readonly #covariance: Covariance
  #rows: LinearisedPoints
  readonly #residuals: number[]
  readonly #noise: number[]
  readonly #spread: readonly number[]

  /** @param residuals observed logs less their prior means. */
  constructor(
    covariance: Covariance,
    rows: LinearisedPoints,
    residuals: readonly number[],
    noise: readonly number[],
  ) {
    this.#covariance = covariance
    this.#rows = rows
    this.#residuals = [...residuals]
    this.#noise = [...noise]
    this.#spread = spreadSample(rows.points.indices, everywhere)
  }

  append(one: LinearisedPoints, residual: number, noise: number): void {
    this.#rows = joined(this.#rows, one)
    this.#residuals.push(residual)
    this.#noise.push(noise)
  }

  /** Deviation from the prior mean, and the variance of the smooth surface there. */
  predict(target: LinearisedPoints, row: number): { mean: number; variance: number } {
    const covariance = this.#covariance
    const rows = this.#rows
    const chosen = this.#neighbours(target, row)
    const n = chosen.length
    const matrix = new Float64Array(n * n)
    const towards = new Float64Array(n)
    for (let a = 0; a < n; a += 1) {
      const i = chosen[a] as number
      towards[a] = covariance.between(target, row, rows, i)
      for (let b = 0; b < a; b += 1) {
        matrix[a * n + b] = covariance.between(rows, i, rows, chosen[b] as number)
      }
      matrix[a * n + a] =
        covariance.variance(rows, i) + covariance.nugget + (this.#noise[i] as number)
    }
    const process = new GaussianProcess(
      matrix,
      Float64Array.from(chosen, (i) => this.#residuals[i] as number),
    )
    return {
      mean: process.mean(towards),
      variance: process.variance(towards, covariance.variance(target, row)),
    }
  }

  #neighbours(target: LinearisedPoints, row: number): number[] {
    const { points } = this.#rows
    const n = points.count
    const likeness = new Float64Array(n)
    for (let i = 0; i < n; i += 1) {
      const depth = this.#covariance.depth(target.points, row, points, i)
      likeness[i] = this.#covariance.residual(target.points, row, points, i, depth)
    }
    const bar = likeness.slice().sort()[Math.max(0, n - nearest)] as number
    const chosen = new Set<number>()
    for (let i = 0; i < n && chosen.size < nearest; i += 1) {
      if ((likeness[i] as number) >= bar) chosen.add(i)
    }
    for (const i of this.#spread) chosen.add(i)
    return [...chosen].sort((a, b) => a - b)
  }
}
