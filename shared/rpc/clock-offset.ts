/** One question and answer between two wall clocks, in epoch milliseconds. */
export interface RoundTrip {
  readonly sentMs: number
  readonly answeredMs: number
  readonly receivedMs: number
}

interface Estimate {
  readonly offsetMs: number
  readonly roundTripMs: number
}

/** Round trips that are remembered: old ones know a clock that has drifted since. */
const remembered = 8

/**
 * Estimates how far this clock is ahead of a peer’s from round trips, as NTP does: the quickest of
 * the last few is the one that queues delayed least, and its offset is wrong by at most half of it.
 */
export class ClockOffset {
  #trips: readonly Estimate[] = []

  /** Trips that seem to end before they began (a clock was set) are left out. */
  learn({ sentMs, answeredMs, receivedMs }: RoundTrip): void {
    const roundTripMs = receivedMs - sentMs
    if (roundTripMs < 0) return
    const offsetMs = (sentMs + receivedMs) / 2 - answeredMs
    this.#trips = [...this.#trips, { offsetMs, roundTripMs }].slice(-remembered)
  }

  /** This clock minus the peer’s, in milliseconds; undefined before the first round trip. */
  get offsetMs(): number | undefined {
    return this.#best()?.offsetMs
  }

  /** How far `offsetMs` can be off, in milliseconds. */
  get uncertaintyMs(): number | undefined {
    const best = this.#best()
    return best === undefined ? undefined : best.roundTripMs / 2
  }

  #best(): Estimate | undefined {
    return this.#trips.reduce<Estimate | undefined>(
      (best, trip) => (best === undefined || trip.roundTripMs < best.roundTripMs ? trip : best),
      undefined,
    )
  }
}
