import { FmworkError } from '../../shared/domain/errors.js'
import type { FmworkErrorOptions } from '../../shared/domain/errors.js'
import { serviceTime } from './figures.js'
import type { ServiceTime } from './figures.js'
import type { Question } from './appraise.js'
import type { Point } from './point.js'
import { metricQuantity, percentileQuantity } from './quantity.js'
import type { Quantity } from './quantity.js'
import { quantityOf } from './slo.js'
import type { Deployment } from './traffic.js'

/** A figure by number of its quantity and of the knowledge’s point. */
export type ValueOf = (quantity: number, point: number) => number

/** What a deployment takes; lower is better. */
export interface Figures {
  /** Objective’s unit per output token. */
  readonly cost: number
  /** Of one request, mean over the shapes. */
  readonly deviceSeconds: number
  /** Of one request, mean over the shapes. */
  readonly tokens: number
}

const needs = (
  problem: string,
  field: string,
  expected: string,
  options: Pick<FmworkErrorOptions, 'hint'> = {},
): FmworkError => new FmworkError('USAGE', problem, { problems: [{ field, expected }], ...options })

function serviceOf({ knowledge }: Question): ServiceTime {
  const service = serviceTime(knowledge.metrics, knowledge.loadAxis)
  if (service !== undefined) return service
  if (knowledge.metrics.length === 0) {
    throw needs(
      `${knowledge.name} has measured nothing yet`,
      'sweep',
      'expected a measured trial',
      {
        hint: 'Let it measure first: `fmwork resume` goes on, `fmwork watch` shows how far it is.',
      },
    )
  }
  throw needs(
    `${knowledge.name} measured neither a throughput nor latencies to tell one from`,
    'metrics',
    'expected output_throughput, request_throughput, e2e, itl or tpot',
  )
}

/** Those of the clauses first, then what a request takes, then power where joules are asked for. */
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

/** How a question’s figures follow from what was measured. */
export class Reckoning {
  readonly quantities: readonly Quantity[]
  readonly #question: Question
  readonly #service: ServiceTime
  /** Numbers of the quantities that a request’s device-seconds are made from, and of power. */
  readonly #rates: readonly number[]
  readonly #power: number
  readonly #arguments: number[]

  /** @throws FmworkError USAGE naming what the question needs and the knowledge lacks. */
  constructor(question: Question) {
    this.#question = question
    this.#service = serviceOf(question)
    this.quantities = quantitiesOf(question, this.#service)
    const clauses = question.slo.length
    this.#rates = this.#service.metrics.map((_, k) => clauses + k)
    this.#power = clauses + this.#rates.length
    this.#arguments = this.#rates.map(() => NaN)
  }

  /** @param weight USD per device-second, or 1 where the objective is no price. */
  figures(deployment: Deployment, weight: number, value: ValueOf): Figures {
    const { objective } = this.#question
    let deviceSeconds = 0
    let other = 0
    let tokens = 0
    for (const point of deployment.points) {
      const { configuration } = this.#point(point)
      for (let k = 0; k < this.#rates.length; k += 1) {
        this.#arguments[k] = value(this.#rates[k] as number, point)
      }
      const seconds = this.#service.deviceSeconds(configuration, ...this.#arguments)
      deviceSeconds += seconds
      tokens += configuration.outputTokens
      const alone = seconds / configuration.tensorParallel
      if (objective === 'joules') other += alone * value(this.#power, point)
      if (objective === 'user-seconds') other += alone * deployment.load
    }
    const ofDevices = objective === 'device-seconds' || objective === 'usd'
    return {
      cost: ofDevices ? (deviceSeconds / tokens) * weight : other / tokens,
      deviceSeconds: deviceSeconds / deployment.points.length,
      tokens: tokens / deployment.points.length,
    }
  }

  /** Worst figure of a clause over the shapes, in seconds. */
  latency({ points }: Deployment, clause: number, value: ValueOf): number {
    let worst = -Infinity
    for (const point of points) worst = Math.max(worst, value(clause, point))
    return worst
  }

  /** How far the worst figure lies above its limit, as a share of the limit; negative where all are within. */
  excess(deployment: Deployment, value: ValueOf): number {
    let worst = -Infinity
    this.#question.slo.forEach(({ limitSeconds }, clause) => {
      worst = Math.max(worst, this.latency(deployment, clause, value) / limitSeconds - 1)
    })
    return worst
  }

  meets({ points }: Deployment, value: ValueOf): boolean {
    return this.#question.slo.every(({ limitSeconds }, clause) =>
      points.every((point) => value(clause, point) <= limitSeconds),
    )
  }

  #point(number: number): Point {
    return this.#question.knowledge.points[number] as Point
  }
}
