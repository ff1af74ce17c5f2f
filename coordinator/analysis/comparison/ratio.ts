import type { Interval } from '../../../shared/domain/meta-metrics.js'
import { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { normalCdf } from '../../../shared/stats/special-functions.js'
import { logInterval, logSd } from '../../decision/point.js'
import type { Pair } from './match.js'

/** Second over first of one metric at one configuration. */
export interface Ratio {
  readonly pair: Pair
  readonly metric: MetricName
  /** 90 % interval. */
  readonly ratio: Interval
  /** Standard deviation of the ratio’s logarithm. */
  readonly logSd: number
  /** Two-sided probability of such a difference if there were none. */
  readonly differs: number
  /** One-sided probability of this if the second were worse by the threshold at most. */
  readonly regresses: number
}

/** What one trial differs from the next of the same configuration, beyond its own interval: log sd. */
export type TrialNoise = Readonly<Partial<Record<MetricName, number>>>

/** Upper tail of the standard normal; without any spread a difference is certain or none. */
function tail(excess: number, sd: number): number {
  if (sd > 0) return normalCdf(-excess / sd)
  return excess > 0 ? 0 : 1
}

/** How much worse the second is: log of the ratio towards the bad side. */
export const worsening = (metric: MetricName, ratio: number): number =>
  metricTable[metric].better === 'lower' ? Math.log(ratio) : -Math.log(ratio)

/** @param threshold relative worsening that is still accepted, such as 0.05 */
export function ratiosOf(
  pairs: readonly Pair[],
  metric: MetricName,
  noise: readonly [TrialNoise, TrialNoise],
  threshold: number,
): Ratio[] {
  return pairs.flatMap((pair) => {
    const [a, b] = [pair.first.estimates[metric], pair.second.estimates[metric]]
    if (a === undefined || b === undefined || !(a.value > 0 && b.value > 0)) return []
    const sd = Math.hypot(logSd(a), logSd(b), noise[0][metric] ?? 0, noise[1][metric] ?? 0)
    const value = b.value / a.value
    const worse = worsening(metric, value)
    return [
      {
        pair,
        metric,
        ratio: logInterval(value, sd),
        logSd: sd,
        differs: Math.min(1, 2 * tail(Math.abs(worse), sd)),
        regresses: tail(worse - Math.log1p(threshold), sd),
      },
    ]
  })
}
