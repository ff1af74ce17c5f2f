import type { PastRow } from '../../shared/domain/past.js'
import type { PastUse } from '../model/past-model.js'
import type { PlanStatus } from './planner.js'

/** What a sweep started from, and whether that helps; nothing where none of it tells of its metrics. */
export function pastStatus(
  past: readonly PastRow[],
  uses: readonly PastUse[],
): Pick<PlanStatus, 'past'> {
  if (uses.length === 0) return {}
  const counts = new Map<string, number>()
  for (const { origin } of past) counts.set(origin, (counts.get(origin) ?? 0) + 1)
  return {
    past: {
      origins: [...counts].map(([origin, rows]) => ({ origin, rows })),
      metrics: uses.map(({ metric, isUsed, count, informed, alone }) => ({
        metric,
        used: isUsed,
        forecasts: count,
        errorWith: informed,
        errorWithout: alone,
      })),
    },
  }
}
