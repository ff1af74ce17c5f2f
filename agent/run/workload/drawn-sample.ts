import type { Random } from '../../../shared/stats/random.js'

/**
 * As many items as asked for, of however many go by: each equally likely, in random order, the same
 * for a seed. Holds twice as many at most. A larger sample of the same items begins with a smaller one.
 */
export class DrawnSample<T> {
  readonly #random: Random
  readonly #count: number
  #kept: { readonly key: number; readonly item: T }[] = []
  /** No item from here on is among those with the lowest keys. */
  #limit = Infinity

  constructor(count: number, random: Random) {
    this.#count = count
    this.#random = random
  }

  offer(item: T): void {
    const key = this.#random.next()
    if (key >= this.#limit) return
    this.#kept.push({ key, item })
    if (this.#kept.length >= 2 * this.#count) this.#cut()
  }

  items(): T[] {
    this.#cut()
    return this.#kept.map(({ item }) => item)
  }

  #cut(): void {
    this.#kept = this.#kept.sort((a, b) => a.key - b.key).slice(0, this.#count)
    if (this.#kept.length === this.#count) this.#limit = this.#kept.at(-1)?.key ?? Infinity
  }
}
