import type { Clock } from '../process/clock.js'
import type { Log } from '../process/log.js'
import { TokenBucket } from './token-bucket.js'

const perSecond = 2
const atOnce = 50

/** Writes a warning. */
export type Warn = (facts: object, text: string) => void

/**
 * Warns of what strangers do without letting them fill the disk: beyond a few lines a second it
 * only counts, and the next line says how many were left out.
 */
export function sparingWarn(log: Log, clock: Clock): Warn {
  const bucket = new TokenBucket(perSecond, atOnce)
  let leftOut = 0
  return (facts, text) => {
    if (!bucket.take(clock.monotonic())) {
      leftOut += 1
      return
    }
    log.warn(leftOut === 0 ? facts : { ...facts, leftOut }, text)
    leftOut = 0
  }
}
