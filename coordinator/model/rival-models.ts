import type { PastRow } from '../../shared/domain/past.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Encoding, MemoryLimits } from './encoding.js'
import type { Encodings } from './encodings.js'
import type { LogObservation, MetricModel } from './metric-model.js'
import type { LevelEffects } from './node-levels/level-effects.js'
import { PastModel, pastObservations } from './past-model.js'
import type { PastUse } from './past-model.js'
import type { Response } from './response.js'
import type { Steps } from './steps.js'

/** Configurations from which a model says anything. */
const fewest = 2

/** A metric’s model of its own measurements, and one that starts from past sweeps where there were any. */
export class RivalModels {
  readonly #alone: MetricModel
  readonly #past: PastModel | undefined

  private constructor(alone: MetricModel, past: PastModel | undefined) {
    this.#alone = alone
    this.#past = past
  }

  /** @param modelOf makes a model that has heard of nothing. */
  static of(
    { own, withPast }: Encodings,
    modelOf: (encoding: Encoding) => MetricModel,
    past: readonly PastRow[],
    metric: MetricName,
    response: Response,
    spaceSize: number,
  ): RivalModels {
    const heard = pastObservations(past, metric, response, spaceSize)
    const informed =
      withPast === undefined || heard.length < fewest
        ? undefined
        : new PastModel(modelOf(withPast), heard)
    return new RivalModels(modelOf(own), informed)
  }

  /** Of models that were told the same, and have yet to learn from it. */
  copy({ own, withPast }: Encodings, limits: MemoryLimits): RivalModels {
    return new RivalModels(
      this.#alone.copy(own, limits),
      withPast === undefined ? undefined : this.#past?.copy(withPast, limits),
    )
  }

  /** What foretells best at present. */
  get best(): MetricModel {
    return this.#past?.isUsed === true ? this.#past.model : this.#alone
  }

  get hasPast(): boolean {
    return this.#past !== undefined
  }

  /** What the best has heard of past sweeps. */
  get pastHeard(): readonly LogObservation[] {
    return this.#past?.heard ?? []
  }

  /** Undefined where no past sweep measured the metric. */
  pastUse(metric: MetricName): PastUse | undefined {
    return this.#past?.use(metric)
  }

  /** @param measured configurations. */
  canLearn(measured: number): boolean {
    return measured >= fewest || this.#past?.isOpen === true
  }

  /** Keeps what both say of a configuration before it is measured. */
  foresee(index: number): void {
    this.#past?.foresee(index, this.#alone)
  }

  forget(index: number): void {
    this.#past?.forget(index)
  }

  /** What the configuration turned out to be. */
  judge(index: number, log: number): void {
    this.#past?.judge(index, log, this.#alone)
  }

  /** @param measured configurations; the others of `own` were told by longer runs. */
  *learn(
    own: readonly LogObservation[],
    measured: number,
    effort: number,
    levels: LevelEffects | undefined,
  ): Steps {
    if (measured >= fewest) yield* this.#alone.fit(own, effort, levels)
    if (this.#past !== undefined) yield* this.#past.learn(own, effort, levels)
  }

  append(observation: LogObservation): void {
    if (this.#alone.fitted) this.#alone.append(observation)
    this.#past?.append(observation)
  }
}
