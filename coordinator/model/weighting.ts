/** How much configurations count beside one another: 1 on average, and all the same where nobody says more. */
export class Weighting {
  readonly #weight: ((index: number) => number) | undefined
  readonly #known = new Map<number, number>()
  #mean = 1

  /** @param weight of a configuration, above 0; undefined where all count the same. */
  constructor(universe: Uint32Array, weight?: (index: number) => number) {
    this.#weight = weight
    if (weight === undefined) return
    this.#mean = universe.reduce((sum, index) => sum + this.at(index), 0) / universe.length
    for (const [index, value] of this.#known) this.#known.set(index, value / this.#mean)
  }

  get isEven(): boolean {
    return this.#weight === undefined
  }

  at(index: number): number {
    if (this.#weight === undefined) return 1
    let known = this.#known.get(index)
    if (known === undefined) {
      known = this.#weight(index) / this.#mean
      this.#known.set(index, known)
    }
    return known
  }

  /** What they count together. */
  sum(indices: Iterable<number>): number {
    let sum = 0
    for (const index of indices) sum += this.at(index)
    return sum
  }

  /**
   * So many of them that each stands for an equal part of what all weigh together: who weighs more
   * comes more often. In the order given.
   */
  represent<T>(members: readonly T[], count: number, indexOf: (member: T) => number): T[] {
    const weights = members.map((member) => this.at(indexOf(member)))
    const step = weights.reduce((sum, weight) => sum + weight, 0) / count
    const chosen: T[] = []
    let passed = 0
    members.forEach((member, k) => {
      passed += weights[k] as number
      while (chosen.length < count && (chosen.length + 0.5) * step < passed) chosen.push(member)
    })
    return chosen
  }
}
