import type { FleetNeed, Replica } from './fleet.js'

/** Where the first of two hardware classes is the cheaper one, as the load grows. */
export interface BreakEven {
  /** Least load in requests per second at which the first costs less; undefined: at none. */
  readonly cheaperFrom?: number
  /** Load from which on it costs less at every load; undefined where it does not in the long run. */
  readonly alwaysFrom?: number
}

/** Steps of both cost functions that are looked at. */
const mostSteps = 200_000

type Sizing = Pick<FleetNeed, 'spares' | 'utilization'>

/** USD per hour of enough replicas of one kind. */
export function fleetUsdPerHour(kind: Replica, requestRate: number, need: Sizing): number {
  const working = Math.ceil(requestRate / (kind.requestRate * need.utilization) - 1e-9)
  return (Math.max(1, working) + need.spares) * kind.usdPerHour
}

/**
 * Compares fleets of whole replicas of either kind over all loads. Costs are steps, so the cheaper
 * one may change many times before it settles.
 */
export function breakEven(first: Replica, second: Replica, need: Sizing): BreakEven {
  const rates = [first, second].map(({ requestRate }) => requestRate * need.utilization)
  const [a, b] = rates as [number, number]
  const slope = second.usdPerHour / b - first.usdPerHour / a
  const settles = slope > 0
  // Beyond this load the first is cheaper whatever the rounding does.
  const bound = settles
    ? ((1 + need.spares) * first.usdPerHour + second.usdPerHour) / slope
    : 1000 * Math.max(a, b)
  let cheaperFrom: number | undefined
  let alwaysFrom: number | undefined
  let steps = 0
  let [i, j] = [0, 0]
  // Both costs are constant on (left, right]; at a step the larger fleets begin just above it.
  for (let left = 0; left <= bound && steps < mostSteps; steps += 1) {
    const right = Math.min((i + 1) * a, (j + 1) * b)
    const middle = (left + right) / 2
    const cheaper = fleetUsdPerHour(first, middle, need) < fleetUsdPerHour(second, middle, need)
    if (cheaper) {
      cheaperFrom ??= left
      alwaysFrom ??= left
    } else alwaysFrom = undefined
    if ((i + 1) * a <= right) i += 1
    if ((j + 1) * b <= right) j += 1
    left = right
  }
  const settled = settles && steps < mostSteps
  return {
    ...(cheaperFrom === undefined ? {} : { cheaperFrom }),
    ...(settled && alwaysFrom !== undefined ? { alwaysFrom } : {}),
  }
}
