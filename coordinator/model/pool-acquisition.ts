import { createRandom } from '../../shared/stats/random.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { LinearisedPoints } from './covariance.js'
import type { Acquisition } from './learnt-surface.js'
import { VarianceReduction, featuresOf, gainPower, pivotedFeatures } from './low-rank.js'
import type { Features } from './low-rank.js'
import type { MetricSurface } from './metric-surface.js'

/** Configurations that one choice looks at. */
const poolLimit = 3000
/** Configurations that stand for the space in a gain. */
const referenceLimit = 400
const denseRank = 200
const denseLimit = 600
const sparseRank = 96

export interface PoolOptions {
  readonly metrics: readonly MetricSurface[]
  readonly universe: Uint32Array
  readonly seed: number
  /** Relative error that is good enough: noise far below it is not worth a repeat. */
  readonly tolerance: number
  readonly cost: (index: number) => number
}

interface MetricBasis {
  readonly metric: MetricSurface
  /** Fit that this rests on. */
  readonly fits: number
  readonly points: LinearisedPoints
  readonly features: Features
  readonly noise: number
}

interface MetricView extends MetricBasis {
  readonly reduction: VarianceReduction
}

/** Keeps what choices need current: rebuilt when the model was learnt anew, else conditioned. */
export class PoolAcquisition {
  readonly #options: PoolOptions
  #turn = -1
  #pool: Uint32Array = new Uint32Array(0)
  #rowOf = new Map<number, number>()
  #views: MetricView[] = []
  /** What the variances already count as known. */
  readonly #conditioned = new Set<number>()

  constructor(options: PoolOptions) {
    this.#options = options
  }

  current(pending: ReadonlyMap<number, TrialPurpose>): Acquisition | undefined {
    const usable = this.#options.metrics.filter(({ model }) => model.fitted)
    if (usable.length === 0) return undefined
    const wanted = this.#wanted(usable, pending)
    const turn = usable[0]?.fits ?? 0
    if (turn !== this.#turn || usable.length !== this.#views.length) {
      this.#turn = turn
      this.#choosePool(turn)
      this.#views = usable.map((metric) => this.#view(metric, wanted))
      this.#settle(wanted)
    } else this.#refresh(wanted)
    return new PoolView(
      this.#pool,
      this.#views.map((view) => view.reduction),
      this.#views.map((view) => view.noise),
      (this.#options.tolerance / 3) ** 2,
      (row) => usable.map((metric) => metric.repeats(this.#pool[row] as number)),
    )
  }

  /** What was learnt anew is seen anew, the rest conditioned on what came since. */
  #refresh(wanted: ReadonlySet<number>): void {
    const isLost = [...this.#conditioned].some((index) => !wanted.has(index))
    const added = [...wanted].filter((index) => !this.#conditioned.has(index)).sort((a, b) => a - b)
    this.#views = this.#views.map((view) => {
      if (view.fits !== view.metric.fits) return this.#view(view.metric, wanted)
      if (isLost) return { ...view, reduction: this.#reduction(view, wanted) }
      for (const index of added) this.#condition(view, index)
      return view
    })
    this.#settle(wanted)
  }

  /** Mean relative error over the pool by the model’s own word, of the worst metric; as of the last choice. */
  get believedError(): number {
    if (this.#views.length === 0) return Infinity
    return Math.max(...this.#views.map(({ reduction }) => reduction.meanError()))
  }

  #wanted(
    usable: readonly MetricSurface[],
    pending: ReadonlyMap<number, TrialPurpose>,
  ): Set<number> {
    const wanted = new Set(pending.keys())
    for (const metric of usable) for (const index of metric.measuredIndices()) wanted.add(index)
    return wanted
  }

  #settle(wanted: ReadonlySet<number>): void {
    this.#conditioned.clear()
    for (const index of wanted) this.#conditioned.add(index)
  }

  /** All of a small space; of a large one half at random, half rather cheap, another choice each time. */
  #choosePool(turn: number): void {
    if (this.#options.universe.length <= poolLimit) {
      this.#pool = this.#options.universe
    } else {
      const random = createRandom(this.#options.seed).fork(`pool ${turn}`)
      const ranked = Array.from(this.#options.universe, (index) => ({
        index,
        cheap: Math.log(1 - random.next()) * this.#options.cost(index),
        any: random.next(),
      }))
      const chosen = new Set<number>()
      ranked.sort((a, b) => b.cheap - a.cheap)
      for (const { index } of ranked.slice(0, poolLimit / 2)) chosen.add(index)
      ranked.sort((a, b) => a.any - b.any)
      for (const { index } of ranked) {
        if (chosen.size === poolLimit) break
        chosen.add(index)
      }
      this.#pool = Uint32Array.from(chosen).sort()
    }
    this.#rowOf = new Map(Array.from(this.#pool, (index, row) => [index, row]))
  }

  #view(metric: MetricSurface, wanted: ReadonlySet<number>): MetricView {
    const points = metric.model.linearised(this.#pool)
    const rank = this.#pool.length <= denseLimit ? denseRank : sparseRank
    const features = pivotedFeatures(metric.model.covariance, points, rank)
    const basis = { metric, fits: metric.fits, points, features, noise: metric.noise.typical }
    return { ...basis, reduction: this.#reduction(basis, wanted) }
  }

  #reduction(view: MetricBasis, wanted: ReadonlySet<number>): VarianceReduction {
    const { features, metric, noise } = view
    const observed = [...wanted]
      .sort((a, b) => a - b)
      .map((index) => ({ ...this.#featuresAt(view, index), noise }))
    const stride = Math.max(1, Math.ceil(this.#pool.length / referenceLimit))
    const reference: number[] = []
    for (let row = 0; row < this.#pool.length; row += stride) reference.push(row)
    const reduction = VarianceReduction.of(
      features,
      metric.model.covariance.nugget,
      observed,
      reference,
      1 / this.#options.universe.length,
    )
    for (const index of wanted) {
      const row = this.#rowOf.get(index)
      if (row !== undefined) reduction.markOwn(row)
    }
    return reduction
  }

  #featuresAt(view: MetricBasis, index: number): { values: Float64Array; left: number } {
    const { features, points, metric } = view
    const row = this.#rowOf.get(index)
    if (row === undefined) {
      const { model } = metric
      return featuresOf(features, model.covariance, points, model.linearised([index]), 0)
    }
    const { rank } = features
    return {
      values: features.rows.slice(row * rank, (row + 1) * rank),
      left: features.left[row] as number,
    }
  }

  #condition(view: MetricView, index: number): void {
    const row = this.#rowOf.get(index)
    if (row !== undefined) view.reduction.condition(row, view.noise)
    else {
      const { values, left } = this.#featuresAt(view, index)
      view.reduction.conditionOn(values, left, view.noise)
    }
  }
}

/** What one ask sees; copies the variances when it starts to choose. */
class PoolView implements Acquisition {
  readonly pool: Uint32Array
  #reductions: readonly VarianceReduction[]
  readonly #noises: readonly number[]
  readonly #negligible: number
  readonly #repeats: (row: number) => readonly number[]
  #own = false

  constructor(
    pool: Uint32Array,
    reductions: readonly VarianceReduction[],
    noises: readonly number[],
    negligible: number,
    repeats: (row: number) => readonly number[],
  ) {
    this.pool = pool
    this.#reductions = reductions
    this.#noises = noises
    this.#negligible = negligible
    this.#repeats = repeats
  }

  gainAt(row: number): number {
    return this.#reductions.reduce(
      (sum, reduction, m) => sum + reduction.reductionAt(row, this.#noises[m] as number),
      0,
    )
  }

  accuracyGainAt(row: number): number {
    return this.#reductions.reduce(
      (sum, reduction, m) => sum + reduction.deviationGainAt(row, this.#noises[m] as number),
      0,
    )
  }

  repeatGainAt(row: number): number {
    return this.#repeats(row).reduce((sum, repeats, m) => {
      const noise = this.#noises[m] as number
      if (repeats === 0 || noise / repeats < this.#negligible) return sum
      const gained = (noise / repeats) ** gainPower - (noise / (repeats + 1)) ** gainPower
      return sum + gained / this.pool.length
    }, 0)
  }

  varianceAt(row: number): number {
    return this.#reductions.reduce(
      (most, reduction) => Math.max(most, reduction.varianceAt(row)),
      0,
    )
  }

  choose(row: number): void {
    if (!this.#own) {
      this.#reductions = this.#reductions.map((reduction) => reduction.copy())
      this.#own = true
    }
    this.#reductions.forEach((reduction, m) => reduction.condition(row, this.#noises[m] as number))
  }
}
