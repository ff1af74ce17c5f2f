import type { Random } from '../../shared/stats/random.js'

export interface BackoffOptions {
  readonly firstSeconds: number
  readonly mostSeconds: number
}

/**
 * How long to wait before the next attempt: doubling up to a cap, and anywhere in the upper half of
 * that, so that a lab’s agents do not come back all at once. For ever: it never says to give up.
 */
export class Backoff {
  readonly #options: BackoffOptions
  readonly #random: Random
  #failures = 0

  constructor(random: Random, options: BackoffOptions = { firstSeconds: 0.25, mostSeconds: 15 }) {
    this.#random = random
    this.#options = options
  }

  /** Seconds to wait after one more failure. */
  next(): number {
    const { firstSeconds, mostSeconds } = this.#options
    const ceiling = Math.min(mostSeconds, firstSeconds * 2 ** this.#failures)
    if (ceiling < mostSeconds) this.#failures += 1
    return ceiling * (0.5 + 0.5 * this.#random.next())
  }

  succeeded(): void {
    this.#failures = 0
  }
}
