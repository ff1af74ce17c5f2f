import { asFmworkError } from '../../shared/domain/errors.js'

export interface PlanRefreshOptions {
  /** Reads the planner’s view and keeps it. */
  readonly look: () => Promise<void>
  /** The planner broke. */
  readonly broken: (message: string) => void
}

/** Looks at the planner after results; many results in a short time are one look. */
export class PlanRefresh {
  readonly #options: PlanRefreshOptions
  #due = false
  /** The disk was full when a view was to be kept. */
  #missed = false
  #looking: Promise<void> | undefined
  #closed = false

  constructor(options: PlanRefreshOptions) {
    this.#options = options
  }

  /** A result came that the last look has not seen. */
  get due(): boolean {
    return this.#due
  }

  request(): void {
    this.#due = true
    this.#looking ??= this.#look()
      .catch((thrown: unknown) => {
        const error = asFmworkError(thrown)
        // A full disk mends itself: the next result, or the next tick, looks again.
        if (error.code === 'DISK_FULL') this.#missed = true
        else this.#options.broken(error.message)
      })
      .finally(() => {
        this.#looking = undefined
        if (this.#due && !this.#closed) this.request()
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
    this.#closed = true
    await this.#looking
  }

  async #look(): Promise<void> {
    while (this.#due && !this.#closed) {
      this.#due = false
      await this.#options.look()
    }
  }
}
