import type { Clock } from './clock.js'
import type { Log } from './log.js'
import type { QuietLock } from './quiet-lock.js'

export interface HostTurnsOptions {
  readonly clock: Clock
  readonly log: Log
  readonly lock: Pick<QuietLock, 'acquire'>
  /** How long work waits for a measurement to end before it disturbs it. */
  readonly patienceSeconds?: number
  /** How long work that keeps coming may keep measurements waiting. */
  readonly holdSeconds?: number
}

/** One piece of work is often followed by the next at once; a hand-over costs about as much. */
const lingerSeconds = 0.01

/**
 * Work that takes memory bandwidth and cache from whatever is measured on this host, and so takes
 * turns with it. Work that waits too long is done all the same, since others depend on it; the
 * measurement beside it is disturbed then, which the agent sees only as CPU that others use.
 */
export class HostTurns {
  readonly #options: HostTurnsOptions
  readonly #patienceSeconds: number
  readonly #holdSeconds: number
  #queue: (() => void)[] = []
  #running = 0
  #waiting = false
  /** Set while it is our turn: since when, and how it ends. */
  #turn: { readonly since: number; readonly release: () => void } | undefined
  #told = false

  constructor(options: HostTurnsOptions) {
    this.#options = options
    this.#patienceSeconds = options.patienceSeconds ?? 15
    this.#holdSeconds = options.holdSeconds ?? 2
  }

  /** Does work when nobody measures; pieces are started in the order in which they are given. */
  during<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push(() => {
        this.#running += 1
        void work()
          .then(resolve, reject)
          .finally(() => {
            this.#running -= 1
            if (this.#running === 0) this.#rest()
          })
      })
      this.#go()
    })
  }

  /** Starts what waits at once, whoever measures: for the end of a program. */
  flush(): void {
    for (const start of this.#queue.splice(0)) start()
  }

  #go(): void {
    if (this.#turn === undefined) {
      if (!this.#waiting) void this.#take()
    } else if (this.#options.clock.monotonic() - this.#turn.since < this.#holdSeconds) {
      this.flush()
    }
  }

  async #take(): Promise<void> {
    this.#waiting = true
    const release = await this.#acquire()
    this.#waiting = false
    this.#turn = { since: this.#options.clock.monotonic(), release }
    this.flush()
    if (this.#running === 0) this.#rest()
  }

  /** Nothing runs: what waits waits for the next turn, for this one was long enough. */
  #rest(): void {
    const turn = this.#turn
    if (turn === undefined) return
    const end = () => {
      if (this.#turn !== turn || this.#running > 0) return
      this.#turn = undefined
      turn.release()
      if (this.#queue.length > 0) this.#go()
    }
    if (this.#queue.length > 0) end()
    else this.#options.clock.after(lingerSeconds, end)
  }

  async #acquire(): Promise<() => void> {
    const { clock, lock, log } = this.#options
    const late = new AbortController()
    const cancel = clock.after(this.#patienceSeconds, () => {
      late.abort()
    })
    try {
      return await lock.acquire(late.signal, () => undefined)
    } catch (error) {
      if (late.signal.aborted) {
        log.debug({ seconds: this.#patienceSeconds }, 'does not wait longer for a quiet host')
      } else if (!this.#told) {
        this.#told = true
        log.warn({ error }, 'cannot take turns with what is measured on this host')
      }
      return () => undefined
    } finally {
      cancel()
    }
  }
}
