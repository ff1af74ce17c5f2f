import type { CostModel } from './cost-model.js'

/** Growth of the paid trials after which costs are learnt anew. */
const growth = 1.1
/** The same where learning them is all that is due. */
const growthAlone = 1.5

/** What trials cost: what was paid, and the model of the rest. Device-seconds. */
export class CostBook {
  readonly #model: CostModel
  readonly #paid: Map<number, number>
  #fitted = 0
  #isStale = false

  constructor(model: CostModel, paid = new Map<number, number>()) {
    this.#model = model
    this.#paid = paid
  }

  copy(): CostBook {
    const copy = new CostBook(this.#model.copy(), new Map(this.#paid))
    copy.#fitted = this.#fitted
    copy.#isStale = this.#isStale
    return copy
  }

  /** By index, the latest of each. */
  get paid(): ReadonlyMap<number, number> {
    return this.#paid
  }

  /** Standard deviation of log costs around what the model says. */
  get spread(): number {
    return this.#model.spread
  }

  tell(index: number, cost: number): void {
    if (!(cost > 0)) return
    this.#paid.set(index, cost)
    this.#isStale = true
  }

  /** Enough was paid since it learnt to learn costs anew, be it for them alone. */
  get isDue(): boolean {
    return this.#hasGrown(growthAlone)
  }

  learnIfGrown(): void {
    if (this.#hasGrown(growth)) this.learn()
  }

  learn(): void {
    this.#model.fit(
      [...this.#paid]
        .sort(([a], [b]) => a - b)
        .map(([index, deviceSeconds]) => ({ index, deviceSeconds })),
    )
    this.#isStale = false
    this.#fitted = this.#paid.size
  }

  at(index: number): number {
    return this.#paid.get(index) ?? this.#model.at(index)
  }

  #hasGrown(by: number): boolean {
    return this.#isStale && this.#paid.size > this.#fitted * by
  }
}
