import type { Interval } from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import { mean, standardDeviation } from '../../shared/stats/quantile.js'
import { logInterval, logSd } from './point.js'
import type { Percentile, Point } from './point.js'

/** One figure per point: a metric, or a percentile of one. */
export interface Quantity {
  readonly metric: MetricName
  readonly percentile?: Percentile
  /** 90 % intervals by point; undefined where nothing can be said. */
  readonly intervals: readonly (Interval | undefined)[]
  /** By point: this very figure was measured there, not derived. */
  readonly measured: readonly boolean[]
}

/** Trials that must have told a percentile before others are estimated from them. */
const fewestTails = 3

export const metricQuantity = (points: readonly Point[], metric: MetricName): Quantity => ({
  metric,
  intervals: points.map(({ estimates }) => estimates[metric]),
  measured: points.map(({ measured, estimates }) => measured && estimates[metric] !== undefined),
})

/**
 * A percentile over the whole space. Where it was measured it is the measurement’s, as uncertain as
 * the metric’s own value there. Elsewhere it is the estimate times the ratio percentile / value of
 * the trials that told it (log mean and log sd of the ratios; at least three of them).
 */
export function percentileQuantity(
  points: readonly Point[],
  metric: MetricName,
  percentile: Percentile,
): Quantity {
  const told = points.map((point) => point.percentiles?.[metric]?.[percentile])
  const ratios = points.flatMap(({ estimates }, k) => {
    const [tail, value] = [told[k], estimates[metric]?.value]
    return tail !== undefined && value !== undefined && tail > 0 && value > 0
      ? [Math.log(tail / value)]
      : []
  })
  const enough = ratios.length >= fewestTails
  const shift = mean(ratios)
  // A new trial’s ratio differs from the mean of these by their spread and by the mean’s own error.
  const spread = enough ? standardDeviation(ratios) * Math.sqrt(1 + 1 / ratios.length) : NaN
  return {
    metric,
    percentile,
    intervals: points.map(({ estimates }, k) => {
      const estimate = estimates[metric]
      if (estimate === undefined) return undefined
      const tail = told[k]
      if (tail !== undefined) return logInterval(tail, logSd(estimate))
      if (!enough) return undefined
      return logInterval(estimate.value * Math.exp(shift), Math.hypot(logSd(estimate), spread))
    }),
    measured: told.map((tail) => tail !== undefined),
  }
}
