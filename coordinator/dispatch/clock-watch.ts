import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { LeaseShelf } from './store-port.js'

/** Smaller steps are a clock that is being corrected; what they add up to is followed too. */
const jumpMs = 1000

/**
 * Notices that the wall clock jumped, by the monotonic one, and dates what is in flight anew: a jump is
 * neither device time that a trial spent nor rest that a retry has had.
 */
export class ClockWatch {
  readonly #store: Pick<LeaseShelf, 'followClock'>
  readonly #clock: Clock
  readonly #log: Log
  #offsetMs: number

  constructor(store: Pick<LeaseShelf, 'followClock'>, clock: Clock, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
    this.#offsetMs = this.#offset()
  }

  /** Before anything is dated. @throws FmworkError DISK_FULL; then the next look follows the jump. */
  look(): void {
    const offset = this.#offset()
    const shiftMs = offset - this.#offsetMs
    if (Math.abs(shiftMs) < jumpMs) return
    this.#store.followClock(shiftMs)
    this.#offsetMs = offset
    this.#log.warn(
      { seconds: Math.round(shiftMs / 1000) },
      'the clock jumped; what is in flight was dated anew',
    )
  }

  #offset(): number {
    return this.#clock.wall() - this.#clock.monotonic() * 1000
  }
}
