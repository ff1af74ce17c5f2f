import type { Space } from '../../shared/domain/space.js'
import type { Interval } from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { PastRow } from '../../shared/domain/past.js'
import type { Workload } from '../../shared/domain/sweep.js'
import { normal90 } from '../../shared/stats/normal.js'
import { AuditBook } from './audit-book.js'
import { intervalQuantile } from './calibration.js'
import type { AuditError } from './calibration.js'
import type { HarvestCheck } from './harvest/harvest-check.js'
import { HarvestValues } from './harvest/harvest-values.js'
import type { Merged } from './harvest/harvest-values.js'
import type { Encoding, MemoryLimits } from './encoding.js'
import type { Encodings } from './encodings.js'
import { MeasuredBook } from './measured-values.js'
import { MetricModel } from './metric-model.js'
import type { LogObservation } from './metric-model.js'
import type { Shift } from './node-levels/level-change.js'
import { difference } from './node-levels/level-columns.js'
import type { LevelColumns, Origin } from './node-levels/level-columns.js'
import { LevelBook } from './node-levels/level-book.js'
import type { KnownNode, LevelsHere } from './node-levels/level-book.js'
import { noiseLevel } from './noise.js'
import { exhaust } from './steps.js'
import type { Steps } from './steps.js'
import type { NoiseLevel } from './noise.js'
import { LearningPace } from './learning-pace.js'
import type { PastUse } from './past-model.js'
import { basisOf } from './physics.js'
import { RivalModels } from './rival-models.js'
import { intervalOf, responseOf } from './response.js'
import type { Response } from './response.js'

/** One metric over the space: what was measured, the model of the rest, and how far audits were off. */
export class MetricSurface {
  readonly metric: MetricName
  readonly #rivals: RivalModels
  readonly #space: Space
  readonly #response: Response
  #measured = new MeasuredBook()
  /** Told since the model last saw its observations. */
  readonly #fresh = new Set<number>()
  readonly #absorbed = new Set<number>()
  readonly #pace: LearningPace
  #fits = 0
  #invalid = false
  #noise: NoiseLevel = noiseLevel([])
  #harvest = new HarvestValues()
  #levels = new LevelBook()
  #audits = new AuditBook()
  /** Whether what longer runs told counts. */
  #trusted = true

  readonly #levelsAt = (index: number): LevelsHere =>
    this.#levels.at(() => this.#space.at(index).hardware)

  private constructor(
    metric: MetricName,
    rivals: RivalModels,
    space: Space,
    response: Response,
    pace: LearningPace,
  ) {
    this.metric = metric
    this.#rivals = rivals
    this.#space = space
    this.#response = response
    this.#pace = pace
  }

  /** @param turn among the metrics of a surface. */
  static of(
    space: Space,
    universe: Uint32Array,
    encodings: Encodings,
    metric: MetricName,
    workload: Workload,
    limits: MemoryLimits,
    turn: number,
    past: readonly PastRow[] = [],
  ): MetricSurface {
    const basis = basisOf(metric, workload)
    const response = responseOf(metric, workload)
    const modelOf = (encoding: Encoding) => MetricModel.of(space, universe, encoding, basis, limits)
    const rivals = RivalModels.of(encodings, modelOf, past, metric, response, space.size)
    return new MetricSurface(metric, rivals, space, response, new LearningPace(turn))
  }

  /** One that was told the same, and has yet to learn from it. */
  copy(encodings: Encodings, limits: MemoryLimits): MetricSurface {
    const copy = new MetricSurface(
      this.metric,
      this.#rivals.copy(encodings, limits),
      this.#space,
      this.#response,
      this.#pace.copy(),
    )
    copy.#measured = this.#measured.copy()
    copy.#harvest = this.#harvest.copy()
    copy.#levels = this.#levels.copy()
    copy.#trusted = this.#trusted
    copy.#audits = this.#audits.copy()
    copy.#fits = this.#fits
    copy.#noise = this.#noise
    copy.#invalid = true
    return copy
  }

  /** What foretells best at present. */
  get model(): MetricModel {
    return this.#rivals.best
  }

  /** What the model has heard of past sweeps. */
  get pastHeard(): readonly LogObservation[] {
    return this.#rivals.pastHeard
  }

  /** Undefined where no past sweep measured the metric. */
  pastUse(): PastUse | undefined {
    return this.#rivals.pastUse(this.metric)
  }

  measuredIndices(): Iterable<number> {
    return this.#measured.indices()
  }

  get measuredCount(): number {
    return this.#measured.size
  }

  /** How often the model was learnt anew; what is derived from it is stale when this moves. */
  get fits(): number {
    return this.#fits
  }

  get noise(): NoiseLevel {
    return this.#noise
  }

  get audits(): readonly AuditError[] {
    return this.#audits.errors(this.#direction, this.#levels, this.#levelsAt)
  }

  get #direction(): 1 | -1 {
    return this.#response.reversed ? -1 : 1
  }

  /** Levels that are told apart from now on; when they change, the model is learnt anew. */
  tellLevels(columns: LevelColumns, shifts: readonly (Shift | undefined)[]): void {
    if (this.#levels.tell(columns, shifts)) this.#invalid = true
  }

  /** Nodes of classes that have several, over the mean of their class: in the metric’s own direction. */
  nodes(): KnownNode[] {
    return this.#levels.nodes().map((node) => ({ ...node, log: this.#direction * node.log }))
  }

  /** Mean square by which one node is off the mean of its class. */
  get nodeSpread(): number {
    return this.#levels.spread
  }

  /** Variance that not knowing a level gives what was measured of a configuration. */
  levelVariance(index: number): number {
    if (!this.#levels.differ) return 0
    const level = this.#merged(index)?.level
    return level === undefined ? 0 : this.#levels.variance(level)
  }

  isMeasured(index: number): boolean {
    return this.#measured.has(index)
  }

  isHarvested(index: number): boolean {
    return this.#trusted && !this.#measured.has(index) && this.#harvest.has(index)
  }

  /** What the model hears of, and how much noisier than a trial’s own each counts; 0: known to itself alone. */
  knownIndices(): Map<number, number> {
    const known = new Map<number, number>()
    if (this.#trusted) {
      for (const index of this.#harvest.indices()) {
        known.set(index, this.#harvest.groupOf(index) ?? 0)
      }
    }
    for (const index of this.#measured.indices()) {
      const doubt = this.levelVariance(index) / this.#noise.typical
      known.set(index, this.#measured.group(index) + doubt)
    }
    return known
  }

  repeats(index: number): number {
    return this.#measured.count(index)
  }

  /** Keeps what the model says of a configuration before it is measured. @param audit that it is to check. */
  foresee(index: number, audit: boolean): void {
    // What was harvested is no prediction: a run of its own checks it, and audits nothing.
    const isKnown = this.#measured.has(index) || this.isHarvested(index)
    if (!isKnown) this.#rivals.foresee(index)
    if (audit && !isKnown) this.#audits.foresee(index, this.model)
  }

  forget(index: number): void {
    this.#audits.forget(index)
    this.#rivals.forget(index)
  }

  /**
   * @param group values of its trial that the model hears of, this one included.
   */
  tell(
    index: number,
    value: number,
    relativeSd: number,
    audit: boolean,
    origin: Origin,
    group = 1,
  ): void {
    if (!(value > 0) || !Number.isFinite(value)) return
    const log = this.#response.toModel(value, this.#space.at(index))
    if (audit && !this.#measured.has(index)) {
      this.foresee(index, true)
      this.#audits.judge(index, log, this.#noise.shrunk(relativeSd), origin)
    }
    if (!this.#measured.has(index)) this.#rivals.judge(index, log)
    this.#measured.tell(index, { log, relativeSd, group, origin })
    this.#fresh.add(index)
    this.#pace.tell()
  }

  /**
   * What a longer run said of a configuration.
   *
   * @param group as above; 0 where the model is not to hear of it.
   */
  tellHarvest(
    index: number,
    value: number,
    relativeSd: number,
    group: number,
    origin: Origin,
  ): void {
    if (!(value > 0) || !Number.isFinite(value)) return
    const log = this.#response.toModel(value, this.#space.at(index))
    this.#harvest.tell(index, { log, relativeSd, group, origin })
    if (group > 0 && this.#trusted) this.#fresh.add(index)
  }

  /** Configurations that both a longer run and one of its own told of, ascending. */
  checks(): HarvestCheck[] {
    const noise = this.#noiseNow()
    return this.#harvest.indices().flatMap((index) => {
      const levels = this.#levelsAt(index)
      const run = this.#measured.merged(index, noise, levels)
      const harvested = this.#harvest.merged(index, noise, levels.of)
      if (run === undefined || harvested === undefined) return []
      const level = difference(harvested.level, run.level)
      return [
        {
          index,
          gap: this.#direction * (harvested.log - run.log - this.#levels.mean(level)),
          variance: harvested.variance + run.variance + this.#levels.variance(level),
        },
      ]
    })
  }

  /** Standard deviations of what is known from longer runs alone, in log units. */
  harvestSds(): number[] {
    return this.#harvest
      .indices()
      .filter((index) => this.isHarvested(index))
      .map((index) => Math.sqrt(this.merged(index)?.variance ?? 0))
  }

  /** Whether what longer runs told counts; when that changes, the model is learnt anew. */
  trustHarvest(trusted: boolean): void {
    if (this.#trusted === trusted) return
    this.#trusted = trusted
    this.#invalid = true
  }

  /** What the model rests on changed: learn it anew at the next {@link sync}. */
  invalidate(): void {
    this.#invalid = true
  }

  /** Merged observations in ascending order of index. */
  observations(): LogObservation[] {
    const heard = this.#trusted
      ? this.#harvest.indices().filter((index) => this.#harvest.groupOf(index) !== undefined)
      : []
    return [...new Set([...this.#measured.indices(), ...heard])]
      .sort((a, b) => a - b)
      .map((index) => this.#observation(index))
  }

  /** Makes the model see everything told: what is due is learnt anew at once. */
  sync(): void {
    if ((this.#fresh.size === 0 && !this.#invalid && !this.isDue) || !this.#canLearn) return
    if (this.isDue || this.#invalid || !this.model.fitted) exhaust(this.learn(this.isDue))
    else this.append()
  }

  /** Learns everything told anew, step by step. @param parameters the covariance’s too. */
  *learn(parameters = this.#pace.hasNews): Steps {
    if (!this.#canLearn) return
    this.#noise = this.#measured.learnLevels(this.#noise, this.#levels, this.#levelsAt)
    const effort = parameters ? this.#pace.effort : 0
    const own = this.observations()
    const { base } = this.#levels
    yield* this.#rivals.learn(own, this.#measured.size, effort, base)
    this.#levels.learn(this.model.levels)
    if (parameters) this.#pace.settle()
    this.#fits += 1
    this.#invalid = false
    for (const index of this.#measured.indices()) this.#absorbed.add(index)
    if (this.#trusted) for (const index of this.#harvest.indices()) this.#absorbed.add(index)
    this.#fresh.clear()
  }

  /** Makes a model that has learnt see what was told since, at its present parameters. */
  append(): void {
    if (this.#fresh.size === 0 || !this.model.fitted) return
    this.#noise = this.#noiseNow()
    // What was measured again is known already; the model hears of it when it is learnt anew.
    const fresh = [...this.#fresh].filter((index) => !this.#absorbed.has(index))
    for (const index of fresh.sort((a, b) => a - b)) {
      this.#rivals.append(this.#observation(index))
      this.#absorbed.add(index)
    }
    this.#fresh.clear()
  }

  #noiseNow(): NoiseLevel {
    return this.#measured.noise(this.#noise, this.#levels, this.#levelsAt)
  }

  get #canLearn(): boolean {
    return this.#rivals.canLearn(this.#measured.size)
  }

  /** Enough was told since it was last learnt anew. */
  get isDue(): boolean {
    if (!this.#canLearn) return false
    if (this.#fits === 0 && this.#rivals.hasPast) return true
    // Of a copy that has not learnt yet, this says nothing new.
    if (this.#invalid && this.model.fitted) return true
    return this.#pace.isDue
  }

  #observation(index: number): LogObservation {
    const levels = this.#levelsAt(index)
    const heard =
      this.#measured.merged(index, this.#noise, levels, true) ??
      this.#harvest.heard(index, this.#noise, levels.of)
    const { log, variance, level } = heard as Merged
    const { base } = this.#levels
    return { index, log: base === undefined ? log : log - base.mean(level), variance, level }
  }

  /** All values of a configuration as one, weighted by their noise: those of its own runs, else harvested ones. */
  #merged(index: number): Merged | undefined {
    const levels = this.#levelsAt(index)
    const own = this.#measured.merged(index, this.#noise, levels)
    if (own !== undefined || !this.#trusted) return own
    return this.#harvest.merged(index, this.#noise, levels.of)
  }

  /** The same as the mean of the nodes would have it. */
  merged(index: number): { readonly log: number; readonly variance: number } | undefined {
    const merged = this.#merged(index)
    return merged === undefined ? undefined : this.#levels.without(merged)
  }

  /** 90 % interval of the truth, in the metric’s unit. */
  estimate(index: number): Interval | undefined {
    const configuration = this.#space.at(index)
    const known = this.merged(index)
    if (known !== undefined) return intervalOf(this.#response, configuration, known, normal90)
    if (!this.model.fitted) return undefined
    const [prediction] = this.model.predict([index])
    if (prediction === undefined) return undefined
    const { mean: log, variance } = prediction
    const quantile = intervalQuantile(this.audits)
    return intervalOf(this.#response, configuration, { log, variance }, quantile)
  }
}
