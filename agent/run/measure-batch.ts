import type { MetricEstimate } from '../../shared/domain/measurement.js'
import type { MetricName } from '../../shared/domain/metric.js'
import { median } from '../../shared/stats/quantile.js'
import { disturbanceBetween, spoiled } from '../host/noise.js'
import { faultOf } from './faults.js'
import { harvestBatch } from './harvest/harvest-batch.js'
import { disagreementDoubts, intervalDoubts } from './judge-steadiness.js'
import type { Measured } from './measured.js'
import { isSampleMetric, metricValue, percentilePopulation } from './metrics/metric-value.js'
import { noiseKey } from './metrics/noise-history.js'
import { percentilesOf } from './metrics/percentiles.js'
import { estimateRepetitions, halfWidth, spreadOf } from './metrics/repetition-estimate.js'
import { estimateTelemetry } from './metrics/telemetry-estimate.js'
import { telemetryValue } from './metrics/telemetry-value.js'
import { observe } from './trial-context.js'
import type { Observed, TrialContext } from './trial-context.js'

/**
 * Seconds between repetitions: the engine frees the last batch’s slots and the host’s queues drain. Then
 * its cache is emptied: what the last repetition left there made the next slower (llama-server on an
 * H100: 425, 682 and 973 ms to the first token), so that a value depended on how many there were.
 */
const settleSeconds = 0.02
/** Repetitions before precision may end a trial: one says nothing of its own spread. */
const fewestForPrecision = 2

/**
 * Seconds of measuring below which a trial goes on past the plan’s repetitions: less than a trial
 * spends on its lock and warm-up anyway, and short batches are the noisiest.
 */
const worthwhileSeconds = 0.3
/** How many times the plan’s repetitions a short batch may be repeated. */
const mostForShort = 4

/**
 * Measures a static batch: repetitions until every wanted metric is known as well as asked, or the
 * plan’s repetitions or seconds are spent. A repetition that the host disturbed beyond use is set
 * aside and done again, as often as the plan has repetitions.
 */
export async function measureBatch(context: TrialContext): Promise<Measured> {
  const { clock, order, thresholds, cpuCount } = context
  const { plan, configuration } = order
  const kept: Observed[] = []
  const setAside: Observed[] = []
  const startedAt = clock.monotonic()
  // The warm-up left something in it, too.
  await context.engine.resetCache()
  let gapSeconds = clock.monotonic() - startedAt
  let longest = 0
  for (;;) {
    const began = clock.monotonic()
    const observed = await observe(
      context,
      { kind: 'static-batch', batch: configuration.load },
      { warmUp: false },
    )
    requireAllGood(observed, context)
    const disturbance = disturbanceBetween(observed.before, observed.after, cpuCount)
    if (spoiled(disturbance, thresholds)) setAside.push(observed)
    else kept.push(observed)
    longest = Math.max(longest, clock.monotonic() - began)
    if (enough(kept, plan.repetitions) || enough(setAside, plan.repetitions)) break
    const mayStop = order.everyRepetition !== true && kept.length >= fewestForPrecision
    if (mayStop && precise(kept, context)) break
    if (clock.monotonic() - startedAt + longest > plan.max_seconds) break
    const waited = clock.monotonic()
    await clock.sleep(settleSeconds, context.signal)
    await context.engine.resetCache()
    gapSeconds += clock.monotonic() - waited
  }
  // When most of the trial was disturbed, leaving that out would hide it.
  const windows = kept.length * 2 > setAside.length ? kept : [...kept, ...setAside]
  const metrics = estimateBatch(windows, context)
  for (const metric of order.metrics.filter(isSampleMetric)) {
    const spread = spreadOf(valuesOf(metric, windows, context))
    if (spread !== undefined)
      context.history.learn(noiseKey(metric, typicalSeconds(windows)), spread)
  }
  const series = order.metrics
    .filter(isSampleMetric)
    .map((metric) => ({ metric, values: valuesOf(metric, windows, context) }))
  const harvest = harvestBatch(windows, context)
  return {
    windows,
    metrics,
    gapSeconds,
    ...(harvest.length === 0 ? {} : { harvest }),
    doubts: [...disagreementDoubts(series, plan.precision), ...intervalDoubts(metrics, false)],
  }
}

/** The plan’s repetitions are done, and if they were short, enough more. */
function enough(windows: readonly Observed[], repetitions: number): boolean {
  if (windows.length < repetitions) return false
  const seconds = windows.reduce((sum, { before, after }) => sum + after.at - before.at, 0)
  // A plan of one repetition means it: nothing is repeated.
  return (
    repetitions === 1 ||
    seconds >= worthwhileSeconds ||
    windows.length >= mostForShort * repetitions
  )
}

const typicalSeconds = (windows: readonly Observed[]) =>
  median(windows.map(({ before, after }) => after.at - before.at))

function requireAllGood({ report }: Observed, context: TrialContext): void {
  const failed = report.samples.filter((sample) => sample.outcome !== 'ok')
  // A batch that lost a request is another batch.
  if (failed.length > 0) {
    throw faultOf(failed, report.samples.length, context.engine.processIds.length === 0)
  }
}

/** One value per repetition that has one. */
function valuesOf(
  metric: MetricName,
  windows: readonly Observed[],
  { watch }: TrialContext,
): number[] {
  return windows
    .map((observed) =>
      isSampleMetric(metric)
        ? metricValue(metric, observed.report.samples, observed.report.window, true)
        : telemetryValue(
            metric,
            watch.readings(observed.before, observed.after),
            watch.deviceIds,
            observed,
          ),
    )
    .filter((value) => value !== undefined)
}

function estimateBatch(windows: readonly Observed[], context: TrialContext): MetricEstimate[] {
  const samples = windows.flatMap(({ report }) => report.samples)
  return context.order.metrics.flatMap((metric): MetricEstimate[] => {
    const values = valuesOf(metric, windows, context)
    if (values.length === 0) return []
    if (!isSampleMetric(metric)) {
      return [{ metric, ...estimateTelemetry(metric, values), percentiles: {} }]
    }
    const key = noiseKey(metric, typicalSeconds(windows))
    const spread = context.history.shrink(key, spreadOf(values))
    return [
      {
        metric,
        ...estimateRepetitions(values, spread),
        percentiles: percentilesOf(percentilePopulation(metric, samples)),
      },
    ]
  })
}

function precise(windows: readonly Observed[], context: TrialContext): boolean {
  return estimateBatch(windows, context)
    .filter(({ metric }) => isSampleMetric(metric))
    .every((estimate) => halfWidth(estimate) <= context.order.plan.precision)
}
