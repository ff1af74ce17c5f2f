import type { MetricEstimate } from '../../../shared/domain/measurement.js'
import { supportsPercentile } from '../../../shared/stats/early-stopping.js'
import { quantile, sorted } from '../../../shared/stats/quantile.js'

const percentileShares = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const

/**
 * Percentiles over requests by MLPerf’s minimum counts; null where the count supports none.
 *
 * @param values one per request; none for a metric that has no distribution over requests.
 */
export function percentilesOf(values: readonly number[]): MetricEstimate['percentiles'] {
  if (values.length === 0) return {}
  const ascending = sorted(values)
  return Object.fromEntries(
    Object.entries(percentileShares).map(([name, share]) => [
      name,
      supportsPercentile(values.length, share) ? quantile(ascending, share) : null,
    ]),
  )
}
