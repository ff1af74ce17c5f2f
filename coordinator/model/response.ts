import type { Interval } from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { Workload } from '../../shared/domain/sweep.js'

/**
 * What is modelled in a metric’s place: seconds. A throughput is turned into the end-to-end time
 * that one load-full of work takes, so that physics has one form for both.
 */
export interface Response {
  /** Log of the modelled seconds of a positive metric value. */
  toModel(value: number, configuration: Configuration): number
  /** Metric value of a modelled log. */
  fromModel(log: number, configuration: Configuration): number
  /** A larger modelled value means a smaller metric. */
  readonly reversed: boolean
}

/** Work of one load-full, in the unit of a throughput’s numerator. */
const work: Readonly<Partial<Record<MetricName, (configuration: Configuration) => number>>> = {
  output_throughput: ({ load, outputTokens }) => load * outputTokens,
  total_throughput: ({ load, inputTokens, outputTokens }) => load * (inputTokens + outputTokens),
  request_throughput: ({ load }) => load,
}

export function responseOf(metric: MetricName, workload: Workload): Response {
  const workOf = workload.kind === 'open-loop' ? undefined : work[metric]
  if (workOf === undefined) {
    return {
      toModel: (value) => Math.log(value),
      fromModel: (log) => Math.exp(log),
      reversed: false,
    }
  }
  return {
    toModel: (value, configuration) => Math.log(workOf(configuration) / value),
    fromModel: (log, configuration) => workOf(configuration) / Math.exp(log),
    reversed: true,
  }
}

/** A modelled log and so many standard deviations to either side, in the metric’s unit. */
export function intervalOf(
  response: Response,
  configuration: Configuration,
  { log, variance }: { readonly log: number; readonly variance: number },
  quantile: number,
): Interval {
  const reach = quantile * Math.sqrt(variance)
  const one = response.fromModel(log - reach, configuration)
  const other = response.fromModel(log + reach, configuration)
  return {
    value: response.fromModel(log, configuration),
    low: Math.min(one, other),
    high: Math.max(one, other),
  }
}
