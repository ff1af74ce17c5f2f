import type { MetricName } from './metric.js'

/**
 * Reasons not to trust a measurement. A doubt of severity `invalid` sends the trial back to be
 * measured again; `marked` is shown beside the number for ever. Nothing doubted is averaged in.
 */
export const doubtTable = {
  client_saturated: 'The load generator’s own CPU was busy enough to delay what it measured.',
  event_loop_lag: 'The load generator’s event loop stalled during the measurement.',
  schedule_lag: 'Requests left later than intended.',
  engine_starved: 'The engine waited for a CPU that other processes held.',
  host_busy: 'Other processes used the host’s CPUs during the measurement.',
  neighbour_active: 'Another agent’s engine was working on the same host.',
  throttled: 'The device lowered its clocks for heat or power.',
  clocks_changed: 'The device’s clocks changed during the measurement.',
  foreign_process: 'A process that is not ours used the device.',
  telemetry_gap: 'Telemetry samples are missing inside the measured window.',
  power_undersampled: 'Sampled power differs from the energy counter: the load changed faster.',
  device_unsettled: 'The device was busy, warming or changing its clocks when the trial began.',
  shared_board: 'The device is a slice of a board, whose power and clock others share.',
  energy_unknown: 'Power was read, but not well enough for the energy of the trial to be stated.',
  host_short: 'The host was short of memory or disk space.',
  too_few_samples: 'Too few observations for the percentile or the interval that was asked.',
  unsteady:
    'Repetitions disagree by more than the asked precision, or the metric drifted while measured.',
  over_saturated:
    'Requests arrived faster than the engine served them, so latencies depend on how long it ran.',
  tokens_not_as_asked: 'The engine read or wrote another number of tokens than asked.',
  prefix_cache_hit: 'The engine answered part of the prompt from its prefix cache.',
  chunk_coalescing: 'Several tokens arrived in one read, so single gaps are not resolved.',
  requests_failed: 'Some requests of the trial failed.',
  prefix_overlap:
    'A batch of this length would have shrunk while others were still under way; the longer run did not.',
} as const

export type DoubtKind = keyof typeof doubtTable

export interface Doubt {
  readonly kind: DoubtKind
  readonly severity: 'marked' | 'invalid'
  /** The figure that tripped the threshold and the threshold, in words with units. */
  readonly detail: string
}

/** One metric of one trial. */
export interface MetricEstimate {
  readonly metric: MetricName
  /** In the metric’s unit (metricTable): seconds, tokens per second, … */
  readonly value: number
  /** Two-sided interval of `value` at `confidence`; equal to `value` only when unknown and doubted. */
  readonly low: number
  readonly high: number
  readonly confidence: number
  /** Relative standard deviation of one repetition; the noise a surface must expect. */
  readonly relativeSd: number
  /** Independent observations behind `value`: repetitions, or batch means in a closed loop. */
  readonly count: number
  /** Percentiles over requests, null where the count does not support them. */
  readonly percentiles: Readonly<Partial<Record<'p50' | 'p90' | 'p95' | 'p99', number | null>>>
}

/** Where the seconds of a trial went. All in seconds of wall time. */
export interface TrialTiming {
  readonly setUp: number
  readonly warmUp: number
  readonly measured: number
  readonly gaps: number
}

/**
 * What one streamed run of a static batch says of a shorter one: the same requests, up to an earlier
 * token (docs/METRICS.md). Never a trial of its own: it costs nothing and shares its trial’s noise.
 */
export interface Harvest {
  /** Of the shorter configuration; all its other axes are the trial’s. */
  readonly outputTokens: number
  /** Latencies and rates only: power and utilisation are of the whole run. */
  readonly metrics: readonly MetricEstimate[]
  /** Those of its trial that bear on it, and its own. */
  readonly doubts: readonly Doubt[]
}

/** What a trial says about its configuration. */
export interface Measurement {
  readonly metrics: readonly MetricEstimate[]
  readonly doubts: readonly Doubt[]
  readonly timing: TrialTiming
  /** Devices held times seconds held. What the trial cost. */
  readonly deviceSeconds: number
  /** Joules, where the host can tell. */
  readonly energyJoules?: number
  readonly repetitions: number
  readonly requests: number
  /** Start of the measured window, epoch milliseconds of the agent’s clock. */
  readonly startedAt: number
  /** Shorter outputs that its samples tell of too, ascending; absent where none was asked for. */
  readonly harvest?: readonly Harvest[]
}

/** Value of every metric, with the relative standard deviation of one such value. */
export const valuesOf = (
  metrics: readonly MetricEstimate[],
): Record<string, { readonly value: number; readonly relativeSd: number }> =>
  Object.fromEntries(
    metrics.map(({ metric, value, relativeSd, count }) => [
      metric,
      // The spread of one repetition, brought to that of a value over `count` of them.
      { value, relativeSd: relativeSd / Math.sqrt(Math.max(count, 1)) },
    ]),
  )

export function isInvalid(measurement: { readonly doubts: readonly Doubt[] }): boolean {
  return measurement.doubts.some((doubt) => doubt.severity === 'invalid')
}
