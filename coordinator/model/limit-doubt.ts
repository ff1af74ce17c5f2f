import type { LimitBand } from './encoding.js'

/** Of a value that is as likely anywhere between two others. */
const uniformVariance = 1 / 12

/**
 * Variance, in squared log units, that comes of not knowing exactly where memory ends.
 *
 * @param jump log of the expected value at the lowest limit over that at the highest.
 * @param demand tokens that the configuration keeps in memory at once; more than `band.low`.
 */
export function limitDoubt(jump: number, demand: number, { low, high }: LimitBand): number {
  if (demand >= high) return uniformVariance * jump * jump
  // It is taken to be on the likelier side.
  const beyond = Math.log(demand / low) / Math.log(high / low)
  return Math.min(beyond, 1 - beyond) * jump * jump
}
