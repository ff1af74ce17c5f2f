import type { LimitBand } from './encoding.js'

/** Of a value that is as likely anywhere between two others. */
const uniformVariance = 1 / 12
/** Variance of a normal over the square of its mean absolute deviation. */
const perMeanDeviation = Math.PI / 2

/**
 * Variance, in squared log units, that comes of not knowing exactly where memory ends.
 *
 * @param jump log of the expected value at the lowest limit over that at the highest.
 * @param demand tokens that the configuration keeps in memory at once; more than `band.low`.
 */
export function limitDoubt(jump: number, demand: number, { low, high }: LimitBand): number {
  if (demand >= high) return uniformVariance * jump * jump
  // Taken to be on the likelier side it is seldom and far off: as a normal with the same mean error.
  const beyond = Math.log(demand / low) / Math.log(high / low)
  return perMeanDeviation * (Math.min(beyond, 1 - beyond) * jump) ** 2
}
