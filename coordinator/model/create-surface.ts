import type { EngineFacts } from '../../shared/domain/environment.js'
import type {
  Interval,
  LevelChange,
  MetricAccuracy,
  NodeLevel,
} from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import { sortedPast } from '../../shared/domain/past.js'
import type { Space } from '../../shared/domain/space.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import { createRandom, shuffled } from '../../shared/stats/random.js'
import type { Observation } from '../plan/strategy.js'
import { metricAccuracy } from './accuracy.js'
import { AccuracySample } from './accuracy-sample.js'
import { CapacityBook } from './capacity.js'
import { CostBook } from './cost-book.js'
import { CostModel } from './cost-model.js'
import { Encodings } from './encodings.js'
import type { LimitBand } from './encoding.js'
import { Feasibility } from './feasibility.js'
import { gridCost } from './grid-cost.js'
import { heardOf } from './harvest/harvest-values.js'
import { HarvestBook } from './harvest/harvest-book.js'
import type { Acquisition, HarvestKnowledge, LearntSurface } from './learnt-surface.js'
import { MetricSurface } from './metric-surface.js'
import { nodeLevels } from './node-levels/node-levels.js'
import { LevelWatch } from './node-levels/level-watch.js'
import type { NoiseLevel } from './noise.js'
import { isNoiseKnown, repeatsWanted } from './noise-knowledge.js'
import type { PastUse } from './past-model.js'
import { costBasis } from './physics.js'
import { PoolAcquisition } from './pool-acquisition.js'
import { exhaust } from './steps.js'
import type { Steps } from './steps.js'
import { stopVerdict } from './stop-rule.js'
import type { AccuracyGoal, StopVerdict } from './stop-rule.js'
import type { SurfaceOptions } from './surface.js'
import { universeOf } from './universe.js'
import { Weighting } from './weighting.js'

/** Configurations at which the full grid’s cost is summed where the space has more. */
const costSample = 4096

/** What a surface and its copies have in common, or each their own of. */
interface Parts {
  readonly options: SurfaceOptions
  readonly universe: Uint32Array
  readonly weighting: Weighting
  readonly sampleOrder: readonly number[]
  readonly encodings: Encodings
  readonly capacity: CapacityBook
  readonly metrics: readonly MetricSurface[]
  readonly costs: CostBook
  readonly feasibility: Feasibility
  readonly harvest: HarvestBook
  readonly levels: LevelWatch
}

/**
 * Learns anew what is due whenever it is asked something; a copy of it only when it is told to, and
 * folds in what comes in between.
 */
export class ModelSurface implements LearntSurface {
  readonly space: Space
  readonly universe: Uint32Array
  readonly tolerance: number
  readonly #options: SurfaceOptions
  readonly #encodings: Encodings
  readonly #metrics: readonly MetricSurface[]
  readonly #capacity: CapacityBook
  readonly #costs: CostBook
  readonly #feasibility: Feasibility
  readonly #infeasible = new Set<number>()
  readonly #pending = new Map<number, TrialPurpose>()
  readonly #weighting: Weighting
  readonly #sampleOrder: readonly number[]
  readonly #sample: AccuracySample
  readonly #acquisition: PoolAcquisition
  readonly #harvest: HarvestBook
  readonly #levels: LevelWatch
  /** Of the levels that the metrics tell apart. */
  #levelsKey = ''
  #learnsWhenAsked = true
  #accuracy: readonly MetricAccuracy[] | undefined

  private constructor(parts: Parts) {
    const { options } = parts
    this.#options = options
    this.space = options.space
    this.tolerance = options.tolerance
    this.universe = parts.universe
    this.#encodings = parts.encodings
    this.#capacity = parts.capacity
    this.#metrics = parts.metrics
    this.#costs = parts.costs
    this.#feasibility = parts.feasibility
    this.#weighting = parts.weighting
    this.#sampleOrder = parts.sampleOrder
    this.#harvest = parts.harvest
    this.#levels = parts.levels
    this.#sample = new AccuracySample({
      size: this.space.size,
      order: this.#sampleOrder,
      weighting: this.#weighting,
      infeasible: this.#infeasible,
      harvest: this.#harvest,
      feasible: (index) => this.feasible(index),
    })
    this.#acquisition = new PoolAcquisition({
      metrics: this.#metrics,
      universe: this.universe,
      seed: options.seed,
      tolerance: options.tolerance,
      weighting: this.#weighting,
      cost: (index) => this.cost(index),
      shorterOf: (index) => options.shorterOf?.(index) ?? [],
    })
  }

  static of(options: SurfaceOptions): ModelSurface {
    const { space, workload, seed } = options
    const universe = universeOf(space.size, seed)
    const past = sortedPast(options.past ?? [])
    const encodings = Encodings.of(space, universe, past)
    const capacity = new CapacityBook(space)
    const random = createRandom(seed).fork('accuracy sample')
    const metrics = options.metrics.map((metric, turn) =>
      MetricSurface.of(space, universe, encodings, metric, workload, capacity, turn, past),
    )
    return new ModelSurface({
      options,
      universe,
      weighting: new Weighting(universe, options.weight),
      sampleOrder: shuffled(Array.from(universe), random),
      encodings,
      capacity,
      metrics,
      harvest: new HarvestBook(metrics, options.tolerance),
      costs: new CostBook(CostModel.of(space, universe, costBasis(workload), past)),
      feasibility: new Feasibility(),
      levels: new LevelWatch(options.metrics, (index) => space.at(index).hardware),
    })
  }

  /**
   * One that was told the same and goes its own way from here. It has to {@link learn} before it
   * says anything, and learns again only when it is told to.
   */
  copy(): ModelSurface {
    const encodings = this.#encodings.copy()
    const capacity = this.#capacity.copy()
    const metrics = this.#metrics.map((metric) => metric.copy(encodings, capacity))
    const copy = new ModelSurface({
      options: this.#options,
      universe: this.universe,
      weighting: this.#weighting,
      sampleOrder: this.#sampleOrder,
      encodings,
      capacity,
      metrics,
      harvest: this.#harvest.copy(metrics),
      costs: this.#costs.copy(),
      feasibility: this.#feasibility.copy(),
      levels: this.#levels.copy(),
    })
    copy.#learnsWhenAsked = false
    for (const index of this.#infeasible) copy.#infeasible.add(index)
    for (const [index, purpose] of this.#pending) copy.#pending.set(index, purpose)
    copy.#levelsKey = this.#levelsKey
    return copy
  }

  /** Enough was told since it learnt. */
  get isDue(): boolean {
    this.#harvest.judge()
    return (
      this.#metrics.some(({ isDue }) => isDue) ||
      this.#costs.isDue ||
      this.#levels.columns().newsKey !== this.#levelsKey
    )
  }

  /** Learns everything anew, step by step. */
  *learn(): Steps {
    this.#harvest.judge()
    this.#tellLevels()
    yield* this.#capacity.learn(this.#metrics)
    for (const metric of this.#metrics) yield* metric.learn()
    this.#costs.learn()
    yield
    yield* this.#acquisition.learn(this.#pending)
    for (const metric of this.#metrics) yield* this.#sample.foresee(metric)
  }

  /** Folds in everything told since it learnt. */
  append(): void {
    for (const metric of this.#metrics) metric.append()
    this.#acquisition.current(this.#pending)
  }

  tell(observation: Observation): void {
    const { index, outcome, values, cost, purpose, agent, at } = observation
    this.#pending.delete(index)
    this.#feasibility.tell(this.space.at(index), outcome)
    this.#levels.tell(observation)
    this.#accuracy = undefined
    if (outcome === 'infeasible') {
      this.#infeasible.add(index)
      for (const metric of this.#metrics) metric.forget(index)
      return
    }
    const { harvest = [] } = observation
    const heard = heardOf(harvest.map((shorter) => shorter.index))
    const group = 1 + heard.length
    const origin = { agent, at }
    for (const metric of this.#metrics) {
      const told = values[metric.metric]
      if (told !== undefined) {
        metric.tell(index, told.value, told.relativeSd, purpose === 'audit', origin, group)
      }
      metric.forget(index)
      for (const shorter of harvest) {
        const also = shorter.values[metric.metric]
        if (also === undefined) continue
        const hears = heard.includes(shorter.index) ? group : 0
        metric.tellHarvest(shorter.index, also.value, also.relativeSd, hears, origin)
      }
    }
    this.#harvest.tell(
      index,
      harvest.map((shorter) => shorter.index),
    )
    this.#costs.tell(index, cost)
  }

  tellPending(index: number, purpose: TrialPurpose): void {
    if (purpose === 'audit' || (purpose === 'explore' && this.#encodings.withPast !== undefined)) {
      this.#sync()
      for (const metric of this.#metrics) metric.foresee(index, purpose === 'audit')
    }
    this.#pending.set(index, purpose)
  }

  remove(index: number): void {
    this.#pending.delete(index)
    for (const metric of this.#metrics) metric.forget(index)
  }

  /** What cannot run by an engine’s own word; {@link tellEngine} besides says how times depend on it. */
  tellLimits(blockKey: string, facts: EngineFacts): void {
    this.#feasibility.tellEngine(blockKey, facts)
    this.#accuracy = undefined
  }

  tellEngine(blockKey: string, facts: EngineFacts): void {
    this.tellLimits(blockKey, facts)
    let changed = false
    if (facts.kvCapacityTokens !== undefined) {
      changed = this.#capacity.tell(blockKey, facts.kvCapacityTokens)
      this.#encodings.tellLimited(blockKey)
    }
    if (facts.captureSizes !== undefined && facts.captureSizes.length > 0) {
      changed = this.#encodings.tellCaptureSizes(blockKey, facts.captureSizes) || changed
    }
    if (changed) for (const metric of this.#metrics) metric.invalidate()
    this.#accuracy = undefined
  }

  isHarvested(index: number): boolean {
    return this.#harvest.isHarvested(index)
  }

  harvest(): HarvestKnowledge {
    return this.#harvest.knowledge()
  }

  nodes(): readonly NodeLevel[] {
    this.#sync()
    return nodeLevels(this.#metrics, (hardware, agent) => this.#levels.trials(hardware, agent))
  }

  changes(): readonly LevelChange[] {
    return this.#levels.changes()
  }

  #tellLevels(): void {
    const columns = this.#levels.columns()
    for (const metric of this.#metrics) {
      metric.tellLevels(columns, this.#levels.shifts(metric.metric))
    }
    this.#levelsKey = columns.newsKey
  }

  #sync(): void {
    this.#harvest.judge()
    if (!this.#learnsWhenAsked) {
      for (const metric of this.#metrics) metric.append()
      return
    }
    this.#tellLevels()
    if (exhaust(this.#capacity.learn(this.#metrics))) {
      for (const metric of this.#metrics) metric.invalidate()
    }
    for (const metric of this.#metrics) metric.sync()
  }

  estimate(metric: MetricName, index: number): Interval | undefined {
    this.#sync()
    return this.#metrics.find((each) => each.metric === metric)?.estimate(index)
  }

  feasible(index: number): number {
    if (this.#infeasible.has(index)) return 0
    if (this.#costs.paid.has(index) || !this.#feasibility.anyFailure) return 1
    return this.#feasibility.probability(this.space.at(index))
  }

  cost(index: number): number {
    if (this.#learnsWhenAsked) this.#costs.learnIfGrown()
    return this.#costs.at(index)
  }

  acquisition(): Acquisition | undefined {
    this.#sync()
    return this.#acquisition.current(this.#pending)
  }

  coordinates(indices: ArrayLike<number>): { axes: number; x: Float64Array } {
    return this.#encodings.own.coordinates(indices)
  }

  accuracy(): readonly MetricAccuracy[] {
    this.#sync()
    if (this.#accuracy === undefined) {
      this.#accuracy = this.#metrics.map((metric) => metricAccuracy(this.#sample.evidence(metric)))
    }
    return this.#accuracy
  }

  pastUse(): readonly PastUse[] {
    return this.#metrics.flatMap((metric) => metric.pastUse() ?? [])
  }

  believedError(): number {
    this.acquisition()
    return this.#acquisition.believedError
  }

  repeatsWanted(): boolean {
    this.#sync()
    return repeatsWanted(this.#noises, this.tolerance)
  }

  isLimitKnown(index: number): boolean {
    this.#sync()
    return this.#capacity.of(this.space.at(index)) !== Infinity
  }

  limitBetween(index: number): LimitBand | undefined {
    this.#sync()
    return this.#capacity.between(this.space.at(index))
  }

  auditCount(): number {
    return Math.min(...this.#metrics.map(({ audits }) => audits.length))
  }

  verdict(goal: AccuracyGoal): StopVerdict | undefined {
    const evidence = { audits: this.auditCount(), noiseKnown: isNoiseKnown(this.#noises) }
    return stopVerdict(this.accuracy(), evidence, goal)
  }

  get #noises(): NoiseLevel[] {
    return this.#metrics.map(({ noise }) => noise)
  }

  fullGridCost(): Interval {
    return gridCost({
      size: this.space.size,
      sample: this.#sampleOrder.slice(0, costSample),
      paid: this.#costs.paid,
      expected: (index) => this.cost(index) * this.feasible(index),
      spread: this.#costs.spread,
    })
  }
}

/** The surface that learns: physics, a smooth residual, audits. */
export function createSurface(options: SurfaceOptions): LearntSurface {
  return ModelSurface.of(options)
}
