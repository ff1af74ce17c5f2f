import type { Appraised } from './appraise.js'
import type { Certainty } from './certainty.js'
import { serviceTime } from './figures.js'
import { LookAhead } from './look-ahead.js'
import type { Prospect } from './look-ahead.js'
import { timesMeasured } from './noise.js'
import { logSd } from './point.js'
import type { Knowledge, Point } from './point.js'
import { median } from '../../shared/stats/quantile.js'

/** A measurement that helps to tell the chosen deployment from its rivals. */
export interface Contest {
  /** Number of the knowledge’s point. */
  readonly point: number
  /** It was measured before: its noise is what is in the way. */
  readonly repeat: boolean
}

/** How far ahead is looked: measurements of each configuration of a contender. */
const horizons = [1, 5, 25] as const
/** Share of the work below which nothing is worth telling from nothing. */
const leastValue = 1e-6

/** Metrics whose figures decide the question. */
function decisiveMetrics({ question }: Appraised): ReadonlySet<keyof Point['estimates']> {
  const { slo, knowledge, objective } = question
  const service = serviceTime(knowledge.metrics, knowledge.loadAxis)?.metrics ?? []
  const power = objective === 'joules' ? (['power'] as const) : []
  return new Set([...slo.map(({ metric }) => metric), ...service, ...power])
}

/** Squared relative error of what is known of a point, summed over the metrics. */
const varianceOf = (
  { estimates }: Point,
  metrics: ReadonlySet<keyof Point['estimates']>,
): number => {
  let sum = 0
  for (const metric of metrics) {
    const known = estimates[metric]
    if (known !== undefined) sum += logSd(known) ** 2
  }
  return sum
}

/** The squared relative error of one measurement: median over what was measured. */
function noiseOf({ points }: Knowledge, metrics: ReadonlySet<keyof Point['estimates']>): number {
  const single = points
    .filter(({ measured }) => measured)
    .map((point) => varianceOf(point, metrics) * timesMeasured(point))
  return single.length === 0 ? 0 : median(single)
}

/** These points by how much variance their measurement takes away per device-second, most first. */
function bySurest(appraised: Appraised, points: readonly number[]): Contest[] {
  const { knowledge } = appraised.question
  const metrics = decisiveMetrics(appraised)
  const noise = noiseOf(knowledge, metrics)
  const rated = points.map((point) => {
    const known = knowledge.points[point] as Point
    const variance = varianceOf(known, metrics)
    const times = timesMeasured(known)
    const taken = times > 0 ? variance / (times + 1) : variance ** 2 / (variance + noise)
    const rate = taken / (knowledge.trialCost(known.configuration) ?? 1)
    return { point, repeat: times > 0, rate }
  })
  return rated
    .filter(({ rate }) => rate > 0)
    .sort((a, b) => b.rate - a.rate)
    .map(({ point, repeat }) => ({ point, repeat }))
}

/**
 * What to measure next, best first: of the contenders whose measurements, once or several times, are worth
 * most per device-second, the configurations that become surest by it. Then, since small differences are
 * worth nothing and may still be in doubt, by the top-two rule (Russo 2016): the chosen one or its first rival.
 *
 * @param isOpen may the point be measured at all.
 * @returns empty when nothing is left in doubt, or nothing that would help may be measured.
 */
export function contests(
  appraised: Appraised,
  certainty: Certainty,
  isOpen: (point: number) => boolean,
): Contest[] {
  const rate = ({ value, deviceSeconds }: Prospect) => value / deviceSeconds
  const worthwhile = new LookAhead(appraised, certainty, isOpen)
    .prospects(horizons)
    .filter(({ value }) => value > leastValue)
    .sort((a, b) => rate(b) - rate(a) || a.which - b.which || a.times - b.times)
  const [rival] = certainty.rivals
  const two = [certainty.chosen, rival?.which].flatMap((which) =>
    which === undefined ? [] : (appraised.appraisals[which]?.deployment.points ?? []),
  )
  const ranked = [
    ...[...new Set(worthwhile.map(({ which }) => which))].flatMap((which) =>
      bySurest(appraised, worthwhile.find((each) => each.which === which)?.points ?? []),
    ),
    ...bySurest(appraised, two.filter(isOpen)),
  ]
  const seen = new Set<number>()
  return ranked.filter(({ point }) => !seen.has(point) && seen.add(point))
}
