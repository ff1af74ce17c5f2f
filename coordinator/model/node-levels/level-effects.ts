import { dot } from '../cholesky.js'
import type { GaussianProcess } from '../gaussian-process.js'
import type { LevelColumns, LevelRow } from './level-columns.js'

/** A value of a configuration that was measured more than once. */
export interface Repeat {
  readonly log: number
  readonly variance: number
  readonly level: LevelRow
}

/** Sizes to expect of levels: standard deviations in log units. */
export interface LevelSizes {
  /** Of nodes of one class. */
  readonly node: number
  /** Of every change. */
  readonly changes: readonly number[]
}

/**
 * What is known of the levels: normal, with these means and covariances, in log units. The levels of
 * the nodes of a class have mean 0, so what is left when they are taken away is the mean of its nodes.
 */
export class LevelEffects {
  readonly size: number
  readonly means: Float64Array
  /** Row-major. */
  readonly covariance: Float64Array

  private constructor(means: Float64Array, covariance: Float64Array) {
    this.size = means.length
    this.means = means
    this.covariance = covariance
  }

  static before(columns: LevelColumns, sizes: LevelSizes): LevelEffects {
    const { size, nodes, classes } = columns
    const covariance = new Float64Array(size * size)
    for (const members of classes) {
      for (const i of members) {
        for (const j of members) {
          const own = i === j ? 1 : 0
          covariance[i * size + j] = sizes.node ** 2 * (own - 1 / members.length)
        }
      }
    }
    sizes.changes.forEach((sd, k) => {
      const column = nodes.length + k
      covariance[column * size + column] = sd * sd
    })
    return new LevelEffects(new Float64Array(size), covariance)
  }

  mean(row: LevelRow): number {
    return row.reduce((sum, { column, part }) => sum + part * (this.means[column] as number), 0)
  }

  between(a: LevelRow, b: LevelRow): number {
    let sum = 0
    for (const one of a) {
      for (const other of b) {
        sum +=
          one.part * other.part * (this.covariance[one.column * this.size + other.column] as number)
      }
    }
    return sum
  }

  variance(row: LevelRow): number {
    return Math.max(0, this.between(row, row))
  }

  /**
   * What the differences within configurations add. They say nothing of the configurations
   * themselves, and the mean of each nothing of the differences: it may be used besides.
   *
   * @param groups values of one configuration each.
   */
  given(groups: Iterable<readonly Repeat[]>): LevelEffects {
    const result = new LevelEffects(this.means.slice(), this.covariance.slice())
    for (const group of groups) {
      let weight = 0
      let log = 0
      const level = new Float64Array(this.size)
      for (const repeat of group) {
        const own = 1 / repeat.variance
        if (weight > 0) result.#hear(repeat, log, level, repeat.variance + 1 / weight)
        const share = own / (weight + own)
        log += share * (repeat.log - log)
        for (let k = 0; k < level.length; k += 1) level[k] = (level[k] as number) * (1 - share)
        for (const { column, part } of repeat.level) {
          level[column] = (level[column] as number) + share * part
        }
        weight += own
      }
    }
    return result
  }

  /** One difference between a value and the mean of others. */
  #hear({ log, level }: Repeat, others: number, otherLevel: Float64Array, noise: number): void {
    const { size, means, covariance } = this
    const contrast = otherLevel.map((value) => -value)
    for (const { column, part } of level) {
      contrast[column] = (contrast[column] as number) + part
    }
    const gain = Float64Array.from({ length: size }, (_, k) =>
      dot(covariance, k * size, contrast, 0, size),
    )
    const spread = dot(gain, 0, contrast, 0, size)
    if (!(spread > 0)) return
    const surprise = (log - others - dot(means, 0, contrast, 0, size)) / (spread + noise)
    for (let i = 0; i < size; i += 1) {
      means[i] = (means[i] as number) + surprise * (gain[i] as number)
      const share = (gain[i] as number) / (spread + noise)
      for (let j = 0; j < size; j += 1) {
        covariance[i * size + j] =
          (covariance[i * size + j] as number) - share * (gain[j] as number)
      }
    }
  }

  /**
   * What a process adds that was conditioned on values with these levels, less their present means:
   * its covariance held theirs.
   */
  seenBy(process: GaussianProcess, rows: readonly LevelRow[]): LevelEffects {
    const { size } = this
    const means = this.means.slice()
    const covariance = this.covariance.slice()
    const halves = Array.from({ length: size }, (_, column) => {
      const unit = [{ column, part: 1 }]
      const towards = Float64Array.from(rows, (row) => this.between(unit, row))
      means[column] = (means[column] as number) + process.mean(towards)
      return process.factor.halfSolve(towards)
    })
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j < size; j += 1) {
        const seen = dot(halves[i] as Float64Array, 0, halves[j] as Float64Array, 0, rows.length)
        covariance[i * size + j] = (covariance[i * size + j] as number) - seen
      }
    }
    return new LevelEffects(means, covariance)
  }

  /** Mean square of the levels of these columns. */
  square(columns: readonly number[]): number {
    const squares = columns.reduce((sum, column) => {
      const variance = this.covariance[column * this.size + column] as number
      return sum + (this.means[column] as number) ** 2 + Math.max(0, variance)
    }, 0)
    return squares / Math.max(1, columns.length)
  }
}

/** Noise that observations have in common: the levels of those who measured them. */
export class SharedNoise {
  readonly effects: LevelEffects
  readonly rows: readonly LevelRow[]

  constructor(effects: LevelEffects, rows: readonly LevelRow[]) {
    this.effects = effects
    this.rows = rows
  }

  between(i: number, j: number): number {
    return this.effects.between(this.rows[i] as LevelRow, this.rows[j] as LevelRow)
  }

  /** Of some of the observations. */
  of(chosen: readonly number[]): SharedNoise {
    return new SharedNoise(
      this.effects,
      chosen.map((row) => this.rows[row] as LevelRow),
    )
  }

  with(row: LevelRow): SharedNoise {
    return new SharedNoise(this.effects, [...this.rows, row])
  }
}
