import { metricTable } from '../../shared/domain/metric.js'
import type { Appraisal, Estimated } from './appraise.js'
import { logSd } from './point.js'
import type { Point } from './point.js'
import type { Reckoning, ValueOf } from './reckoning.js'

/** Standard deviations by which every figure of a deployment may be wrong at once, to its favour or not. */
const reach = 3.5
/** Costs that differ by rounding alone are the same. */
const rounding = 1e-9

/** Every figure at its most favourable (1) or least favourable (-1) end. */
function endsOf({ quantities }: Reckoning, favour: 1 | -1): ValueOf {
  const signs = quantities.map(({ metric }) => (metricTable[metric].family === 'rate' ? 1 : -1))
  return (quantity, point) => {
    const interval = quantities[quantity]?.intervals[point]
    if (interval === undefined) return NaN
    return interval.value * Math.exp(favour * (signs[quantity] as number) * reach * logSd(interval))
  }
}

/**
 * Leaves aside the deployments that cannot be the best of their group: even with every figure to
 * their favour they do less work per cost than another does with every figure against it.
 *
 * @param groupOf one group of all when left out.
 */
export function contendersOf(
  estimated: Estimated,
  groupOf: (appraisal: Appraisal) => string = () => '',
): Estimated {
  const { reckoning, appraisals, question } = estimated
  const { points } = question.knowledge
  const [best, worst] = [endsOf(reckoning, 1), endsOf(reckoning, -1)]
  const feasible = ({ deployment }: Appraisal, holds: (point: Point) => boolean): boolean =>
    deployment.points.every((point) => holds(points[point] as Point))
  const surest = new Map<string, number>()
  const ends = appraisals.map((appraisal) => {
    const { deployment, weight } = appraisal
    const group = groupOf(appraisal)
    const sure =
      feasible(appraisal, (point) => point.feasible >= 1) && reckoning.meets(deployment, worst)
    if (sure) {
      const { cost } = reckoning.figures(deployment, weight, worst)
      surest.set(group, Math.min(surest.get(group) ?? Infinity, cost))
    }
    const may =
      feasible(appraisal, (point) => point.feasible > 0) && reckoning.meets(deployment, best)
    return { group, cost: may ? reckoning.figures(deployment, weight, best).cost : Infinity }
  })
  return {
    ...estimated,
    appraisals: appraisals.filter((_, k) => {
      const { group, cost } = ends[k] as (typeof ends)[number]
      return cost < Infinity && cost <= (surest.get(group) ?? Infinity) * (1 + rounding)
    }),
  }
}
