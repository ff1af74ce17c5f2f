/** Growth of the measurements after which everything is learnt anew. */
const growth = 0.12
/** Measurements from which metrics are learnt anew one after the other, so many tells apart. */
const manyMeasurements = 200
const tellsApart = 3
/** Effort spent on the covariance’s parameters, and where they have settled. */
const evaluationsPerFit = 40
const evaluationsPerLaterFit = 16

/** When a metric’s parameters are learnt anew, and with how much effort. */
export class LearningPace {
  readonly #turn: number
  #told = 0
  #learntAt = 0

  /** @param turn of the metric, among those of a surface. */
  constructor(turn: number) {
    this.#turn = turn
  }

  copy(): LearningPace {
    const copy = new LearningPace(this.#turn)
    copy.#told = this.#told
    copy.#learntAt = this.#learntAt
    return copy
  }

  /** One more measurement was told. */
  tell(): void {
    this.#told += 1
  }

  /** They have heard of all that was told. */
  settle(): void {
    this.#learntAt = this.#told
  }

  get hasNews(): boolean {
    return this.#told > this.#learntAt
  }

  /** So much news that it is worth it. */
  get isDue(): boolean {
    const wait = this.#isSettled ? this.#turn * tellsApart : 0
    return this.#told - this.#learntAt > this.#learntAt * growth + wait
  }

  /** Evaluations of the likelihood that it is worth. */
  get effort(): number {
    return this.#isSettled ? evaluationsPerLaterFit : evaluationsPerFit
  }

  get #isSettled(): boolean {
    return this.#learntAt >= manyMeasurements
  }
}
