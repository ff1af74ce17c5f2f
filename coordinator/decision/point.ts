import type { Configuration } from '../../shared/domain/configuration.js'
import type { Interval } from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import { normal90 } from '../../shared/stats/normal.js'

export const percentiles = ['p50', 'p90', 'p95', 'p99'] as const
export type Percentile = (typeof percentiles)[number]

/** What is known of one configuration, measured or estimated. */
export interface Point {
  readonly configuration: Configuration
  readonly measured: boolean
  /** Trials that its estimates come from, where it was measured; 1 when left out. */
  readonly repeats?: number
  /** Probability in 0..1 that the configuration can run. */
  readonly feasible: number
  /** 90 % intervals in the metric’s unit. */
  readonly estimates: Readonly<Partial<Record<MetricName, Interval>>>
  /** Percentiles over requests, where the number of requests supports them. */
  readonly percentiles?: Readonly<
    Partial<Record<MetricName, Readonly<Partial<Record<Percentile, number>>>>>
  >
}

/** What is known of a whole space: of a sweep, or of a recorded grid. */
export interface Knowledge {
  /** For people: the sweep or the grid. */
  readonly name: string
  readonly points: readonly Point[]
  /** What `Configuration.load` counts. */
  readonly loadAxis: 'batch_size' | 'concurrency' | 'request_rate'
  /** Metrics that every estimate may hold. */
  readonly metrics: readonly MetricName[]
  /** Device-seconds of one trial, engine starts included; undefined where nothing was measured. */
  readonly trialCost: (configuration: Configuration) => number | undefined
  /** Of all random draws. */
  readonly seed: number
}

/** Standard deviation of the logarithm that a 90 % interval stands for; 0 where it has no width. */
export function logSd({ low, high }: Interval): number {
  if (!(low > 0 && high > low) || !Number.isFinite(high)) return 0
  return (Math.log(high) - Math.log(low)) / (2 * normal90)
}

/** The 90 % interval of a lognormal figure. */
export const logInterval = (value: number, sd: number): Interval => ({
  value,
  low: value * Math.exp(-normal90 * sd),
  high: value * Math.exp(normal90 * sd),
})
