import type { Clock } from '../../shared/process/clock.js'

/** Tells who waits that an agent’s result has arrived. */
export class ResultBell {
  readonly #clock: Clock
  readonly #waiting = new Map<string, Set<() => void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  ring(agent: string): void {
    for (const heard of this.#waiting.get(agent) ?? []) heard()
  }

  /** Resolves at the agent’s next result, or after `seconds`. */
  next(agent: string, seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(agent) ?? new Set()
      this.#waiting.set(agent, waiting)
      const heard = () => {
        cancel()
        waiting.delete(heard)
        if (waiting.size === 0) this.#waiting.delete(agent)
        resolve()
      }
      const cancel = this.#clock.after(seconds, heard)
      waiting.add(heard)
    })
  }
}
