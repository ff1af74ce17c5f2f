import type { DefinitionSummary } from '../../agent/run/metrics/definition-summary.js'
import { vllmMetrics } from '../../agent/run/results/vllm-result.js'
import type { VllmMetric } from '../../agent/run/results/vllm-result.js'
import { halfWidth } from '../../agent/run/metrics/repetition-estimate.js'
import type { Doubt, MetricEstimate } from '../../shared/domain/measurement.js'
import { minimumQueries } from '../../shared/stats/early-stopping.js'

/** Doubts about percentiles that were asked for and that the requests do not support. */
export function percentileDoubts(
  definitions: readonly DefinitionSummary[],
  metrics: readonly VllmMetric[],
): Doubt[] {
  const asked = new Set<string>(metrics.map((metric) => vllmMetrics[metric]))
  const loose = definitions
    .filter(({ name }) => asked.has(name))
    .flatMap(({ name, count, percentiles }) =>
      percentiles
        .filter(({ supported }) => !supported)
        .map(({ percentile }) => {
          const need = minimumQueries(percentile / 100)
          return `p${percentile} of ${name} rests on ${count} values, ${need} are needed`
        }),
    )
  if (loose.length === 0) return []
  return [{ kind: 'too_few_samples', severity: 'marked', detail: loose.join('; ') }]
}

/** Doubts about metrics that are known less well than was asked when the time was spent. */
export function precisionDoubts(
  metrics: readonly MetricEstimate[],
  precision: number | undefined,
): Doubt[] {
  if (precision === undefined) return []
  const percent = (share: number) => `±${(100 * share).toFixed(1)} %`
  const loose = metrics.filter((metric) => halfWidth(metric) > precision)
  if (loose.length === 0) return []
  const words = loose.map((each) => {
    const half = halfWidth(each)
    return `${each.metric} to ${Number.isFinite(half) ? percent(half) : 'an unknown extent'}`
  })
  return [
    {
      kind: 'too_few_samples',
      severity: 'marked',
      detail: `known when the measurement ended: ${words.join(', ')}; asked was ${percent(precision)}`,
    },
  ]
}
