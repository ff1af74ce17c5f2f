import type { Appraised } from './appraise.js'
import type { Certainty } from './certainty.js'
import { serviceTime } from './figures.js'
import { logSd } from './point.js'
import type { Knowledge, Point } from './point.js'
import { median } from '../../shared/stats/quantile.js'

/** A measurement that helps to tell the chosen deployment from its challenger. */
export interface Contest {
  /** Number of the knowledge’s point. */
  readonly point: number
  /** It was measured before: its noise is what is in the way. */
  readonly repeat: boolean
}

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

const timesMeasured = ({ measured, repeats }: Point): number => (measured ? (repeats ?? 1) : 0)

/** The squared relative error of one measurement: median over what was measured. */
function noiseOf({ points }: Knowledge, metrics: ReadonlySet<keyof Point['estimates']>): number {
  const single = points
    .filter(({ measured }) => measured)
    .map((point) => varianceOf(point, metrics) * timesMeasured(point))
  return single.length === 0 ? 0 : median(single)
}

/**
 * The top-two rule (Russo 2016): measure the chosen deployment or its challenger, whichever makes
 * their difference surer per device-second. Of a deployment for several request lengths it is one of
 * them.
 *
 * @param isOpen may the point be measured now, by who asks.
 * @returns undefined when nothing is left in doubt, or nothing that would help may be measured.
 */
export function nextContest(
  appraised: Appraised,
  { chosen, challenger }: Certainty,
  isOpen: (point: number) => boolean,
): Contest | undefined {
  const { knowledge } = appraised.question
  const metrics = decisiveMetrics(appraised)
  const noise = noiseOf(knowledge, metrics)
  let best: (Contest & { readonly rate: number }) | undefined
  for (const which of [chosen, challenger].filter((each) => each !== undefined)) {
    for (const point of appraised.appraisals[which]?.deployment.points ?? []) {
      if (!isOpen(point)) continue
      const known = knowledge.points[point] as Point
      const variance = varianceOf(known, metrics)
      const times = timesMeasured(known)
      const taken = times > 0 ? variance / (times + 1) : variance ** 2 / (variance + noise)
      const rate = taken / (knowledge.trialCost(known.configuration) ?? 1)
      if (rate > (best?.rate ?? 0)) best = { point, repeat: times > 0, rate }
    }
  }
  return best
}
