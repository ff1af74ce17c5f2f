import type { Cancel, Clock } from '../../../shared/process/clock.js'
import type { ServerClient } from './server-client.js'

/** Questions in the time after which silence counts: one lost answer proves nothing. */
const questions = 4

/**
 * Asks a running server for its health, rarely enough not to disturb what is measured, and tells when
 * it has not answered well for too long. A stopped or deadlocked server ends nothing by itself.
 */
export class HealthWatch {
  readonly #client: ServerClient
  readonly #seconds: number
  readonly #clock: Clock
  readonly #onHung: (reason: string) => void
  #goodAt: number
  #cancel: Cancel = () => undefined
  #stopped = false

  constructor(
    client: ServerClient,
    seconds: number,
    clock: Clock,
    onHung: (reason: string) => void,
  ) {
    this.#client = client
    this.#seconds = seconds
    this.#clock = clock
    this.#onHung = onHung
    this.#goodAt = clock.monotonic()
    this.#wait()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  #wait(): void {
    if (this.#stopped) return
    this.#cancel = this.#clock.after(this.#seconds / questions, () => void this.#ask())
  }

  async #ask(): Promise<void> {
    const fault = await this.#fault()
    if (this.#stopped) return
    const now = this.#clock.monotonic()
    if (fault === undefined) this.#goodAt = now
    else if (now - this.#goodAt >= this.#seconds) {
      this.stop()
      this.#onHung(`gave no sign of health for ${this.#seconds} s (${fault}): it hung`)
      return
    }
    this.#wait()
  }

  /** What is wrong, in words; undefined when it answers. */
  async #fault(): Promise<string | undefined> {
    try {
      const { status } = await this.#client.get('/health', this.#seconds / questions)
      return status < 500 ? undefined : `GET /health answers ${status}`
    } catch (error) {
      return `GET /health: ${error instanceof Error ? error.message : String(error)}`
    }
  }
}
