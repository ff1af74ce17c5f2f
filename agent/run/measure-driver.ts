import { ignoredRepetitions } from '../../shared/domain/fmwork-metrics.js'
import type { Measurement, MetricEstimate } from '../../shared/domain/measurement.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { TelemetryReading } from '../../shared/domain/sample.js'
import { median } from '../../shared/stats/quantile.js'
import type { DriverRepetition, DriverResult, OfflineDriver } from '../engine/engine.js'
import { judgeDevices } from '../host/device-noise.js'
import { disturbanceBetween, judgeDisturbance, defaultThresholds } from '../host/noise.js'
import { judgeForeign } from './judge-host.js'
import { disagreementDoubts, intervalDoubts } from './judge-steadiness.js'
import type { MetricSeries } from './judge-steadiness.js'
import { estimateRepetitions, spreadOf } from './metrics/repetition-estimate.js'
import { telemetryValue } from './metrics/telemetry-value.js'
import type { TrialRunnerDeps } from './runner.js'
import { trialEnergy } from './trial-energy.js'
import type { RunnerOrder } from './trial-runner.js'

export interface DriverTrial {
  readonly deps: TrialRunnerDeps
  readonly order: RunnerOrder
  readonly driver: OfflineDriver
  readonly signal: AbortSignal
  readonly onReading: (reading: TelemetryReading) => void
  /** What was held so far, in device-seconds. */
  readonly deviceSeconds: () => number
}

/** So many that, without those that warm up, `wanted` are left. */
export function repetitionsToAsk(wanted: number): number {
  let count = wanted
  while (count - ignoredRepetitions(count) < wanted) count += 1
  return count
}

/** Without the first ones, which warm up. */
const kept = (repetitions: readonly DriverRepetition[]) =>
  repetitions.slice(ignoredRepetitions(repetitions.length))

/**
 * Values of a metric, one per repetition that counts. A driver sees whole batches only: the time to
 * the first token is that of the batch, and of single requests nothing is known.
 */
export function driverValues(
  metric: MetricName,
  result: DriverResult,
  { load, inputTokens, outputTokens }: RunnerOrder['configuration'],
  readings: readonly TelemetryReading[] = [],
  devices: readonly string[] = [],
): number[] {
  const seconds = kept(result.whole).map((repetition) => repetition.seconds)
  const first = kept(result.firstToken).map((repetition) => repetition.seconds)
  const perSecond = (amount: number) => seconds.map((each) => amount / each)
  switch (metric) {
    case 'batch_ttft':
      return first
    case 'ttft':
      return load === 1 ? first : []
    case 'e2e':
      return seconds
    case 'tpot':
    case 'itl': {
      if (outputTokens < 2) return []
      const firstToken = median(first)
      return seconds
        .map((each) => (each - firstToken) / (outputTokens - 1))
        .filter((each) => each > 0)
    }
    case 'output_throughput':
      return perSecond(load * outputTokens)
    case 'total_throughput':
      return perSecond(load * (inputTokens + outputTokens))
    case 'request_throughput':
      return perSecond(load)
    case 'gpu_utilization':
    case 'cpu_utilization':
    case 'memory':
    case 'power':
      return kept(result.whole).flatMap(({ window }) => {
        if (window === undefined) return []
        const value = telemetryValue(metric, within(readings, window), devices)
        return value !== undefined && value > 0 ? [value] : []
      })
  }
}

const within = (
  readings: readonly TelemetryReading[],
  { from, to }: { readonly from: number; readonly to: number },
) => readings.filter(({ at }) => at >= from && at <= to)

/**
 * Measures one configuration with a driver that generates the load itself.
 *
 * @throws FmworkError of the driver, CONFIGURATION_INFEASIBLE for a load that no driver generates.
 */
export async function measureWithDriver(trial: DriverTrial): Promise<Measurement> {
  const { deps, order, driver, signal } = trial
  const { clock, host } = deps
  const { configuration, plan } = order
  if (order.workload.kind !== 'static-batch' || order.listed !== undefined) {
    throw new FmworkError(
      'CONFIGURATION_INFEASIBLE',
      'the command engine measures static batches only',
    )
  }
  const begun = clock.monotonic()
  const startedAt = clock.wall()
  // Nothing of ours but the agent runs yet: whatever else is on the devices is a stranger’s.
  const preFlight = await host.preFlight([process.pid], signal)
  const run = await driver.run(
    {
      inputTokens: configuration.inputTokens,
      outputTokens: configuration.outputTokens,
      batch: configuration.load,
      repetitions: repetitionsToAsk(plan.repetitions),
    },
    signal,
  )
  const readings: TelemetryReading[] = []
  const watch = host.watch([run.processId], (reading) => {
    readings.push(reading)
    trial.onReading(reading)
  })
  try {
    const before = watch.snapshot()
    const result = await run.result
    const after = watch.snapshot()
    const foreign = await host.foreignProcesses([run.processId], before.wall)
    await watch.bracketed(after, signal)
    const energy = trialEnergy(watch.around(before, after), before, after, host.deviceIds.length)
    const series = order.metrics
      .map((metric) => ({
        metric,
        values: driverValues(metric, result, configuration, readings, watch.deviceIds),
      }))
      .filter(({ values }) => values.length > 0)
    const metrics = series.map(estimateOf)
    const measured = sumOf(kept(result.whole)) + sumOf(kept(result.firstToken))
    const warmUp = sumOf(result.whole) + sumOf(result.firstToken) - measured
    const disturbance = disturbanceBetween(before, after, host.environment.cpuCount)
    const windows = kept(result.whole).flatMap(({ window }) =>
      window === undefined ? [] : [{ ...window, readings: within(readings, window) }],
    )
    return {
      metrics,
      doubts: [
        ...disagreementDoubts(series, plan.precision),
        ...intervalDoubts(metrics, false),
        ...preFlight,
        ...judgeDisturbance(disturbance, deps.thresholds ?? defaultThresholds, false),
        ...judgeDevices(windows, watch.deviceIds),
        ...judgeForeign(foreign ?? [], false),
        ...energy.doubts,
      ],
      timing: {
        setUp: Math.max(0, clock.monotonic() - begun - measured - warmUp),
        warmUp,
        measured,
        gaps: 0,
      },
      deviceSeconds: trial.deviceSeconds(),
      ...(energy.joules === undefined ? {} : { energyJoules: energy.joules }),
      repetitions: kept(result.whole).length,
      requests: kept(result.whole).length * configuration.load,
      startedAt,
    }
  } finally {
    watch.stop()
  }
}

const sumOf = (repetitions: readonly DriverRepetition[]) =>
  repetitions.reduce((sum, { seconds }) => sum + seconds, 0)

const estimateOf = ({ metric, values }: MetricSeries): MetricEstimate => ({
  metric,
  ...estimateRepetitions(values, spreadOf(values)),
  percentiles: {},
})
