import { collectDefaultMetrics, Registry } from 'prom-client'

/** Gauges that end like counters; the series without the ending says the same, by kind. */
const misnamed = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)

/**
 * Figures of this process under the names that exporters share (`process_…`, `nodejs_…`), so that
 * ready-made dashboards find them; which program it is, the scraper’s `job` says.
 */
export function processMetrics(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  return registry
}
