import type { MetricName } from '../../shared/domain/metric.js'
import type { PastRow } from '../../shared/domain/past.js'
import type { Encoding, MemoryLimits } from './encoding.js'
import type { LogObservation, MetricModel } from './metric-model.js'
import type { LevelEffects } from './node-levels/level-effects.js'
import { Prequential } from './prequential.js'
import type { Comparison } from './prequential.js'
import type { Response } from './response.js'
import type { Steps } from './steps.js'

/** Measurements of its own from which a sweep has nothing to learn from others any more. */
const mostOwn = 60
/** Forecasts by both models before the past may be dropped for what they were worth. */
const fewestForecasts = 3
/** From so many on it must help and not only do no harm, and what is dropped is dropped for good. */
const enoughForecasts = 24
/** Part of the error without the past that the one with it must stay below: at first, and then. */
const harmless = 1.1
const helpful = 0.85
/** Noise that what another day measured has at least, as a relative standard deviation. */
const leastSd = 0.003

/** Where the model of a metric starts from, and whether that helps. */
export interface PastUse extends Comparison {
  readonly metric: MetricName
  readonly isUsed: boolean
  /** Values of past sweeps that it heard of. */
  readonly rows: number
}

/**
 * A metric’s model that hears of past sweeps, beside the one that does not: it is used while it
 * foretells what this sweep measures at least as well.
 */
export class PastModel {
  readonly model: MetricModel
  readonly #rows: readonly LogObservation[]
  #contest = new Prequential()
  #isUsed = true
  #isOver = false

  constructor(model: MetricModel, rows: readonly LogObservation[]) {
    this.model = model
    this.#rows = rows
  }

  copy(encoding: Encoding, limits: MemoryLimits): PastModel {
    const copy = new PastModel(this.model.copy(encoding, limits), this.#rows)
    copy.#contest = this.#contest.copy()
    copy.#isUsed = this.#isUsed
    copy.#isOver = this.#isOver
    return copy
  }

  get isUsed(): boolean {
    return this.#isUsed
  }

  /** It still learns. */
  get isOpen(): boolean {
    return !this.#isOver
  }

  /** What it has heard of; nothing while it is not used. */
  get heard(): readonly LogObservation[] {
    return this.#isUsed ? this.#rows : []
  }

  use(metric: MetricName): PastUse {
    const comparison = this.#contest.comparison()
    return { metric, isUsed: this.#isUsed, rows: this.#rows.length, ...comparison }
  }

  /** Keeps what both models say of a configuration before it is measured. */
  foresee(index: number, alone: MetricModel): void {
    if (this.#isOver || !this.model.fitted || this.#contest.isOpen(index)) return
    const [informed] = this.model.predict([index])
    const [plain] = alone.fitted ? alone.predict([index]) : []
    if (informed !== undefined) this.#contest.note(index, informed.mean, plain?.mean)
  }

  forget(index: number): void {
    this.#contest.forget(index)
  }

  /** What the configuration turned out to be. */
  judge(index: number, log: number, alone: MetricModel): void {
    this.foresee(index, alone)
    this.#contest.judge(index, log)
  }

  /** Learns everything anew, step by step, and whether to be used from now on. @param levels that its own values share. */
  *learn(own: readonly LogObservation[], evaluations: number, levels?: LevelEffects): Steps {
    if (this.#isOver) return
    if (own.length > mostOwn) {
      this.#isOver = true
      this.#isUsed = false
      return
    }
    yield* this.model.fit([...own, ...this.#rows], evaluations, levels)
    const { count, informed, alone } = this.#contest.comparison()
    const bar = count < enoughForecasts ? harmless : helpful
    this.#isUsed = count < fewestForecasts || informed <= bar * alone
    this.#isOver = count >= enoughForecasts && !this.#isUsed
  }

  append(observation: LogObservation): void {
    if (!this.#isOver && this.model.fitted) this.model.append(observation)
  }
}

/** What past sweeps say of a metric, in log units; indices go on behind the space. */
export function pastObservations(
  past: readonly PastRow[],
  metric: MetricName,
  response: Response,
  spaceSize: number,
): LogObservation[] {
  return past.flatMap(({ configuration, values }, row) => {
    const told = values[metric]
    if (told === undefined || !(told.value > 0) || !Number.isFinite(told.value)) return []
    const sd = Math.max(leastSd, told.relativeSd)
    const log = response.toModel(told.value, configuration)
    return [{ index: spaceSize + row, log, variance: sd * sd, level: [] }]
  })
}
