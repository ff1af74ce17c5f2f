import { asFmworkError } from '../../shared/domain/errors.js'
import type { Clock } from '../../shared/process/clock.js'

/**
 * After a look the planner is left alone for so many times as long as the look took, in seconds at most
 * that long: an ask waits behind a look, and with hundreds of agents there is always a new result.
 */
const pause = { factor: 9, longest: 5 }

export interface PlanRefreshOptions {
  readonly clock: Clock
  /** Reads the planner’s view and keeps it. */
  readonly look: () => Promise<void>
  /** The planner broke. */
  readonly broken: (message: string) => void
}

/** Looks at the planner after results; many results in a short time are one look. */
export class PlanRefresh {
  readonly #options: PlanRefreshOptions
  #due = false
  #isLooking = false
  /** The disk was full when a view was to be kept. */
  #missed = false
  #looking: Promise<void> | undefined
  /** Aborts when somebody waits for the next look, or for the last: the pause is over. */
  #hurry = new AbortController()
  readonly #closed = new AbortController()

  constructor(options: PlanRefreshOptions) {
    this.#options = options
  }

  /** A result came that the last look has not seen. */
  get due(): boolean {
    return this.#due
  }

  /** What the planner thinks of all results is not kept yet. */
  get stale(): boolean {
    return this.#due || this.#isLooking
  }

  /** @param now without a pause: nobody asks anything of the planner meanwhile. */
  request(now = false): void {
    this.#due = true
    if (now) this.#hurry.abort()
    this.#looking ??= this.#look()
      .catch((thrown: unknown) => {
        const error = asFmworkError(thrown)
        // A full disk mends itself: the next result, or the next tick, looks again.
        if (error.code === 'DISK_FULL') this.#missed = true
        else this.#options.broken(error.message)
      })
      .finally(() => {
        this.#looking = undefined
        if (this.#due && !this.#closed.signal.aborted) this.request()
      })
  }

  /** Looks again when a look was lost to a full disk. */
  retry(): void {
    if (!this.#missed) return
    this.#missed = false
    this.request()
  }

  /** No look begins any more. @returns when the one under way is over. */
  async close(): Promise<void> {
    this.#closed.abort()
    this.#hurry.abort()
    await this.#looking
  }

  async #look(): Promise<void> {
    const { clock, look } = this.#options
    const { signal } = this.#closed
    while (this.#due && !signal.aborted) {
      this.#due = false
      this.#hurry = new AbortController()
      const from = clock.monotonic()
      this.#isLooking = true
      await look().finally(() => {
        this.#isLooking = false
      })
      const took = clock.monotonic() - from
      const rest = Math.min(pause.factor * took, pause.longest)
      if (rest > 0) await clock.sleep(rest, this.#hurry.signal).catch(() => undefined)
    }
  }
}
