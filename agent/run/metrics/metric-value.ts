import { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import type { Sample } from '../../../shared/domain/sample.js'
import { median } from '../../../shared/stats/quantile.js'
import type { LoadWindow } from '../load/load-job.js'
import { definitions, tokenWeightedItl } from './definitions.js'
import { countInside } from './rates.js'
import { requestTimes } from './request-times.js'

/** A metric that comes from samples, not from the host’s telemetry. */
export type SampleMetric = {
  [K in MetricName]: (typeof metricTable)[K]['family'] extends 'telemetry' ? never : K
}[MetricName]

export function isSampleMetric(metric: MetricName): metric is SampleMetric {
  return metricTable[metric].family !== 'telemetry'
}

/**
 * One metric of one set of requests that belong together: a repetition of a static batch, a batch or
 * the whole of a loop’s window.
 *
 * @param wholeBatch a static batch: e2e is until the batch’s last token, batch_ttft exists.
 * @returns undefined where the requests do not define it (itl of one-token outputs).
 */
export function metricValue(
  metric: SampleMetric,
  samples: readonly Sample[],
  window: LoadWindow,
  wholeBatch: boolean,
): number | undefined {
  const seconds = window.to - window.from
  const rate = (count: number) => (seconds > 0 && count > 0 ? count / seconds : undefined)
  switch (metric) {
    case 'ttft':
      return medianOf(definitions.ttft.values(samples))
    case 'batch_ttft':
      return wholeBatch ? latest(samples, (times) => times.ttft) : undefined
    case 'tpot':
      return medianOf(definitions.tpot.values(samples))
    case 'itl':
      return positive(tokenWeightedItl(samples))
    case 'e2e':
      return wholeBatch
        ? latest(samples, (times) => times.e2e)
        : medianOf(definitions.e2e.values(samples))
    case 'output_throughput':
      return rate(countInside(samples, window).outputTokens)
    case 'total_throughput': {
      const { inputTokens, outputTokens } = countInside(samples, window)
      return rate(inputTokens + outputTokens)
    }
    case 'request_throughput':
      return rate(countInside(samples, window).requests)
  }
}

/** The values that percentiles are taken over; empty for rates. */
export function percentilePopulation(metric: SampleMetric, samples: readonly Sample[]): number[] {
  switch (metric) {
    case 'ttft':
    case 'batch_ttft':
      return definitions.ttft.values(samples)
    case 'tpot':
    case 'itl':
      return definitions.tpot.values(samples)
    case 'e2e':
      return definitions.e2e.values(samples)
    case 'output_throughput':
    case 'total_throughput':
    case 'request_throughput':
      return []
  }
}

const medianOf = (values: readonly number[]) =>
  values.length === 0 ? undefined : positive(median(values))

/** A latency or rate of zero says that the clock did not resolve it, not that it took no time. */
const positive = (value: number | undefined) =>
  value !== undefined && value > 0 ? value : undefined

/** Seconds from the batch’s first send until the last of its requests reached a point. */
function latest(
  samples: readonly Sample[],
  point: (times: NonNullable<ReturnType<typeof requestTimes>>) => number,
): number | undefined {
  let first = Infinity
  let last = -Infinity
  for (const sample of samples) {
    const times = requestTimes(sample)
    if (times === undefined) continue
    first = Math.min(first, sample.sentAt)
    last = Math.max(last, sample.sentAt + point(times))
  }
  return positive(last - first)
}
