import type { Sample } from '../../../shared/domain/sample.js'
import { minimumBatches } from '../../../shared/stats/interval.js'
import { mean, standardDeviation } from '../../../shared/stats/quantile.js'
import { studentTQuantile } from '../../../shared/stats/special-functions.js'
import type { LoadWindow, StopRule } from '../load/load-job.js'
import { isSampleMetric, metricValue } from './metric-value.js'
import type { SampleMetric } from './metric-value.js'
import { halfWidth, measurementConfidence, smallestRelativeSd } from './repetition-estimate.js'
import type { Estimate } from './repetition-estimate.js'

/** Requests of a loop that count for latencies: sent and ended while the load was what was asked. */
export function measuredRequests(samples: readonly Sample[], window: LoadWindow): Sample[] {
  return samples
    .filter(
      (sample) => !sample.warmUp && sample.sentAt >= window.from && sample.endedAt <= window.to,
    )
    .sort((a, b) => a.endedAt - b.endedAt)
}

/** The loop’s observations of one metric: its value over the window, and by batch. */
export interface BatchSeries {
  readonly value: number
  readonly batches: readonly number[]
}

/**
 * Splits a window into batches of consecutive requests (latencies) or of equal time (rates), at
 * least two requests long: consecutive requests resemble each other, batches much less.
 */
export function batchSeries(
  metric: SampleMetric,
  samples: readonly Sample[],
  window: LoadWindow,
): BatchSeries | undefined {
  const measured = measuredRequests(samples, window)
  const count = Math.min(minimumBatches, Math.floor(measured.length / 2))
  const isRate = metric.endsWith('throughput')
  const value = metricValue(metric, isRate ? samples : measured, window, false)
  if (value === undefined) return undefined
  const edge = (batch: number, from: number, to: number) => from + ((to - from) * batch) / count
  const batches = Array.from({ length: count }, (_, batch) => {
    if (isRate) {
      const slice = {
        from: edge(batch, window.from, window.to),
        to: edge(batch + 1, window.from, window.to),
      }
      // A slice in which nothing arrived is an observation too.
      return metricValue(metric, samples, slice, false) ?? 0
    }
    const from = Math.round(edge(batch, 0, measured.length))
    const to = Math.round(edge(batch + 1, 0, measured.length))
    return metricValue(metric, measured.slice(from, to), window, false)
  }).filter((each) => each !== undefined)
  return { value, batches }
}

/** Value of a loop with its interval by batch means; unknown (equal to the value) below two batches. */
export function estimateLoop({ value, batches }: BatchSeries): Estimate {
  const count = batches.length
  const base = { value, confidence: measurementConfidence, count: Math.max(1, count) }
  if (count < 2) return { ...base, low: value, high: value, relativeSd: 0 }
  const sd = Math.max(standardDeviation(batches) / mean(batches), smallestRelativeSd)
  const half =
    (studentTQuantile((1 + measurementConfidence) / 2, count - 1) * sd) / Math.sqrt(count)
  // On the logarithm, so that a wide interval of a positive quantity stays positive.
  return { ...base, low: value * Math.exp(-half), high: value * Math.exp(half), relativeSd: sd }
}

/** Whether a loop may stop: every wanted metric is known as well as asked, by enough batches. */
export function preciseEnough(
  samples: readonly Sample[],
  window: LoadWindow,
  stop: StopRule,
): boolean {
  return stop.metrics.filter(isSampleMetric).every((metric) => {
    const series = batchSeries(metric, samples, window)
    // What the workload does not define (batch_ttft in a loop) cannot hold it up.
    if (series === undefined) return measuredRequests(samples, window).length > 0
    return (
      series.batches.length >= minimumBatches && halfWidth(estimateLoop(series)) <= stop.precision
    )
  })
}
