import { mean, median, standardDeviation } from '../../../shared/stats/quantile.js'
import { studentTQuantile } from '../../../shared/stats/special-functions.js'
import { measurementConfidence } from './repetition-estimate.js'
import type { Estimate } from './repetition-estimate.js'
import type { TelemetryMetric } from './telemetry-value.js'

/** Half of the smallest step in which sources tell a metric: nothing is known better than that. */
const halfResolution: Readonly<Record<TelemetryMetric, number>> = {
  cpu_utilization: 0.5,
  gpu_utilization: 0.5,
  memory: 0.5,
  power: 0.05,
}

/**
 * A telemetry metric with its interval. Unlike latencies and rates it may be exactly 0 (an idle
 * device is a fact, not a missing reading), so the interval is on the value itself.
 *
 * @param observations independent ones: per repetition, or per batch of a loop’s window.
 * @param value of the whole window; the median of the observations when absent.
 */
export function estimateTelemetry(
  metric: TelemetryMetric,
  observations: readonly number[],
  value: number = median(observations),
): Estimate {
  const count = observations.length
  const base = { value, confidence: measurementConfidence, count: Math.max(1, count) }
  if (count < 2) return { ...base, low: value, high: value, relativeSd: 0 }
  const sd = standardDeviation(observations)
  const t = studentTQuantile((1 + measurementConfidence) / 2, count - 1)
  const half = Math.max((t * sd) / Math.sqrt(count), halfResolution[metric])
  const centre = mean(observations)
  return {
    ...base,
    low: Math.max(0, value - half),
    high: value + half,
    relativeSd: centre > 0 ? sd / centre : 0,
  }
}
