import type { Random } from '../../../shared/stats/random.js'

/** A draw from the gamma distribution with this shape and a mean of 1 (Marsaglia and Tsang 2000). */
export function gammaWithMeanOne(shape: number, random: Random): number {
  if (shape < 1) {
    const boost = Math.pow(1 - random.next(), 1 / shape)
    return ((gammaWithMeanOne(shape + 1, random) * (shape + 1)) / shape) * boost
  }
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = random.normal()
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    const u = 1 - random.next()
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / shape
  }
}

/**
 * Seconds after the start at which requests are to leave, ascending.
 *
 * @param rate requests per second, on average.
 * @param burstiness shape of gamma arrivals.
 */
export function arrivalTimes(
  arrivals: 'constant' | 'poisson' | 'gamma',
  rate: number,
  burstiness: number,
  count: number,
  random: Random,
): number[] {
  const gap = (): number => {
    switch (arrivals) {
      case 'constant':
        return 1 / rate
      case 'poisson':
        return -Math.log(1 - random.next()) / rate
      case 'gamma':
        return gammaWithMeanOne(burstiness, random) / rate
    }
  }
  let at = 0
  return Array.from({ length: count }, () => {
    const time = at
    at += gap()
    return time
  })
}
