import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../../shared/process/clock.js'

/** Node’s timers fire up to about this late, seconds. */
const timerSlack = 0.002

const cell = new Int32Array(new SharedArrayBuffer(4))

/**
 * Waits until the clock’s monotonic time is `due`, to about 0.1 ms: a timer for the bulk, then the
 * thread sleeps for the rest. For engine processes whose only work is to be punctual.
 */
export async function waitUntil(due: number, clock: Clock): Promise<void> {
  // At least one turn of the event loop: what was written leaves, what arrived is read.
  await setImmediate()
  const bulk = due - clock.monotonic() - timerSlack
  if (bulk > 0) await clock.sleep(bulk)
  const rest = due - clock.monotonic()
  if (rest > 0) Atomics.wait(cell, 0, 0, rest * 1000)
}
