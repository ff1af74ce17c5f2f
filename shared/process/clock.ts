/** Time as an argument: the only file of the project that reads a clock or sets a timer. */
export interface Clock {
  /** Epoch milliseconds; may jump. For people and for records. */
  wall(): number
  /**
   * Seconds from an arbitrary origin; never jumps. For durations. The system’s clock is
   * CLOCK_MONOTONIC: one origin for every thread and process of a host.
   */
  monotonic(): number
  /** Resolves after `seconds`; rejects with the signal’s reason when it aborts first. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>
  /** Calls `action` after `seconds`, unless cancelled. Does not keep the process alive. */
  after(seconds: number, action: () => void): Cancel
}

export type Cancel = () => void

export const systemClock: Clock = {
  wall: () => Date.now(),
  // Not performance.now(), whose origin is another in every thread.
  monotonic() {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds + nanoseconds * 1e-9
  },
  sleep: (seconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error)
        return
      }
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal?.reason as Error)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, seconds * 1000)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
  after(seconds, action) {
    const timer = setTimeout(action, seconds * 1000)
    timer.unref()
    return () => {
      clearTimeout(timer)
    }
  },
}

/** A clock for tests: time moves only when `advance` says so. */
export class FakeClock implements Clock {
  #seconds = 0
  #jumpedMs = 0
  #nextId = 0
  readonly #origin: number
  readonly #timers = new Map<number, { due: number; action: () => void }>()

  constructor(originMs = 1_700_000_000_000) {
    this.#origin = originMs
  }

  wall(): number {
    return this.#origin + this.#jumpedMs + this.#seconds * 1000
  }

  monotonic(): number {
    return this.#seconds
  }

  sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error)
        return
      }
      const onAbort = () => {
        cancel()
        reject(signal?.reason as Error)
      }
      const cancel = this.after(seconds, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  after(seconds: number, action: () => void): Cancel {
    const id = this.#nextId++
    this.#timers.set(id, { due: this.#seconds + seconds, action })
    return () => {
      this.#timers.delete(id)
    }
  }

  /** Sets the wall clock forward or back; no time passes. */
  jump(seconds: number): void {
    this.#jumpedMs += seconds * 1000
  }

  /** Moves time forward, running due timers in order and letting promises settle between them. */
  async advance(seconds: number): Promise<void> {
    const end = this.#seconds + seconds
    for (;;) {
      await settle()
      const due = [...this.#timers].filter(([, timer]) => timer.due <= end)
      const next = due.sort((a, b) => a[1].due - b[1].due || a[0] - b[0])[0]
      if (next === undefined) break
      this.#timers.delete(next[0])
      this.#seconds = Math.max(this.#seconds, next[1].due)
      next[1].action()
    }
    this.#seconds = end
    await settle()
  }
}

/** Lets every promise that can settle without time passing do so. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
