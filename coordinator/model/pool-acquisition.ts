import { createRandom } from '../../shared/stats/random.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { LinearisedPoints } from './covariance.js'
import { heardOf } from './harvest/harvest-values.js'
import type { Acquisition } from './learnt-surface.js'
import { VarianceReduction } from './low-rank.js'
import type { GainScope } from './low-rank.js'
import type { MetricSurface } from './metric-surface.js'
import { featuresOf, pivotedFeatures } from './pivoted-features.js'
import type { Features } from './pivoted-features.js'
import { PoolView } from './pool-view.js'
import type { Besides } from './pool-view.js'
import { exhaust } from './steps.js'
import type { Steps } from './steps.js'
import type { Weighting } from './weighting.js'

/** Configurations that one choice looks at. */
const poolLimit = 3000
/** Configurations that stand for the space in a gain. */
const referenceLimit = 400
const denseRank = 200
const denseLimit = 600
const sparseRank = 96

/** Costs, and features of points outside the pool, that a step of a few milliseconds gets through. */
const costsPerStep = 5000
const featuresPerStep = 100

export interface PoolOptions {
  readonly metrics: readonly MetricSurface[]
  readonly universe: Uint32Array
  readonly seed: number
  /** Relative error that is good enough: noise far below it is not worth a repeat. */
  readonly tolerance: number
  readonly cost: (index: number) => number
  readonly weighting: Weighting
  /** Shorter outputs that a run of a configuration tells of too, ascending. */
  readonly shorterOf: (index: number) => readonly number[]
}

/** What is known or under way: values of its trial that the model hears of, 0 where it hears not of it. */
type Wanted = ReadonlyMap<number, number>

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
  #scope: GainScope = { reference: [], weightOf: () => 1, share: 0 }
  #views: MetricView[] = []
  /** What the variances already count as known, and how much noisier than one measurement. */
  readonly #conditioned = new Map<number, number>()

  constructor(options: PoolOptions) {
    this.#options = options
  }

  current(pending: ReadonlyMap<number, TrialPurpose>): Acquisition | undefined {
    const usable = this.#usable()
    if (usable.length === 0) return undefined
    const isStale = usable[0]?.fits !== this.#turn || usable.length !== this.#views.length
    if (isStale) exhaust(this.learn(pending))
    else this.#refresh(this.#wanted(usable, pending))
    return new PoolView(
      this.#pool,
      this.#views.map((view) => view.reduction),
      this.#views.map((view) => view.noise),
      (this.#options.tolerance / 3) ** 2,
      (row) =>
        usable.map((metric) => {
          const index = this.#pool[row] as number
          return { count: metric.repeats(index), level: metric.levelVariance(index) }
        }),
      this.#scope,
      (row) => this.#besides(row),
    )
  }

  /** Chooses a pool anew and sees it as the metrics do, step by step. */
  *learn(pending: ReadonlyMap<number, TrialPurpose>): Steps {
    const usable = this.#usable()
    if (usable.length === 0) return
    const wanted = this.#wanted(usable, pending)
    const turn = usable[0]?.fits ?? 0
    yield* this.#choosePool(turn)
    const views: MetricView[] = []
    for (const metric of usable) views.push(yield* this.#view(metric, wanted))
    this.#turn = turn
    this.#views = views
    this.#settle(wanted)
  }

  #usable(): MetricSurface[] {
    return this.#options.metrics.filter(({ model }) => model.fitted)
  }

  /** What was learnt anew is seen anew, the rest conditioned on what came since. */
  #refresh(wanted: Wanted): void {
    const [before, now] = [this.#conditioned, wanted]
    // Few of thousands: sorted when they are found.
    const changed = (indices: Iterable<number>): number[] =>
      [...indices].filter((index) => now.get(index) !== before.get(index)).sort((a, b) => a - b)
    const lost = changed(before.keys())
    const added = changed(now.keys())
    this.#views = this.#views.map((view) => {
      if (view.fits !== view.metric.fits) return exhaust(this.#view(view.metric, wanted))
      if (!lost.every((index) => this.#release(view, index))) {
        return { ...view, reduction: exhaust(this.#reduction(view, wanted)) }
      }
      for (const index of added) this.#condition(view, index, wanted.get(index) as number)
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
  ): Map<number, number> {
    const wanted = new Map<number, number>()
    const note = (index: number, group: number): void => {
      const known = wanted.get(index)
      // What is known to itself alone gives way to what the model hears.
      if (known === undefined || known === 0 || (group > 0 && group < known)) {
        wanted.set(index, group)
      }
    }
    for (const index of pending.keys()) {
      const shorter = this.#options.shorterOf(index)
      const heard = heardOf(shorter)
      note(index, 1 + heard.length)
      for (const each of shorter) note(each, heard.includes(each) ? 1 + heard.length : 0)
    }
    for (const metric of usable) {
      for (const [index, group] of metric.knownIndices()) note(index, group)
    }
    return wanted
  }

  /** What else a run of the row’s configuration tells of: rows of the pool, and how many outside it. */
  #besides(row: number): Besides {
    const shorter = this.#options.shorterOf(this.#pool[row] as number)
    const rows: number[] = []
    const heard: number[] = []
    let outside = 0
    const listened = heardOf(shorter)
    for (const index of shorter) {
      const other = this.#rowOf.get(index)
      if (other !== undefined) {
        rows.push(other)
        if (listened.includes(index)) heard.push(other)
      } else if (!this.#conditioned.has(index)) outside += 1
    }
    return { rows, heard, outside, group: 1 + listened.length }
  }

  #settle(wanted: Wanted): void {
    this.#conditioned.clear()
    for (const [index, group] of wanted) this.#conditioned.set(index, group)
  }

  /** All of a small space; of a large one half at random, half rather cheap, another choice each time. */
  *#choosePool(turn: number): Steps {
    const { universe, seed, cost } = this.#options
    if (universe.length <= poolLimit) this.#pool = universe
    else {
      const random = createRandom(seed).fork(`pool ${turn}`)
      const cheap = new Float64Array(universe.length)
      const any = new Float64Array(universe.length)
      for (let row = 0; row < universe.length; row += 1) {
        cheap[row] = -Math.log(1 - random.next()) * cost(universe[row] as number)
        any[row] = random.next()
        if (row % costsPerStep === costsPerStep - 1) yield
      }
      const chosen = new Set(lowest(cheap, poolLimit / 2))
      any.forEach((_, row) => {
        if (chosen.has(row)) any[row] = Infinity
      })
      for (const row of lowest(any, poolLimit - chosen.size)) chosen.add(row)
      this.#pool = Uint32Array.from(chosen, (row) => universe[row] as number).sort()
    }
    this.#rowOf = new Map(Array.from(this.#pool, (index, row) => [index, row]))
    this.#scope = this.#scopeOf(this.#pool)
  }

  *#view(metric: MetricSurface, wanted: Wanted): Steps<MetricView> {
    const points = metric.model.linearised(this.#pool)
    yield
    const rank = this.#pool.length <= denseLimit ? denseRank : sparseRank
    const { covariance } = metric.model
    const smooth = yield* pivotedFeatures(covariance, points, rank)
    const left = smooth.left.map((each, row) => each + covariance.nuggetAt(points.points, row))
    const features = { ...smooth, left }
    const basis = { metric, fits: metric.fits, points, features, noise: metric.noise.typical }
    return { ...basis, reduction: yield* this.#reduction(basis, wanted) }
  }

  *#reduction(view: MetricBasis, wanted: Wanted): Steps<VarianceReduction> {
    const { features, metric, noise } = view
    const observed: { values: Float64Array; left: number; noise: number }[] = []
    for (const { index, variance } of metric.pastHeard) {
      observed.push({ ...this.#featuresAt(view, index), noise: variance })
      if (observed.length % featuresPerStep === 0) yield
    }
    for (const [index, group] of [...wanted].sort(([a], [b]) => a - b)) {
      if (group === 0) continue
      observed.push({ ...this.#featuresAt(view, index), noise: group * noise })
      if (observed.length % featuresPerStep === 0) yield
    }
    const reduction = yield* VarianceReduction.of(features, observed, this.#scope)
    for (const index of wanted.keys()) {
      const row = this.#rowOf.get(index)
      if (row !== undefined) reduction.markOwn(row)
    }
    return reduction
  }

  #scopeOf(pool: Uint32Array): GainScope {
    const { universe, weighting } = this.#options
    const indexOf = (row: number): number => pool[row] as number
    return {
      reference: weighting.isEven
        ? everyNth(pool.length, Math.ceil(pool.length / referenceLimit))
        : weighting.represent(everyNth(pool.length, 1), referenceLimit, indexOf),
      weightOf: (row) => weighting.at(indexOf(row)),
      share: 1 / universe.length,
    }
  }

  #featuresAt(view: MetricBasis, index: number): { values: Float64Array; left: number } {
    const { features, points, metric } = view
    const row = this.#rowOf.get(index)
    if (row === undefined) {
      const { covariance } = metric.model
      const one = metric.model.linearised([index])
      const { values, left } = featuresOf(features, covariance, points, one, 0)
      return { values, left: left + covariance.nuggetAt(one.points, 0) }
    }
    const { rank } = features
    return {
      values: features.rows.slice(row * rank, (row + 1) * rank),
      left: features.left[row] as number,
    }
  }

  /** False when it must be seen anew. */
  #release(view: MetricView, index: number): boolean {
    const row = this.#rowOf.get(index)
    if (row !== undefined) view.reduction.forgetOwn(row)
    const group = this.#conditioned.get(index) ?? 0
    if (group === 0) return true
    const { values, left } = this.#featuresAt(view, index)
    return view.reduction.release(values, left, group * view.noise)
  }

  #condition(view: MetricView, index: number, group: number): void {
    const row = this.#rowOf.get(index)
    if (row !== undefined && group > 0) view.reduction.condition(row, group * view.noise)
    else if (row !== undefined) view.reduction.markOwn(row)
    else if (group > 0) {
      const { values, left } = this.#featuresAt(view, index)
      view.reduction.conditionOn(values, left, group * view.noise)
    }
  }
}

/** Every so many of 0 … size-1. */
function everyNth(size: number, stride: number): number[] {
  return Array.from({ length: Math.ceil(size / stride) }, (_, k) => k * stride)
}

/** Rows of the least values, ascending; of equal ones the first. */
function lowest(values: Float64Array, count: number): number[] {
  const last = values.slice().sort()[Math.min(count, values.length) - 1] ?? -Infinity
  const rows: number[] = []
  const equal: number[] = []
  values.forEach((value, row) => {
    if (value < last) rows.push(row)
    else if (value === last) equal.push(row)
  })
  return [...rows, ...equal.slice(0, Math.max(0, count - rows.length))]
}
