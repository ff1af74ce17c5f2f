import { median } from '../../shared/stats/quantile.js'
import type { Estimated } from './appraise.js'
import { logSd } from './point.js'
import type { Point } from './point.js'

/** Trials that what is known of a point comes from. */
export const timesMeasured = ({ measured, repeats }: Point): number =>
  measured ? (repeats ?? 1) : 0

/** By quantity: the relative error of one measurement, median over what was measured; 0 where nothing was. */
export function noisesOf({ question, reckoning }: Estimated): number[] {
  const { points } = question.knowledge
  return reckoning.quantities.map(({ intervals, measured }) => {
    const single = intervals.flatMap((interval, point) =>
      interval !== undefined && measured[point] === true
        ? [logSd(interval) * Math.sqrt(timesMeasured(points[point] as Point))]
        : [],
    )
    return single.length === 0 ? 0 : median(single)
  })
}
