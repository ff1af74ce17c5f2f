import type { Space } from '../../shared/domain/space.js'
import type { Interval } from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Workload } from '../../shared/domain/sweep.js'
import { intervalQuantile } from './calibration.js'
import type { AuditError } from './calibration.js'
import type { Encoding, MemoryLimits } from './encoding.js'
import { MetricModel } from './metric-model.js'
import type { LogObservation, Prediction } from './metric-model.js'
import { noiseLevel } from './noise.js'
import { exhaust } from './steps.js'
import type { Steps } from './steps.js'
import type { NoiseLevel } from './noise.js'
import { basisOf } from './physics.js'
import { responseOf } from './response.js'
import type { Response } from './response.js'

interface Measured {
  readonly logs: number[]
  readonly relativeSds: number[]
}

/** Fewest configurations from which a model says anything. */
const fewest = 2
/** Growth of the measurements after which everything is learnt anew. */
const refitGrowth = 0.12
/** Measurements from which metrics are learnt anew one after the other, so many tells apart. */
const manyMeasurements = 200
const tellsApart = 3
/** Effort spent on the covariance’s parameters, and where they have settled. */
const evaluationsPerFit = 40
const evaluationsPerLaterFit = 16
/** Two-sided 90 % of a normal. */
const normal90 = 1.6448536269514722

/** One metric over the space: what was measured, the model of the rest, and how far audits were off. */
export class MetricSurface {
  readonly metric: MetricName
  readonly model: MetricModel
  readonly #space: Space
  readonly #response: Response
  readonly #measured = new Map<number, Measured>()
  readonly #foreseen = new Map<number, Prediction>()
  readonly #audits = new Map<number, AuditError>()
  /** Told since the model last saw its observations. */
  readonly #fresh = new Set<number>()
  readonly #absorbed = new Set<number>()
  readonly #turn: number
  #told = 0
  #fittedAt = 0
  #fits = 0
  #invalid = false
  #noise: NoiseLevel = noiseLevel([])

  private constructor(
    metric: MetricName,
    model: MetricModel,
    space: Space,
    response: Response,
    turn: number,
  ) {
    this.metric = metric
    this.model = model
    this.#space = space
    this.#response = response
    this.#turn = turn
  }

  /** @param turn among the metrics of a surface. */
  static of(
    space: Space,
    universe: Uint32Array,
    encoding: Encoding,
    metric: MetricName,
    workload: Workload,
    limits: MemoryLimits,
    turn: number,
  ): MetricSurface {
    const basis = basisOf(metric, workload)
    const model = MetricModel.of(space, universe, encoding, basis, limits)
    return new MetricSurface(metric, model, space, responseOf(metric, workload), turn)
  }

  /** One that was told the same, and has yet to learn from it. */
  copy(encoding: Encoding, limits: MemoryLimits): MetricSurface {
    const model = this.model.copy(encoding, limits)
    const copy = new MetricSurface(this.metric, model, this.#space, this.#response, this.#turn)
    for (const [index, { logs, relativeSds }] of this.#measured) {
      copy.#measured.set(index, { logs: [...logs], relativeSds: [...relativeSds] })
    }
    for (const [index, prediction] of this.#foreseen) copy.#foreseen.set(index, prediction)
    for (const [index, audit] of this.#audits) copy.#audits.set(index, audit)
    copy.#told = this.#told
    copy.#fittedAt = this.#fittedAt
    copy.#fits = this.#fits
    copy.#noise = this.#noise
    copy.#invalid = true
    return copy
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
    return [...this.#audits.values()].sort((a, b) => a.index - b.index)
  }

  isMeasured(index: number): boolean {
    return this.#measured.has(index)
  }

  measuredIndices(): IterableIterator<number> {
    return this.#measured.keys()
  }

  repeats(index: number): number {
    return this.#measured.get(index)?.logs.length ?? 0
  }

  /** Keeps what the model says of a configuration before it is measured. */
  foresee(index: number): void {
    if (this.#foreseen.has(index) || this.#measured.has(index) || !this.model.fitted) return
    const [prediction] = this.model.predict([index])
    if (prediction !== undefined) this.#foreseen.set(index, prediction)
  }

  forget(index: number): void {
    this.#foreseen.delete(index)
  }

  tell(index: number, value: number, relativeSd: number, audit: boolean): void {
    if (!(value > 0) || !Number.isFinite(value)) return
    const log = this.#response.toModel(value, this.#space.at(index))
    if (audit) this.#audit(index, log, relativeSd)
    const known = this.#measured.get(index)
    if (known === undefined) {
      this.#measured.set(index, { logs: [log], relativeSds: [relativeSd] })
    } else {
      known.logs.push(log)
      known.relativeSds.push(relativeSd)
    }
    this.#fresh.add(index)
    this.#told += 1
  }

  #audit(index: number, log: number, relativeSd: number): void {
    this.foresee(index)
    const prediction = this.#foreseen.get(index)
    if (prediction === undefined || this.#audits.has(index) || this.#measured.has(index)) return
    const gap = prediction.mean - log
    const spread = Math.sqrt(prediction.variance + this.#noise.shrunk(relativeSd))
    const direction = this.#response.reversed ? -1 : 1
    this.#audits.set(index, {
      index,
      z: (direction * gap) / spread,
      relativeError: Math.exp(direction * gap) - 1,
    })
  }

  /** What the model rests on changed: learn it anew at the next {@link sync}. */
  invalidate(): void {
    this.#invalid = true
  }

  /** Merged observations in ascending order of index. */
  observations(): LogObservation[] {
    return this.#byIndex().map(([index]) => this.#observation(index))
  }

  /** Makes the model see everything told: what is due is learnt anew at once. */
  sync(): void {
    if ((this.#fresh.size === 0 && !this.#invalid) || this.#measured.size < fewest) return
    if (this.isDue || this.#invalid || !this.model.fitted) exhaust(this.learn(this.isDue))
    else this.append()
  }

  /** Learns everything told anew, step by step. @param parameters the covariance’s too. */
  *learn(parameters = this.#told > this.#fittedAt): Steps {
    if (this.#measured.size < fewest) return
    this.#hearNoise()
    const settled = this.#fittedAt >= manyMeasurements
    const effort = settled ? evaluationsPerLaterFit : evaluationsPerFit
    yield* this.model.fit(this.observations(), parameters ? effort : 0)
    if (parameters) this.#fittedAt = this.#told
    this.#fits += 1
    this.#invalid = false
    for (const index of this.#measured.keys()) this.#absorbed.add(index)
    this.#fresh.clear()
  }

  /** Makes a model that has learnt see what was told since, at its present parameters. */
  append(): void {
    if (this.#fresh.size === 0 || !this.model.fitted) return
    this.#hearNoise()
    // What was measured again is known already; the model hears of it when it is learnt anew.
    const fresh = [...this.#fresh].filter((index) => !this.#absorbed.has(index))
    for (const index of fresh.sort((a, b) => a - b)) {
      this.model.append(this.#observation(index))
      this.#absorbed.add(index)
    }
    this.#fresh.clear()
  }

  #hearNoise(): void {
    this.#noise = noiseLevel(this.#byIndex().map(([, measured]) => measured))
  }

  /** Enough was told since it was last learnt anew. */
  get isDue(): boolean {
    if (this.#measured.size < fewest) return false
    const wait = this.#fittedAt >= manyMeasurements ? this.#turn * tellsApart : 0
    return this.#told - this.#fittedAt > this.#fittedAt * refitGrowth + wait
  }

  #byIndex(): [number, Measured][] {
    return [...this.#measured].sort(([a], [b]) => a - b)
  }

  #observation(index: number): LogObservation {
    const { log, variance } = this.merged(index) as { log: number; variance: number }
    return { index, log, variance }
  }

  /** All values of a configuration as one, weighted by their noise. */
  merged(index: number): { log: number; variance: number } | undefined {
    const measured = this.#measured.get(index)
    if (measured === undefined) return undefined
    const parts = measured.logs
      .map((log, k) => ({ log, variance: this.#noise.shrunk(measured.relativeSds[k] as number) }))
      .sort((a, b) => a.log - b.log)
    const weight = parts.reduce((sum, { variance }) => sum + 1 / variance, 0)
    const log = parts.reduce((sum, part) => sum + part.log / part.variance, 0) / weight
    return { log, variance: 1 / weight }
  }

  /** 90 % interval of the truth, in the metric’s unit. */
  estimate(index: number): Interval | undefined {
    const known = this.merged(index)
    if (known !== undefined) return this.#interval(index, known.log, known.variance, normal90)
    if (!this.model.fitted) return undefined
    const [prediction] = this.model.predict([index])
    if (prediction === undefined) return undefined
    return this.#interval(
      index,
      prediction.mean,
      prediction.variance,
      intervalQuantile(this.audits),
    )
  }

  #interval(index: number, log: number, variance: number, quantile: number): Interval {
    const configuration = this.#space.at(index)
    const reach = quantile * Math.sqrt(variance)
    const one = this.#response.fromModel(log - reach, configuration)
    const other = this.#response.fromModel(log + reach, configuration)
    return {
      value: this.#response.fromModel(log, configuration),
      low: Math.min(one, other),
      high: Math.max(one, other),
    }
  }
}
