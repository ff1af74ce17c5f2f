import type { AuditError } from './calibration.js'
import type { MetricModel, Prediction } from './metric-model.js'
import type { LevelBook, LevelsHere } from './node-levels/level-book.js'
import type { Origin } from './node-levels/level-columns.js'

/** An audit as it came, the level of who measured it left in. */
interface Audit {
  readonly index: number
  /** Log of prediction / measurement. */
  readonly gap: number
  readonly variance: number
  readonly origin: Origin
}

/** Audits of one metric: what was said of a configuration before it was measured, and what came. */
export class AuditBook {
  readonly #foreseen = new Map<number, Prediction>()
  /** The first of every configuration. */
  readonly #audits = new Map<number, Audit>()

  copy(): AuditBook {
    const copy = new AuditBook()
    for (const [index, prediction] of this.#foreseen) copy.#foreseen.set(index, prediction)
    for (const [index, audit] of this.#audits) copy.#audits.set(index, audit)
    return copy
  }

  /** Keeps what the model says of a configuration, the first time. */
  foresee(index: number, model: MetricModel): void {
    if (this.#foreseen.has(index) || !model.fitted) return
    const [prediction] = model.predict([index])
    if (prediction !== undefined) this.#foreseen.set(index, prediction)
  }

  forget(index: number): void {
    this.#foreseen.delete(index)
  }

  /** What the configuration turned out to be. @param noise variance of `log`. */
  judge(index: number, log: number, noise: number, origin: Origin): void {
    const prediction = this.#foreseen.get(index)
    if (prediction === undefined || this.#audits.has(index)) return
    const { mean, variance } = prediction
    this.#audits.set(index, { index, gap: mean - log, variance: variance + noise, origin })
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
