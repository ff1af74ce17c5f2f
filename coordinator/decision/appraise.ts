import { FmworkError } from '../../shared/domain/errors.js'
import type { PriceBook } from '../../shared/domain/price-book.js'
import { priceIn } from '../../shared/domain/price-book.js'
import { serviceTime } from './figures.js'
import type { ServiceTime } from './figures.js'
import type { Knowledge } from './point.js'
import { Posterior } from './posterior.js'
import { metricQuantity, percentileQuantity } from './quantity.js'
import type { Quantity } from './quantity.js'
import { quantityOf } from './slo.js'
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
  /** Worlds drawn; 256 when left out. */
  readonly draws?: number
}

/** One deployment by the estimates. */
export interface Appraisal {
  readonly deployment: Deployment
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

/** Costs of all appraisals in worlds that the measurements allow. */
export interface Worlds {
  readonly count: number
  /** By world x appraisals + appraisal: objective’s unit per output token; NaN where it cannot run. */
  readonly costs: Float32Array
  /** 1 where it runs and meets every clause. */
  readonly meets: Uint8Array
  /** The first clause’s figure in seconds, worst over the shapes; empty without clauses. */
  readonly latencies: Float32Array
}

export interface Appraised {
  readonly question: Question
  readonly appraisals: readonly Appraisal[]
  readonly worlds: Worlds
  /** Left out: lacking at some shape, without a price, or without a figure that the question needs. */
  readonly leftOut: {
    readonly incomplete: number
    readonly unpriced: readonly string[]
    readonly unknown: number
  }
}

const defaultDraws = 256

const needs = (problem: string, field: string, expected: string): FmworkError =>
  new FmworkError('USAGE', problem, { problems: [{ field, expected }] })

/** @throws FmworkError USAGE naming what the question needs and the knowledge lacks. */
function quantitiesOf({ knowledge, slo, objective }: Question, service: ServiceTime): Quantity[] {
  const { points, metrics, name } = knowledge
  const clauses = slo.map((clause) => {
    if (!metrics.includes(clause.metric)) {
      throw needs(
        `${name} did not measure ${clause.metric}`,
        '--slo',
        `expected a limit on one of ${metrics.join(', ')}; definitions are never exchanged silently`,
      )
    }
    const quantity =
      clause.percentile === undefined
        ? metricQuantity(points, clause.metric)
        : percentileQuantity(points, clause.metric, clause.percentile)
    if (quantity.intervals.every((each) => each === undefined)) {
      throw needs(
        `${name} did not measure ${quantityOf(clause)}`,
        '--slo',
        `expected trials with enough requests for that percentile, or a limit on ${clause.metric} itself (its median)`,
      )
    }
    return quantity
  })
  if (objective === 'joules' && !metrics.includes('power')) {
    throw needs(`${name} did not measure power`, '--objective', 'expected device-seconds or usd')
  }
  if (objective === 'user-seconds' && knowledge.loadAxis === 'request_rate') {
    throw needs(
      `${name} has an open loop, whose load is no number of users`,
      '--objective',
      'expected device-seconds, usd or joules',
    )
  }
  return [
    ...clauses,
    ...service.metrics.map((metric) => metricQuantity(points, metric)),
    ...(objective === 'joules' ? [metricQuantity(points, 'power')] : []),
  ]
}

/**
 * Appraises every way to serve the traffic: by the estimates, and in seeded draws of the truth.
 *
 * @throws FmworkError USAGE when the knowledge lacks a metric that the question needs.
 */
export function appraise(question: Question): Appraised {
  const { knowledge, slo, objective, prices, traffic } = question
  const { points, name } = knowledge
  const service = serviceTime(knowledge.metrics, knowledge.loadAxis)
  if (service === undefined) {
    throw needs(
      `${name} measured neither a throughput nor latencies to tell one from`,
      'metrics',
      'expected output_throughput, request_throughput, e2e, itl or tpot',
    )
  }
  const quantities = quantitiesOf(question, service)
  const { complete, incomplete } = deploymentsOf(knowledge, traffic)
  const weightOf = ({ block }: Deployment): number | undefined =>
    objective === 'usd' ? scaled(priceIn(prices, block.hardware)?.usdPerDeviceHour) : 1
  const unpriced = new Set<string>()
  const priced = complete.filter((each) => {
    if (weightOf(each) !== undefined) return true
    unpriced.add(each.block.hardware)
    return false
  })

  const clauses = slo.length
  const rates = service.metrics.map((_, k) => clauses + k)
  const power = clauses + rates.length
  const arguments_: number[] = rates.map(() => NaN)
  /** Objective per output token, and what a request takes, when figures are `value(quantity, point)`. */
  const figuresOf = (
    deployment: Deployment,
    weight: number,
    value: (quantity: number, point: number) => number,
  ): { cost: number; deviceSeconds: number; tokens: number } => {
    let deviceSeconds = 0
    let other = 0
    let tokens = 0
    for (const point of deployment.points) {
      const { configuration } = points[point] as Knowledge['points'][number]
      for (let k = 0; k < rates.length; k += 1) {
        arguments_[k] = value(rates[k] as number, point)
      }
      const seconds = service.deviceSeconds(configuration, ...arguments_)
      deviceSeconds += seconds
      tokens += configuration.outputTokens
      const alone = seconds / configuration.tensorParallel
      if (objective === 'joules') other += alone * value(power, point)
      if (objective === 'user-seconds') other += alone * deployment.load
    }
    const ofDevices = objective === 'device-seconds' || objective === 'usd'
    return {
      cost: ofDevices ? (deviceSeconds / tokens) * weight : other / tokens,
      deviceSeconds: deviceSeconds / deployment.points.length,
      tokens: tokens / deployment.points.length,
    }
  }

  const weights: number[] = []
  const appraisals: Appraisal[] = []
  for (const deployment of priced) {
    const weight = weightOf(deployment) as number
    const estimate = (quantity: number, point: number): number =>
      quantities[quantity]?.intervals[point]?.value ?? NaN
    const { cost, deviceSeconds, tokens } = figuresOf(deployment, weight, estimate)
    const latencies = slo.map((_, clause) =>
      Math.max(...deployment.points.map((point) => estimate(clause, point))),
    )
    if (!Number.isFinite(cost) || latencies.some(Number.isNaN)) continue
    const excess = slo.map(({ limitSeconds }, k) => (latencies[k] as number) / limitSeconds)
    const worst = excess.indexOf(Math.max(...excess))
    const broken = (excess[worst] ?? 0) > 1 ? slo[worst] : undefined
    weights.push(weight)
    appraisals.push({
      deployment,
      cost,
      deviceSecondsPerRequest: deviceSeconds,
      outputTokens: tokens,
      latencies,
      measured: deployment.points.every((point) => points[point]?.measured === true),
      runs: deployment.points.every((point) => (points[point]?.feasible ?? 0) >= 0.5),
      ...(broken === undefined ? {} : { broken }),
    })
  }

  const count = question.draws ?? defaultDraws
  const costs = new Float32Array(count * appraisals.length)
  const meets = new Uint8Array(costs.length)
  const latencies = new Float32Array(clauses === 0 ? 0 : costs.length)
  const used = [...new Set(appraisals.flatMap(({ deployment }) => deployment.points))]
  const places = new Int32Array(points.length)
  used.forEach((point, place) => (places[point] = place))
  const posterior = posteriorOf(knowledge, quantities, used)
  for (let world = 0; world < count; world += 1) {
    const { values, runs } = posterior.next()
    const value = (quantity: number, point: number): number =>
      (values[quantity] as Float64Array)[places[point] as number] as number
    appraisals.forEach(({ deployment }, k) => {
      const place = world * appraisals.length + k
      if (deployment.points.some((point) => runs[places[point] as number] === 0)) {
        costs[place] = NaN
        return
      }
      costs[place] = figuresOf(deployment, weights[k] as number, value).cost
      if (clauses > 0) {
        latencies[place] = Math.max(...deployment.points.map((point) => value(0, point)))
      }
      const broken = slo.some(({ limitSeconds }, clause) =>
        deployment.points.some((point) => value(clause, point) > limitSeconds),
      )
      meets[place] = broken ? 0 : 1
    })
  }
  return {
    question,
    appraisals,
    worlds: { count, costs, meets, latencies },
    leftOut: {
      incomplete,
      unpriced: [...unpriced].sort(),
      unknown: priced.length - appraisals.length,
    },
  }
}

/** Draws of the points that the question is about; the others cost nothing. */
function posteriorOf(
  { points, seed }: Knowledge,
  quantities: readonly Quantity[],
  used: readonly number[],
): Posterior {
  return new Posterior(
    used.map((point) => points[point] as Knowledge['points'][number]),
    quantities.map(({ metric, intervals, measured }) => ({
      metric,
      intervals: used.map((point) => intervals[point]),
      measured: used.map((point) => measured[point] === true),
    })),
    seed,
  )
}

/** USD per device-second of a price per device-hour. */
const scaled = (usdPerDeviceHour: number | undefined): number | undefined =>
  usdPerDeviceHour === undefined ? undefined : usdPerDeviceHour / 3600
