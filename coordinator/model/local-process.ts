import type { Covariance, LinearisedPoints } from './covariance.js'
import { GaussianProcess } from './gaussian-process.js'
import { joined } from './joined-points.js'
import type { LevelRow } from './node-levels/level-columns.js'
import type { SharedNoise } from './node-levels/level-effects.js'
import { spreadSample } from './universe.js'

/** Observations that a prediction looks at: those most like it, and some from everywhere. */
const nearest = 48
const everywhere = 24

export interface LocalPrediction {
  readonly mean: number
  readonly variance: number
  /** Observations that there were. */
  readonly seen: number
  /** Likeness from which an observation counts among the nearest. */
  readonly bar: number
}

/** Predictions from the nearest observations, where there are too many for all of them. */
export class LocalProcess {
  readonly #covariance: Covariance
  #rows: LinearisedPoints
  readonly #residuals: number[]
  readonly #noise: number[]
  #shared: SharedNoise | undefined
  readonly #spread: readonly number[]

  /**
   * @param residuals observed logs less their prior means.
   * @param shared noise that observations have in common.
   */
  constructor(
    covariance: Covariance,
    rows: LinearisedPoints,
    residuals: readonly number[],
    noise: readonly number[],
    shared?: SharedNoise,
  ) {
    this.#covariance = covariance
    this.#rows = rows
    this.#residuals = [...residuals]
    this.#noise = [...noise]
    this.#shared = shared
    this.#spread = spreadSample(rows.points.indices, everywhere)
  }

  get size(): number {
    return this.#rows.points.count
  }

  append(one: LinearisedPoints, residual: number, noise: number, level: LevelRow): void {
    this.#rows = joined(this.#rows, one)
    this.#residuals.push(residual)
    this.#noise.push(noise)
    this.#shared = this.#shared?.with(level)
  }

  /** Whether a prediction would come out otherwise than when it was made. */
  isOutdated({ seen, bar }: LocalPrediction, target: LinearisedPoints, row: number): boolean {
    for (let i = seen; i < this.#rows.points.count; i += 1) {
      if (this.#likeness(target, row, i) >= bar) return true
    }
    return false
  }

  /** Deviation from the prior mean, and the variance of the smooth surface there. */
  predict(target: LinearisedPoints, row: number): LocalPrediction {
    const covariance = this.#covariance
    const rows = this.#rows
    const shared = this.#shared
    const { chosen, bar } = this.#neighbours(target, row)
    const n = chosen.length
    const matrix = new Float64Array(n * n)
    const towards = new Float64Array(n)
    for (let a = 0; a < n; a += 1) {
      const i = chosen[a] as number
      towards[a] = covariance.between(target, row, rows, i)
      for (let b = 0; b < a; b += 1) {
        const j = chosen[b] as number
        const between = covariance.between(rows, i, rows, j)
        matrix[a * n + b] = shared === undefined ? between : between + shared.between(i, j)
      }
      const own =
        covariance.variance(rows, i) +
        covariance.nuggetAt(rows.points, i) +
        (this.#noise[i] as number)
      matrix[a * n + a] = shared === undefined ? own : own + shared.between(i, i)
    }
    const process = new GaussianProcess(
      matrix,
      Float64Array.from(chosen, (i) => this.#residuals[i] as number),
    )
    return {
      mean: process.mean(towards),
      variance: process.variance(towards, covariance.variance(target, row)),
      seen: rows.points.count,
      bar,
    }
  }

  #likeness(target: LinearisedPoints, row: number, i: number): number {
    const { points } = this.#rows
    const kinship = this.#covariance.kinship(target.points, row, points, i)
    return this.#covariance.residual(target.points, row, points, i, kinship)
  }

  #neighbours(target: LinearisedPoints, row: number): { chosen: number[]; bar: number } {
    const n = this.#rows.points.count
    const likeness = new Float64Array(n)
    for (let i = 0; i < n; i += 1) likeness[i] = this.#likeness(target, row, i)
    const bar = likeness.slice().sort()[Math.max(0, n - nearest)] as number
    const chosen = new Set<number>()
    for (let i = 0; i < n && chosen.size < nearest; i += 1) {
      if ((likeness[i] as number) >= bar) chosen.add(i)
    }
    for (const i of this.#spread) chosen.add(i)
    return { chosen: [...chosen].sort((a, b) => a - b), bar }
  }
}
