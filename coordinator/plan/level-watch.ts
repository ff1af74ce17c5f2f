import type { LevelChange } from '../../shared/domain/meta-metrics.js'
import { isAfter } from '../../shared/domain/level-change.js'
import type { MetricName } from '../../shared/domain/metric.js'
import { findChanges } from '../model/level-change.js'
import type { FoundChange, LevelPoint } from '../model/level-change.js'
import { studentTQuantile } from '../../shared/stats/special-functions.js'
import type { Observation } from './strategy.js'

/** Relative size below which a change is of no use to anybody. */
const leastShift = 0.01

/** Keeps what was measured when and on which agent, and tells where levels changed. */
export class LevelWatch {
  readonly #metrics: readonly MetricName[]
  readonly #points: LevelPoint[] = []
  #changes: readonly LevelChange[] | undefined

  constructor(metrics: readonly MetricName[]) {
    this.#metrics = metrics
  }

  tell({ index, agent, at, outcome, values }: Observation): void {
    if (outcome === 'infeasible') return
    const logs = this.#metrics.map((metric) => {
      const value = values[metric]?.value
      return value !== undefined && value > 0 ? Math.log(value) : undefined
    })
    this.#points.push({ index, agent, at, logs })
    this.#changes = undefined
  }

  /** In the order of evidence. */
  changes(): readonly LevelChange[] {
    this.#changes ??= findChanges(this.#points, this.#metrics.length)
      .map((found) => this.#told(found))
      .filter(({ shifts }) => shifts.some(({ ratio }) => Math.abs(ratio.value - 1) >= leastShift))
    return this.#changes
  }

  #told({ agent, after, by, shifts }: FoundChange): LevelChange {
    const where = { ...(agent === undefined ? {} : { agent }), after, by }
    const own = this.#points.filter((point) => agent === undefined || point.agent === agent)
    const since = own.filter((point) => isAfter(where, point.agent, point.at)).length
    const before = own.length - since
    return {
      ...where,
      before,
      since,
      // The level that most were measured at is what the surface stands on.
      suspect: before < since ? 'before' : 'since',
      shifts: shifts.flatMap((shift, k) => {
        const metric = this.#metrics[k]
        if (shift === undefined || metric === undefined) return []
        const ratio = (deviations: number): number => Math.exp(shift.log + deviations * shift.sd)
        const t = studentTQuantile(0.95, shift.freedom)
        return [{ metric, ratio: { value: ratio(0), low: ratio(-t), high: ratio(t) } }]
      }),
    }
  }
}
