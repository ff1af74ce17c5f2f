import type { Acquisition } from './learnt-surface.js'
import { gainPower } from './low-rank.js'
import type { GainScope, VarianceReduction } from './low-rank.js'

/** What else a run of a row’s configuration tells of. */
export interface Besides {
  readonly rows: readonly number[]
  /** Of the rows, those that the model hears of. */
  readonly heard: readonly number[]
  /** How many more outside the pool. */
  readonly outside: number
  /** Values of the run that the model hears of, its own included. */
  readonly group: number
}

/** How often a metric was measured somewhere, and the variance that not knowing its level adds. */
interface Repeated {
  readonly count: number
  readonly level: number
}

/** What one ask sees; copies the variances when it is asked for more after it chose. */
export class PoolView implements Acquisition {
  readonly pool: Uint32Array
  #reductions: readonly VarianceReduction[]
  readonly #noises: readonly number[]
  readonly #negligible: number
  readonly #repeats: (row: number) => readonly Repeated[]
  readonly #scope: GainScope
  readonly #besides: (row: number) => Besides
  /** Chosen last, and not counted as known yet. */
  #due: number | undefined
  #own = false

  constructor(
    pool: Uint32Array,
    reductions: readonly VarianceReduction[],
    noises: readonly number[],
    negligible: number,
    repeats: (row: number) => readonly Repeated[],
    scope: GainScope,
    besides: (row: number) => Besides,
  ) {
    this.pool = pool
    this.#reductions = reductions
    this.#noises = noises
    this.#negligible = negligible
    this.#repeats = repeats
    this.#scope = scope
    this.#besides = besides
  }

  gainAt(row: number): number {
    this.#settle()
    const { rows, outside } = this.#besides(row)
    return this.#reductions.reduce((sum, reduction, m) => {
      const noise = this.#noises[m] as number
      const others = rows.reduce((total, each) => total + reduction.ownReductionAt(each, noise), 0)
      const unseen = outside === 0 ? 0 : outside * reduction.ownReductionAt(row, noise)
      return sum + reduction.reductionAt(row, noise) + others + unseen
    }, 0)
  }

  accuracyGainAt(row: number): number {
    this.#settle()
    const { rows, outside } = this.#besides(row)
    return this.#reductions.reduce((sum, reduction, m) => {
      const noise = this.#noises[m] as number
      const unseen = outside === 0 ? 0 : outside * reduction.ownGainAt(row, noise)
      return sum + reduction.deviationGainAt(row, noise, rows) + unseen
    }, 0)
  }

  repeatGainAt(row: number): number {
    const { weightOf } = this.#scope
    return this.#repeats(row).reduce((sum, { count, level }, m) => {
      const noise = this.#noises[m] as number
      if (count === 0 || noise / count + level < this.#negligible) return sum
      const before = noise / count + level
      const after = level === 0 ? noise / (count + 1) : 1 / (1 / before + 1 / noise)
      const gained = before ** gainPower - after ** gainPower
      return sum + (gained * weightOf(row)) / this.pool.length
    }, 0)
  }

  varianceAt(row: number): number {
    const { heard, group } = this.#besides(row)
    // Most want to know this of what they chose last, and no more: nothing is conditioned for that.
    if (row === this.#due && heard.length === 0) {
      return this.#most((reduction, m) =>
        reduction.varianceOnceKnown(row, group * (this.#noises[m] as number)),
      )
    }
    this.#settle()
    return this.#most((reduction) => reduction.varianceAt(row))
  }

  choose(row: number): void {
    this.#settle()
    this.#due = row
  }

  #most(varianceOf: (reduction: VarianceReduction, m: number) => number): number {
    return this.#reductions.reduce(
      (most, reduction, m) => Math.max(most, varianceOf(reduction, m)),
      0,
    )
  }

  /** Counts as known what was chosen, where the next choice asks for it. */
  #settle(): void {
    if (this.#due !== undefined) this.#condition(this.#due)
    this.#due = undefined
  }

  #condition(row: number): void {
    if (!this.#own) {
      this.#reductions = this.#reductions.map((reduction) => reduction.copy())
      this.#own = true
    }
    const { rows, heard, group } = this.#besides(row)
    this.#reductions.forEach((reduction, m) => {
      const noise = group * (this.#noises[m] as number)
      reduction.condition(row, noise)
      for (const each of heard) reduction.condition(each, noise)
      for (const each of rows) reduction.markOwn(each)
    })
  }
}
