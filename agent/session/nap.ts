import type { Clock } from '../../shared/process/clock.js'

/** A sleep that someone else may end. Waking one that does not sleep spares it the next sleep. */
export class Nap {
  #asleep: AbortController | undefined
  #woken = false

  /** Resolves after `seconds`, at `wake`, or when the signal aborts; never rejects. */
  async sleep(clock: Clock, seconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#woken) {
      const asleep = new AbortController()
      this.#asleep = asleep
      await clock.sleep(seconds, AbortSignal.any([asleep.signal, signal])).catch(() => undefined)
      if (this.#asleep === asleep) this.#asleep = undefined
    }
    this.#woken = false
  }

  wake(): void {
    this.#woken = true
    this.#asleep?.abort()
  }
}
