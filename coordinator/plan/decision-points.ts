import { isSurfaceMetric } from '../../shared/domain/metric.js'
import type { SurfaceMetric } from '../../shared/domain/metric.js'
import type { Space } from '../../shared/domain/space.js'
import { loadAxis } from '../../shared/domain/sweep.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { Knowledge, Point } from '../decision/point.js'
import type { Slo } from '../decision/slo.js'
import type { Surface } from '../model/surface.js'
import type { Observation } from './strategy.js'

/** What a decision reads of a surface. */
export type DecisionSurface = Pick<Surface, 'estimate' | 'feasible' | 'cost'>

type Percentiles = NonNullable<Observation['percentiles']>

/**
 * What a sweep knows of the configurations that its decision is about, and of those that it measured:
 * how far percentiles lie above their medians is learnt from all of these.
 */
export class DecisionPoints {
  readonly loadAxis: Knowledge['loadAxis']
  /** Of the decision, ascending; then measured ones that are not of it, in the order in which they came. */
  readonly #indices: number[]
  readonly #known: Set<number>
  readonly #metrics: readonly SurfaceMetric[]
  readonly #sweep: Sweep
  readonly #space: Space
  readonly #surface: DecisionSurface
  readonly #repeats = new Map<number, number>()
  readonly #percentiles = new Map<number, Percentiles>()

  constructor(
    sweep: Sweep,
    wanted: NonNullable<Sweep['goal']['decision']>,
    space: Space,
    surface: DecisionSurface,
  ) {
    this.#sweep = sweep
    this.#space = space
    this.#surface = surface
    this.loadAxis = loadAxis(sweep.workload)
    this.#metrics = sweep.metrics.filter(isSurfaceMetric)
    const { input_tokens: input, output_tokens: output } = wanted
    this.#indices = Array.from({ length: space.size }, (_, index) => index).filter((index) => {
      const { inputTokens, outputTokens } = space.at(index)
      return (input ?? inputTokens) === inputTokens && (output ?? outputTokens) === outputTokens
    })
    this.#known = new Set(this.#indices)
  }

  /** Configurations that were measured. */
  get measured(): number {
    return this.#repeats.size
  }

  /** Number of a point’s configuration in the space. */
  indexOf(point: number): number {
    const index = this.#indices[point]
    if (index === undefined) throw new RangeError(`there is no point ${point}`)
    return index
  }

  repeats(index: number): number {
    return this.#repeats.get(index) ?? 0
  }

  tell({ index, outcome, percentiles }: Observation): void {
    if (outcome === 'infeasible') return
    this.#repeats.set(index, this.repeats(index) + 1)
    if (!this.#known.has(index)) {
      this.#known.add(index)
      this.#indices.push(index)
    }
    if (percentiles !== undefined) this.#percentiles.set(index, percentiles)
  }

  /** Did any trial tell every percentile that the limits name. */
  tells(slo: Slo): boolean {
    return slo.every(
      ({ metric, percentile }) =>
        percentile === undefined ||
        [...this.#percentiles.values()].some((told) => told[metric]?.[percentile] !== undefined),
    )
  }

  knowledge(): Knowledge {
    return {
      name: this.#sweep.name,
      loadAxis: this.loadAxis,
      metrics: this.#metrics,
      trialCost: (configuration) => {
        const index = this.#space.indexOf(configuration)
        return index === undefined ? undefined : this.#surface.cost(index)
      },
      seed: this.#sweep.strategy.seed,
      points: this.#indices.map((index) => this.#point(index)),
    }
  }

  #point(index: number): Point {
    const percentiles = this.#percentiles.get(index)
    const repeats = this.repeats(index)
    return {
      configuration: this.#space.at(index),
      measured: repeats > 0,
      ...(repeats > 0 ? { repeats } : {}),
      feasible: repeats > 0 ? 1 : this.#surface.feasible(index),
      estimates: Object.fromEntries(
        this.#metrics.flatMap((metric) => {
          const interval = this.#surface.estimate(metric, index)
          return interval === undefined ? [] : [[metric, interval]]
        }),
      ),
      ...(percentiles === undefined ? {} : { percentiles }),
    }
  }
}
