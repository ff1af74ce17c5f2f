/** Checks of the queue that must agree before an engine counts as over-saturated. */
const checksInARow = 8
/** Share of the arrivals between two checks that must have stayed in the queue. */
const backlogShare = 0.15
/** Requests in flight below which a growing queue may be chance. */
const smallestBacklog = 16

/**
 * Notices an open loop whose engine cannot keep up: requests in flight grow check after check by more
 * than a share of what arrived. Then latencies depend on how long the run lasts and describe nothing.
 */
export class SaturationWatch {
  readonly #rate: number
  readonly #period: number
  #lastAt = 0
  #lastInFlight = 0
  #rising = 0

  /** @param rate arrivals per second. */
  constructor(rate: number) {
    this.#rate = rate
    // Long enough for a handful of arrivals, so that a burst is not taken for a trend.
    this.#period = Math.max(0.5, 10 / rate)
  }

  /** @param at seconds since the loop began. */
  rising(at: number, inFlight: number): boolean {
    const passed = at - this.#lastAt
    if (passed < this.#period) return false
    const grown = inFlight - this.#lastInFlight
    this.#rising = grown > backlogShare * this.#rate * passed ? this.#rising + 1 : 0
    this.#lastAt = at
    this.#lastInFlight = inFlight
    return this.#rising >= checksInARow && inFlight >= smallestBacklog
  }
}
