import type { MetricName } from '../../../shared/domain/metric.js'
import { appraise } from '../../decision/appraise.js'
import type { Appraisal, Objective, Question } from '../../decision/appraise.js'

/** A deployment on a plane of latency and cost, both better when lower. */
export interface FrontMember {
  readonly appraisal: Appraisal
  /** Seconds. */
  readonly latency: number
  /** Objective’s unit per output token. */
  readonly cost: number
  /** No other deployment is at least as good in both and better in one, by the estimates. */
  readonly onFront: boolean
  /** Share of the worlds in which it is undominated. */
  readonly frontProbability: number
}

/**
 * Numbers of the undominated among (x, y), both better when lower; equal ones do not dominate each
 * other. NaN takes part in nothing. In O(n log n).
 */
export function undominated(x: ArrayLike<number>, y: ArrayLike<number>): number[] {
  const order: number[] = []
  for (let k = 0; k < x.length; k += 1) {
    if (!Number.isNaN(x[k]) && !Number.isNaN(y[k])) order.push(k)
  }
  order.sort((a, b) => (x[a] as number) - (x[b] as number) || (y[a] as number) - (y[b] as number))
  const kept: number[] = []
  /** Least y at any smaller x, and at this very x. */
  let before = Infinity
  let here = Infinity
  let at = NaN
  for (const k of order) {
    if (x[k] !== at) {
      before = Math.min(before, here)
      here = y[k] as number
      at = x[k] as number
    }
    if ((y[k] as number) < before && y[k] === here) kept.push(k)
  }
  return kept.sort((a, b) => a - b)
}

export interface Front {
  readonly latencyMetric: MetricName
  readonly objective: Objective
  /** Every deployment that runs, in the order of the space. */
  readonly members: readonly FrontMember[]
}

/** What latency costs: every deployment’s place, and how surely it is on the front. */
export function paretoFront(question: Omit<Question, 'slo'>, latencyMetric: MetricName): Front {
  // A limit that nothing breaks: its figures are kept, and it excludes nobody.
  const slo = [{ metric: latencyMetric, limitSeconds: Number.MAX_VALUE }]
  const { appraisals, worlds } = appraise({ ...question, slo })
  const counts = new Float64Array(appraisals.length)
  for (let world = 0; world < worlds.count; world += 1) {
    const [first, end] = [world * appraisals.length, (world + 1) * appraisals.length]
    const costs = worlds.costs.subarray(first, end)
    for (const k of undominated(worlds.latencies.subarray(first, end), costs)) {
      counts[k] = (counts[k] as number) + 1
    }
  }
  const running = appraisals.map((each) => (each.runs ? each : undefined))
  const front = new Set(
    undominated(
      running.map((each) => each?.latencies[0] ?? NaN),
      running.map((each) => each?.cost ?? NaN),
    ),
  )
  return {
    latencyMetric,
    objective: question.objective,
    members: appraisals.flatMap((appraisal, k) =>
      appraisal.runs
        ? [
            {
              appraisal,
              latency: appraisal.latencies[0] as number,
              cost: appraisal.cost,
              onFront: front.has(k),
              frontProbability: (counts[k] as number) / worlds.count,
            },
          ]
        : [],
    ),
  }
}
