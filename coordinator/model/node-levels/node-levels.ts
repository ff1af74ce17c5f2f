import type { NodeLevel } from '../../../shared/domain/meta-metrics.js'
import { normal90 } from '../../../shared/stats/normal.js'
import type { MetricSurface } from '../metric-surface.js'

/** Agents over the mean of their class, one of each with all its metrics, in the order of their names. */
export function nodeLevels(
  metrics: readonly MetricSurface[],
  trials: (hardware: string, agent: string) => number,
): NodeLevel[] {
  const nodes = new Map<string, NodeLevel>()
  for (const metric of metrics) {
    for (const { hardware, agent, log, sd } of metric.nodes()) {
      const key = JSON.stringify([hardware, agent])
      const known = nodes.get(key)
      const ratio = {
        value: Math.exp(log),
        low: Math.exp(log - normal90 * sd),
        high: Math.exp(log + normal90 * sd),
      }
      nodes.set(key, {
        agent,
        hardware,
        trials: trials(hardware, agent),
        ratios: [...(known?.ratios ?? []), { metric: metric.metric, ratio }],
      })
    }
  }
  return [...nodes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node)
}
