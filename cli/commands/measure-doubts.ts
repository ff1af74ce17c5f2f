import type { DefinitionSummary } from '../../agent/run/metrics/definition-summary.js'
import { vllmMetrics } from '../../agent/run/results/vllm-result.js'
import type { VllmMetric } from '../../agent/run/results/vllm-result.js'
import type { Doubt } from '../../shared/domain/measurement.js'
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
