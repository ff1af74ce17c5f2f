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
  readonly #rateAt: (seconds: number) => number
  #lastAt = 0
  #lastInFlight = 0
  #rising = 0

  /** @param rateAt arrivals per second that are asked for, by seconds since the loop began. */
  constructor(rateAt: (seconds: number) => number) {
    this.#rateAt = rateAt
  }

  /** @param at seconds since the loop began. */
  rising(at: number, inFlight: number): boolean {
    const passed = at - this.#lastAt
    const rate = this.#rateAt(at)
    // Long enough for a handful of arrivals, so that a burst is not taken for a trend.
    if (passed < Math.max(0.5, 10 / rate)) return false
    // A rate that grows keeps more in flight even where all are served in time (Little’s law).
    const natural = this.#lastInFlight * (rate / this.#rateAt(this.#lastAt) - 1)
    const grown = inFlight - this.#lastInFlight - natural
    this.#rising = grown > backlogShare * rate * passed ? this.#rising + 1 : 0
    this.#lastAt = at
    this.#lastInFlight = inFlight
    return this.#rising >= checksInARow && inFlight >= smallestBacklog
  }
}
