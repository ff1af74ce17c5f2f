import type { LevelChange } from '../../../shared/domain/meta-metrics.js'
import { isAfter } from '../../../shared/domain/level-change.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { studentTQuantile } from '../../../shared/stats/special-functions.js'
import type { Observation } from '../../plan/strategy.js'
import { LevelColumns } from './level-columns.js'
import { findChanges } from './level-change.js'
import type { FoundChange, LevelPoint, Shift } from './level-change.js'

/** Relative size below which a change is of no use to anybody. */
const leastShift = 0.01
/**
 * What may have come before a change is suspect where so many times more came surely since: an agent
 * ran itself in. Else what came since is: a surface must not follow whoever throttles for long enough.
 */
const runInRatio = 8

/** Keeps what was measured when and on which agent, and tells where levels changed. */
export class LevelWatch {
  readonly #metrics: readonly MetricName[]
  readonly #hardwareOf: (index: number) => string
  readonly #points: LevelPoint[] = []
  readonly #seen = new Set<number>()
  readonly #trials = new Map<string, Map<string, number>>()
  /** Start of the last measurement that told of a change, or of none. */
  #lastTelling = -Infinity
  #found: readonly FoundChange[] = []
  #isStale = false
  #changes: readonly LevelChange[] | undefined
  #columns: LevelColumns | undefined

  constructor(metrics: readonly MetricName[], hardwareOf: (index: number) => string) {
    this.#metrics = metrics
    this.#hardwareOf = hardwareOf
  }

  copy(): LevelWatch {
    const copy = new LevelWatch(this.#metrics, this.#hardwareOf)
    copy.#points.push(...this.#points)
    for (const index of this.#seen) copy.#seen.add(index)
    for (const [hardware, agents] of this.#trials) copy.#trials.set(hardware, new Map(agents))
    copy.#lastTelling = this.#lastTelling
    copy.#found = this.#found
    copy.#isStale = this.#isStale
    copy.#changes = this.#changes
    copy.#columns = this.#columns
    return copy
  }

  tell({ index, agent, at, outcome, values }: Observation): void {
    if (outcome === 'infeasible') return
    const logs = this.#metrics.map((metric) => {
      const value = values[metric]?.value
      return value !== undefined && value > 0 ? Math.log(value) : undefined
    })
    this.#points.push({ index, agent, at, logs })
    const hardware = this.#hardwareOf(index)
    const agents = this.#trials.get(hardware) ?? new Map<string, number>()
    agents.set(agent, (agents.get(agent) ?? 0) + 1)
    this.#trials.set(hardware, agents)
    // A configuration that is new, and later than all that told anything, tells nothing.
    if (this.#seen.has(index) || at <= this.#lastTelling) {
      this.#isStale = true
      this.#lastTelling = Math.max(this.#lastTelling, at)
    }
    this.#seen.add(index)
    this.#changes = undefined
    this.#columns = undefined
  }

  /** In the order of evidence. */
  changes(): readonly LevelChange[] {
    if (this.#isStale) {
      this.#found = findChanges(this.#points, this.#metrics.length).filter(({ shifts }) =>
        shifts.some(
          (shift) => shift !== undefined && Math.abs(Math.expm1(shift.log)) >= leastShift,
        ),
      )
      this.#isStale = false
    }
    this.#changes ??= this.#found.map((found) => this.#told(found))
    return this.#changes
  }

  /** What the levels of values are to be told apart by. */
  columns(): LevelColumns {
    this.#columns ??= new LevelColumns(
      [...this.#trials].flatMap(([hardware, agents]) =>
        [...agents].map(([agent, trials]) => [{ hardware, agent }, trials] as const),
      ),
      this.changes(),
    )
    return this.#columns
  }

  /** Measured by an agent of this class. */
  trials(hardware: string, agent: string): number {
    return this.#trials.get(hardware)?.get(agent) ?? 0
  }

  /** By change, as {@link changes} has them; undefined where a metric has too few values. */
  shifts(metric: MetricName): readonly (Shift | undefined)[] {
    this.changes()
    return this.#found.map(({ shifts }) => shifts[this.#metrics.indexOf(metric)])
  }

  #told({ agent, after, by, shifts }: FoundChange): LevelChange {
    const where = { ...(agent === undefined ? {} : { agent }), after, by }
    const own = this.#points.filter((point) => agent === undefined || point.agent === agent)
    const since = own.filter((point) => isAfter(where, point.agent, point.at)).length
    const before = own.length - since
    const surelySince = own.filter((point) => point.at >= by).length
    return {
      ...where,
      before,
      since,
      suspect: runInRatio * (own.length - surelySince) < surelySince ? 'before' : 'since',
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
