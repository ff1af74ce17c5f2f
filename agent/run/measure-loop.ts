import type { Doubt, MetricEstimate } from '../../shared/domain/measurement.js'
import { metricTable } from '../../shared/domain/metric.js'
import { minimumBatches } from '../../shared/stats/interval.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { replays } from '../../shared/domain/sweep.js'
import type { Workload } from '../../shared/domain/sweep.js'
import { faultOf } from './faults.js'
import { driftDoubts, intervalDoubts } from './judge-steadiness.js'
import type { LoadPattern, StopRule } from './load/load-job.js'
import type { Measured } from './measured.js'
import { batchSeries, estimateLoop, measuredRequests } from './metrics/loop-estimate.js'
import { isSampleMetric, percentilePopulation } from './metrics/metric-value.js'
import { percentilesOf } from './metrics/percentiles.js'
import { estimateTelemetry } from './metrics/telemetry-estimate.js'
import { telemetryBatches, telemetryValue } from './metrics/telemetry-value.js'
import { observe } from './trial-context.js'
import type { Observed, TrialContext } from './trial-context.js'
import { bringsPrompts } from './trial-runner.js'
import type { RunnerOrder } from './trial-runner.js'

/** Share of failed requests above which a loop’s numbers are not the asked load’s any more. */
const toleratedFailures = 0.01
/** Requests per repetition that the plan asks for, beside one per slot: twenty batches of two. */
const requestsForBatches = 2 * minimumBatches
/** How much longer than asked a loop may go on for the sake of precision. */
const precisionPatience = 4

/** Measures a loop or a list: one window, ended by its stop rule or its end. */
export async function measureLoop(context: TrialContext, pattern: LoadPattern): Promise<Measured> {
  const { clock, order } = context
  const began = clock.monotonic()
  const observed = await observe(context, pattern, { warmUp: false })
  const { report } = observed
  const failed = report.samples.filter((sample) => sample.outcome !== 'ok')
  const measured = measuredRequests(report.samples, report.window)
  if (report.ended === 'failing' || measured.length === 0) {
    if (failed.length === 0) {
      throw faultOf(
        report.samples.map((sample) => ({
          ...sample,
          error: `no request fitted into the window of ${order.plan.max_seconds} s`,
        })),
        report.samples.length,
        false,
      )
    }
    throw faultOf(failed, report.samples.length, context.engine.processIds.length === 0)
  }
  const metrics = estimate(observed, context)
  const windowSeconds = report.window.to - report.window.from
  return {
    windows: [observed],
    metrics,
    gapSeconds: clock.monotonic() - began - windowSeconds,
    doubts: [
      ...failureDoubts(failed.length, report.samples.length, failed[0]?.error),
      ...intervalDoubts(metrics, true),
      ...steadinessDoubts(observed, context),
    ],
  }
}

/** How the requests of an order leave, where it is not a static batch. */
export function loopPattern(order: RunnerOrder): LoadPattern {
  const { configuration, plan, metrics, workload, listed, shapes = [], maximumRequests } = order
  if (listed !== undefined) return { kind: 'listed', ...listed }
  const minimumRequests = Math.ceil(
    Math.max(requestsForBatches, plan.repetitions * configuration.load),
  )
  const mostRequests = maximumRequests ?? minimumRequests * precisionPatience
  const stop: StopRule = {
    metrics,
    precision: plan.precision,
    minimumRequests,
    // A prompt that comes again may be in the engine’s cache.
    maximumRequests: bringsPrompts(order)
      ? Math.max(minimumRequests, Math.min(mostRequests, shapes.length))
      : mostRequests,
    maximumSeconds: plan.max_seconds,
  }
  if (workload.kind !== 'open-loop') {
    return { kind: 'closed-loop', concurrency: configuration.load, stop }
  }
  const { arrivals, burstiness, ramp } = workload
  if (arrivals === 'trace') throw new FmworkError('INTERNAL', 'a trace without its requests')
  // Rates follow the arrivals that were drawn: going on makes them no truer.
  const latencies = metrics.filter((metric) => metricTable[metric].family === 'latency')
  return {
    kind: 'open-loop',
    rate: configuration.load,
    arrivals,
    burstiness,
    ...(ramp === undefined ? {} : { ramp }),
    stop: { ...stop, metrics: latencies },
  }
}

function estimate(observed: Observed, context: TrialContext): MetricEstimate[] {
  const { samples, window } = observed.report
  const measured = measuredRequests(samples, window)
  return context.order.metrics.flatMap((metric): MetricEstimate[] => {
    if (!isSampleMetric(metric)) {
      const readings = context.watch.readings(observed.before, observed.after)
      const value = telemetryValue(metric, readings, context.watch.deviceIds, observed)
      if (value === undefined) return []
      const batches = telemetryBatches(metric, readings, context.watch.deviceIds)
      return [{ metric, ...estimateTelemetry(metric, batches, value), percentiles: {} }]
    }
    const series = batchSeries(metric, samples, window)
    if (series === undefined) return []
    const percentiles = percentilesOf(percentilePopulation(metric, measured))
    return [{ metric, ...estimateLoop(series), percentiles }]
  })
}

function failureDoubts(failed: number, of: number, first: string | undefined): Doubt[] {
  if (failed === 0) return []
  return [
    {
      kind: 'requests_failed',
      severity: failed / of > toleratedFailures ? 'invalid' : 'marked',
      detail: `${failed} of ${of} requests failed; the first: ${first ?? 'no reason given'}`,
    },
  ]
}

/** A rate that changes is no steady state, and was asked for. */
const changesByDesign = (workload: Workload): boolean =>
  replays(workload) || (workload.kind === 'open-loop' && workload.ramp !== undefined)

/** Over-saturation, a list that was cut, or a trend inside the window. */
function steadinessDoubts({ report }: Observed, context: TrialContext): Doubt[] {
  const { metrics, plan, configuration, workload } = context.order
  if (report.ended === 'over-saturated') {
    return [
      {
        kind: 'over_saturated',
        severity: 'marked',
        detail: `requests in flight grew without end ${workload.kind === 'open-loop' && workload.ramp !== undefined ? `on the way to` : 'at'} ${configuration.load} requests per second, so latencies depend on how long it ran`,
      },
    ]
  }
  if (changesByDesign(workload)) {
    const asked = context.order.listed?.requests.length ?? 0
    const left = report.samples.filter(({ warmUp }) => !warmUp).length
    if (left >= asked) return []
    return [
      {
        kind: 'schedule_lag',
        severity: 'invalid',
        detail: `the trace was cut: ${left} of ${asked} requests had left when its time was over`,
      },
    ]
  }
  const series = metrics.filter(isSampleMetric).map((metric) => ({
    metric,
    values: batchSeries(metric, report.samples, report.window)?.batches ?? [],
  }))
  return driftDoubts(series, plan.precision)
}
