import type { HarvestKnowledge } from '../learnt-surface.js'
import type { MetricSurface } from '../metric-surface.js'
import { harvestBias, harvestScale } from './harvest-check.js'
import type { HarvestSpread } from './harvest-sample.js'

/**
 * Which configurations longer runs told of, and whether that is to be trusted: what it says is a
 * function of what was told, in whatever order.
 */
export class HarvestBook {
  readonly #metrics: readonly MetricSurface[]
  readonly #tolerance: number
  readonly #harvested = new Set<number>()
  readonly #run = new Set<number>()
  #knowledge: HarvestKnowledge | undefined

  /** @param tolerance relative error that is good enough. */
  constructor(metrics: readonly MetricSurface[], tolerance: number) {
    this.#metrics = metrics
    this.#tolerance = tolerance
  }

  copy(metrics: readonly MetricSurface[]): HarvestBook {
    const copy = new HarvestBook(metrics, this.#tolerance)
    for (const index of this.#harvested) copy.#harvested.add(index)
    for (const index of this.#run) copy.#run.add(index)
    return copy
  }

  tell(index: number, shorter: readonly number[]): void {
    this.#run.add(index)
    for (const each of shorter) this.#harvested.add(each)
    this.#knowledge = undefined
  }

  isHarvested(index: number): boolean {
    return this.#harvested.has(index) && !this.#run.has(index) && this.knowledge().trusted
  }

  knowledge(): HarvestKnowledge {
    this.#knowledge ??= this.#judged()
    return this.#knowledge
  }

  /** Lets the metrics know whether what was harvested counts. */
  judge(): void {
    if (this.#harvested.size === 0) return
    const { trusted } = this.knowledge()
    for (const metric of this.#metrics) metric.trustHarvest(trusted)
  }

  /** @param withoutRun feasible configurations that no run of their own told of. */
  spread(metric: MetricSurface, withoutRun: number): HarvestSpread {
    const sds = metric.harvestSds()
    return {
      sds,
      scale: sds.length === 0 ? 1 : harvestScale(metric.checks()),
      harvested: sds.length,
      unknown: Math.max(0, withoutRun - sds.length),
    }
  }

  #judged(): HarvestKnowledge {
    const harvested = [...this.#harvested].filter((index) => !this.#run.has(index)).length
    const metrics = this.#metrics.map((metric) =>
      harvestBias(metric.metric, metric.checks(), this.#tolerance, this.#metrics.length),
    )
    return {
      harvested,
      checks: this.#harvested.size - harvested,
      metrics,
      trusted: metrics.every(({ distrusted }) => !distrusted),
    }
  }
}
