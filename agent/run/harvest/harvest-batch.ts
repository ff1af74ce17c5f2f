import type { Doubt, Harvest, MetricEstimate } from '../../../shared/domain/measurement.js'
import { median } from '../../../shared/stats/quantile.js'
import { disagreementDoubts, intervalDoubts } from '../judge-steadiness.js'
import { isSampleMetric, metricValue, percentilePopulation } from '../metrics/metric-value.js'
import type { SampleMetric } from '../metrics/metric-value.js'
import { noiseKey } from '../metrics/noise-history.js'
import { percentilesOf } from '../metrics/percentiles.js'
import { estimateRepetitions, spreadOf } from '../metrics/repetition-estimate.js'
import type { Observed, TrialContext } from '../trial-context.js'
import { prefixOf } from './prefix.js'
import type { Prefix } from './prefix.js'

/**
 * Part of a prefix’s time in which a batch of its length would have shrunk. It would have gone faster
 * then, by half on average at the very most: below the first figure that is within 2.5 %.
 */
const overlapLimits = { marked: 0.05, invalid: 0.2 } as const
/** How much faster a shrinking batch may be, on average. */
const shrinkingGain = 0.5
/** By how much the times of its last tokens may be off. */
const unresolvedLimits = { marked: 0.01, invalid: 0.1 } as const

const beforeDecoding: readonly SampleMetric[] = ['ttft', 'batch_ttft']
const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/**
 * What the repetitions of a static batch say of its shorter outputs, by the definitions that trials
 * of those lengths have (docs/METRICS.md). Lengths that they say nothing of are left out.
 *
 * @param windows the repetitions that count.
 */
export function harvestBatch(windows: readonly Observed[], context: TrialContext): Harvest[] {
  const { order } = context
  return (order.harvestOutputTokens ?? []).flatMap((outputTokens) => {
    const prefixes = windows.map(({ report }) => prefixOf(report, outputTokens))
    const known = prefixes.filter((prefix) => prefix !== undefined)
    if (known.length < prefixes.length || known.length === 0) return []
    const wanted = order.metrics.filter(isSampleMetric)
    const metrics = wanted.flatMap((metric) => estimateOf(metric, known, context))
    if (metrics.length === 0) return []
    const series = wanted.map((metric) => ({ metric, values: valuesOf(metric, known) }))
    return [
      {
        outputTokens,
        metrics,
        doubts: [
          ...prefixDoubts(known, outputTokens),
          ...disagreementDoubts(series, order.plan.precision),
          ...intervalDoubts(metrics, false),
        ],
      },
    ]
  })
}

const valuesOf = (metric: SampleMetric, prefixes: readonly Prefix[]): number[] =>
  prefixes.flatMap(({ samples, window }) => metricValue(metric, samples, window, true) ?? [])

const worst = (prefixes: readonly Prefix[], figure: (prefix: Prefix) => number): number =>
  prefixes.reduce((most, prefix) => Math.max(most, figure(prefix)), 0)

function estimateOf(
  metric: SampleMetric,
  prefixes: readonly Prefix[],
  { history }: TrialContext,
): MetricEstimate[] {
  const values = valuesOf(metric, prefixes)
  if (values.length < prefixes.length) return []
  const seconds = median(prefixes.map(({ window }) => window.to - window.from))
  // What it shows of noise its trial has taught already.
  const spread = history.shrink(noiseKey(metric, seconds), spreadOf(values))
  const estimate = estimateRepetitions(values, spread)
  const open = openShare(metric, prefixes)
  return [
    {
      metric,
      ...estimate,
      low: estimate.low * (1 - open),
      high: estimate.high * (1 + open),
      // Half of the bound as a standard deviation of the value, not of one repetition.
      relativeSd: Math.hypot(estimate.relativeSd, (open / 2) * Math.sqrt(values.length)),
      percentiles: percentilesOf(
        percentilePopulation(
          metric,
          prefixes.flatMap(({ samples }) => samples),
        ),
      ),
    },
  ]
}

/** By how much at most, relative, a trial of that length may differ for reasons that are no noise. */
function openShare(metric: SampleMetric, prefixes: readonly Prefix[]): number {
  if (beforeDecoding.includes(metric) && prefixes.every(({ startedTogether }) => startedTogether)) {
    return 0
  }
  const overlap = worst(prefixes, (prefix) => prefix.overlap)
  const unresolved = worst(prefixes, (prefix) => prefix.unresolved)
  return Math.min(0.9, shrinkingGain * overlap + unresolved)
}

function prefixDoubts(prefixes: readonly Prefix[], outputTokens: number): Doubt[] {
  const overlap = worst(prefixes, (prefix) => prefix.overlap)
  const unresolved = worst(prefixes, (prefix) => prefix.unresolved)
  const doubts: Doubt[] = []
  if (overlap > overlapLimits.marked) {
    doubts.push({
      kind: 'prefix_overlap',
      severity: overlap > overlapLimits.invalid ? 'invalid' : 'marked',
      detail: `for ${percent(overlap)} of the time some requests had ${outputTokens} tokens and others had not; above ${percent(overlapLimits.invalid)} a batch of that length is another`,
    })
  }
  if (unresolved > unresolvedLimits.marked) {
    doubts.push({
      kind: 'chunk_coalescing',
      severity: unresolved > unresolvedLimits.invalid ? 'invalid' : 'marked',
      detail: `token ${outputTokens} shared a read with later ones: its time is known within ${percent(unresolved)}`,
    })
  }
  return doubts
}
