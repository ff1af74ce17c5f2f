import { configurationKey } from '../../../shared/domain/configuration.js'
import { isInvalid } from '../../../shared/domain/measurement.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import type { TrialRecord } from '../../../shared/domain/sweep-desk.js'
import { mean, standardDeviation } from '../../../shared/stats/quantile.js'
import { logSd } from '../../decision/point.js'
import type { TrialNoise } from './ratio.js'

/**
 * How far trials of one configuration lie apart beyond what their own intervals explain, pooled over
 * the configurations that were measured more than once (reference trials count: they are the same
 * configuration measured anew). Empty where none was.
 */
export function trialNoise(
  trials: readonly TrialRecord[],
  metrics: readonly MetricName[],
): TrialNoise {
  const groups = new Map<string, TrialRecord[]>()
  for (const trial of trials) {
    const { measurement, state } = trial
    if (state !== 'SUCCEEDED' || measurement === undefined || isInvalid(measurement)) continue
    const key = configurationKey(trial.configuration)
    groups.set(key, [...(groups.get(key) ?? []), trial])
  }
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const excess: number[] = []
      for (const group of groups.values()) {
        const found = group.flatMap(
          ({ measurement }) =>
            measurement?.metrics.filter((each) => each.metric === metric && each.value > 0) ?? [],
        )
        if (found.length < 2) continue
        const between = standardDeviation(found.map(({ value }) => Math.log(value))) ** 2
        const within = mean(found.map((each) => logSd(each) ** 2))
        // As many times as it has degrees of freedom: a group of three says more than one of two.
        for (let k = 1; k < found.length; k += 1) excess.push(between - within)
      }
      return excess.length === 0 ? [] : [[metric, Math.sqrt(Math.max(0, mean(excess)))]]
    }),
  )
}
