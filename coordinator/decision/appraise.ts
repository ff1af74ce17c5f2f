import { priceIn } from '../../shared/domain/price-book.js'
import type { PriceBook } from '../../shared/domain/price-book.js'
import type { Knowledge, Point } from './point.js'
import { Posterior } from './posterior.js'
import { Reckoning } from './reckoning.js'
import type { Slo, SloClause } from './slo.js'
import { deploymentsOf } from './traffic.js'
import type { Deployment, Traffic } from './traffic.js'

/** What is to be as small as possible, per output token. */
export const objectives = ['device-seconds', 'usd', 'joules', 'user-seconds'] as const
/** `user-seconds`: how long one of the requests in flight waits for a token. */
export type Objective = (typeof objectives)[number]

export interface Question {
  readonly knowledge: Knowledge
  readonly traffic: Traffic
  readonly slo: Slo
  readonly objective: Objective
  readonly prices: PriceBook
  /** Worlds drawn; when left out 2048, or as many as half a million draws of points allow, at least 128. */
  readonly draws?: number
}

/** One deployment by the estimates. */
export interface Appraisal {
  readonly deployment: Deployment
  /** USD per device-second; 1 where the objective is no price. */
  readonly weight: number
  /** Every configuration of it was measured. */
  readonly measured: boolean
  /** The clause that the estimates break by most; undefined when all hold. */
  readonly broken?: SloClause
  /** Likelier to run than not at every shape. */
  readonly runs: boolean
  /** Objective’s unit per output token; lower is better. */
  readonly cost: number
  /** Of one request, mean over the shapes. */
  readonly deviceSecondsPerRequest: number
  /** Of one request, mean over the shapes. */
  readonly outputTokens: number
  /** Worst of each clause over the shapes, in seconds, in the order of the SLO. */
  readonly latencies: readonly number[]
}

/** Every way to serve the traffic, by the estimates. */
export interface Estimated {
  readonly question: Question
  readonly reckoning: Reckoning
  readonly appraisals: readonly Appraisal[]
  /** Appraised, before any were left aside that cannot be the best. */
  readonly considered: number
  /** Of these, those that the estimates let through. */
  readonly eligible: number
  /** Left out: lacking at some shape, without a price, or without a figure that the question needs. */
  readonly leftOut: {
    readonly incomplete: number
    readonly unpriced: readonly string[]
    readonly unknown: number
  }
}

/** Costs of all appraisals in worlds that the measurements allow. */
export interface Worlds {
  readonly count: number
  /** By world x appraisals + appraisal: objective’s unit per output token; NaN where it cannot run. */
  readonly costs: Float64Array
  /** 1 where it runs and meets every clause. */
  readonly meets: Uint8Array
  /** The first clause’s figure in seconds, worst over the shapes; empty without clauses. */
  readonly latencies: Float32Array
  /** How far the worst figure lies above its limit, as a share of the limit; empty without clauses. */
  readonly excess: Float32Array
}

export interface Appraised extends Estimated {
  readonly worlds: Worlds
}

/** Draws of points that take a fraction of a second. */
const affordable = 2 ** 19
const [fewestWorlds, mostWorlds] = [128, 2048]

const worldsFor = (points: number): number =>
  Math.max(fewestWorlds, Math.min(mostWorlds, Math.floor(affordable / Math.max(1, points))))

/**
 * May be recommended: it runs, and no estimate breaks the SLO. Of measured configurations the
 * estimate is the measurement, so that no measured violation is ever recommended.
 */
export const isEligible = ({ broken, runs }: Pick<Appraisal, 'broken' | 'runs'>): boolean =>
  broken === undefined && runs

/**
 * Appraises every way to serve the traffic by the estimates.
 *
 * @throws FmworkError USAGE when the knowledge lacks a metric that the question needs.
 */
export function estimate(question: Question): Estimated {
  const { knowledge, objective, prices, traffic } = question
  const reckoning = new Reckoning(question)
  const { complete, incomplete } = deploymentsOf(knowledge, traffic)
  const unpriced = new Set<string>()
  let priced = 0
  const appraisals = complete.flatMap((deployment) => {
    const { hardware } = deployment.block
    const weight =
      objective === 'usd' ? perDeviceSecond(priceIn(prices, hardware)?.usdPerDeviceHour) : 1
    if (weight === undefined) {
      unpriced.add(hardware)
      return []
    }
    priced += 1
    const found = appraisalOf(question, reckoning, deployment, weight)
    return found === undefined ? [] : [found]
  })
  return {
    question,
    reckoning,
    appraisals,
    considered: appraisals.length,
    eligible: appraisals.filter(isEligible).length,
    leftOut: {
      incomplete,
      unpriced: [...unpriced].sort(),
      unknown: priced - appraisals.length,
    },
  }
}

/** Undefined where a figure is unknown. */
function appraisalOf(
  { knowledge: { points }, slo }: Question,
  reckoning: Reckoning,
  deployment: Deployment,
  weight: number,
): Appraisal | undefined {
  const estimateOf = (quantity: number, point: number): number =>
    reckoning.quantities[quantity]?.intervals[point]?.value ?? NaN
  const { cost, deviceSeconds, tokens } = reckoning.figures(deployment, weight, estimateOf)
  const latencies = slo.map((_, clause) => reckoning.latency(deployment, clause, estimateOf))
  if (!Number.isFinite(cost) || latencies.some(Number.isNaN)) return undefined
  const excess = slo.map(({ limitSeconds }, k) => (latencies[k] as number) / limitSeconds)
  const worst = excess.indexOf(Math.max(...excess))
  const broken = (excess[worst] ?? 0) > 1 ? slo[worst] : undefined
  return {
    deployment,
    weight,
    cost,
    deviceSecondsPerRequest: deviceSeconds,
    outputTokens: tokens,
    latencies,
    measured: deployment.points.every((point) => points[point]?.measured === true),
    runs: deployment.points.every((point) => (points[point]?.feasible ?? 0) >= 0.5),
    ...(broken === undefined ? {} : { broken }),
  }
}

/** Draws of the points that these deployments are about; the others cost nothing. */
export function posteriorOf(
  { question: { knowledge }, reckoning }: Estimated,
  deployments: readonly Deployment[],
): { readonly posterior: Posterior; readonly places: ReadonlyMap<number, number> } {
  const used = [...new Set(deployments.flatMap(({ points }) => points))]
  const posterior = new Posterior(
    used.map((point) => knowledge.points[point] as Point),
    reckoning.quantities.map(({ metric, intervals, measured }) => ({
      metric,
      intervals: used.map((point) => intervals[point]),
      measured: used.map((point) => measured[point] === true),
    })),
    knowledge.seed,
  )
  return { posterior, places: new Map(used.map((point, place) => [point, place])) }
}

/** Costs and limits in seeded draws of the truth. */
export function drawn(estimated: Estimated): Appraised {
  const { question, reckoning, appraisals } = estimated
  const clauses = question.slo.length
  const { posterior, places } = posteriorOf(
    estimated,
    appraisals.map(({ deployment }) => deployment),
  )
  const count = question.draws ?? worldsFor(places.size)
  const costs = new Float64Array(count * appraisals.length)
  const meets = new Uint8Array(costs.length)
  const latencies = new Float32Array(clauses === 0 ? 0 : costs.length)
  const excess = new Float32Array(latencies.length)
  const placeOf = new Int32Array(question.knowledge.points.length)
  for (const [point, place] of places) placeOf[point] = place
  for (let world = 0; world < count; world += 1) {
    const { values, runs } = posterior.next()
    const value = (quantity: number, point: number): number =>
      (values[quantity] as Float64Array)[placeOf[point] as number] as number
    appraisals.forEach(({ deployment, weight }, k) => {
      const place = world * appraisals.length + k
      if (deployment.points.some((point) => runs[placeOf[point] as number] === 0)) {
        costs[place] = NaN
        return
      }
      costs[place] = reckoning.figures(deployment, weight, value).cost
      if (clauses > 0) {
        latencies[place] = reckoning.latency(deployment, 0, value)
        excess[place] = reckoning.excess(deployment, value)
      }
      meets[place] = reckoning.meets(deployment, value) ? 1 : 0
    })
  }
  return { ...estimated, worlds: { count, costs, meets, latencies, excess } }
}

/**
 * Appraises every way to serve the traffic: by the estimates, and in seeded draws of the truth.
 *
 * @throws FmworkError as {@link estimate}.
 */
export const appraise = (question: Question): Appraised => drawn(estimate(question))

/** USD per device-second of a price per device-hour. */
const perDeviceSecond = (usdPerDeviceHour: number | undefined): number | undefined =>
  usdPerDeviceHour === undefined ? undefined : usdPerDeviceHour / 3600
