import type { AuditError } from './calibration.js'
import type { LevelBook, LevelsHere } from './node-levels/level-book.js'
import type { Origin } from './node-levels/level-columns.js'

/** An audit as it came, the level of who measured it left in. */
export interface Audit {
  readonly index: number
  /** Log of prediction / measurement. */
  readonly gap: number
  readonly variance: number
  readonly origin: Origin
}

/** Audits of one metric: the first of every configuration. */
export class AuditBook {
  readonly #audits = new Map<number, Audit>()

  copy(): AuditBook {
    const copy = new AuditBook()
    for (const [index, audit] of this.#audits) copy.#audits.set(index, audit)
    return copy
  }

  has(index: number): boolean {
    return this.#audits.has(index)
  }

  add(audit: Audit): void {
    this.#audits.set(audit.index, audit)
  }

  /**
   * How far predictions were off by what is known now of levels: the surface is for the mean of the
   * nodes, and one of them measured.
   *
   * @param direction of the metric against what is modelled.
   */
  errors(direction: 1 | -1, levels: LevelBook, at: (index: number) => LevelsHere): AuditError[] {
    return [...this.#audits.values()]
      .sort((a, b) => a.index - b.index)
      .map(({ index, gap, variance, origin }) => {
        const level = at(index).of(origin)
        const own = gap + levels.mean(level)
        return {
          index,
          z: (direction * own) / Math.sqrt(variance + levels.variance(level)),
          relativeError: Math.exp(direction * own) - 1,
        }
      })
  }
}
