import { createRandom } from '../../shared/stats/random.js'
import type { Random } from '../../shared/stats/random.js'
import { isEligible, posteriorOf } from './appraise.js'
import type { Appraisal, Appraised } from './appraise.js'
import type { Certainty } from './certainty.js'
import { noisesOf } from './noise.js'
import { logSd } from './point.js'
import type { Point } from './point.js'
import { worthIn } from './recommend.js'
import type { ValueOf } from './reckoning.js'

/** Outcomes of the measurements that are looked at. */
const outcomes = 96
/** Truths behind each: fewer where a deployment has many configurations, each of which is drawn. */
const [fewestTruths, mostTruths, drawnTruths] = [16, 64, 512]
/** Rivals looked at, those with the most expected loss. */
const mostRivals = 12
/** Spread of half of the outcomes, in standard deviations: what is unlikely decides where a limit is a cliff. */
const wide = 2.5

/** What measuring a deployment’s configurations, each so many times, would be worth. */
export interface Prospect {
  /** Number of the appraisal. */
  readonly which: number
  /** Numbers of the knowledge’s points that are measured. */
  readonly points: readonly number[]
  /** Measurements of each. */
  readonly times: number
  readonly deviceSeconds: number
  /** By how much the expected regret would shrink. */
  readonly value: number
}

/**
 * Looks ahead to what measurements would change (expected value of sample information). Outcomes of
 * measuring a deployment are drawn; after each the choice is made anew; by how much the expected regret is
 * then less than that of one choice for all outcomes is the value. Other deployments stay as unsure as they are.
 */
export class LookAhead {
  readonly #appraised: Appraised
  readonly #noises: readonly number[]
  readonly #contenders: readonly number[]
  /** Contenders that may be chosen as they are. */
  readonly #eligible: readonly number[]
  /** By truth, then quantity, then place: standard normal errors. */
  readonly #errors: readonly (readonly Float64Array[])[]
  readonly #places: ReadonlyMap<number, number>
  /** By world: the best of all, and the best but for it. */
  readonly #tops: readonly Top[]
  readonly #isOpen: (point: number) => boolean

  /** @param isOpen may the point be measured at all. */
  constructor(appraised: Appraised, certainty: Certainty, isOpen: (point: number) => boolean) {
    this.#appraised = appraised
    this.#isOpen = isOpen
    this.#noises = noisesOf(appraised)
    const { chosen, rivals } = certainty
    this.#contenders = [
      ...new Set([
        ...(chosen === undefined ? [] : [chosen]),
        ...rivals.slice(0, mostRivals).map(({ which }) => which),
      ]),
    ]
    this.#eligible = this.#contenders.filter((which) =>
      isEligible(appraised.appraisals[which] as Appraisal),
    )
    const { posterior, places } = posteriorOf(
      appraised,
      this.#contenders.flatMap((which) => appraised.appraisals[which]?.deployment ?? []),
    )
    this.#places = places
    const { quantities } = appraised.reckoning
    const widest = Math.max(
      1,
      ...this.#contenders.map(
        (which) => appraised.appraisals[which]?.deployment.points.length ?? 1,
      ),
    )
    const truths = Math.max(fewestTruths, Math.min(mostTruths, Math.floor(drawnTruths / widest)))
    const count = Math.min(truths, appraised.worlds.count)
    this.#tops = Array.from({ length: count }, (_, world) => topOf(appraised, world))
    this.#errors = Array.from({ length: count }, () => {
      const { values } = posterior.next()
      return quantities.map(({ intervals }, quantity) => {
        const errors = new Float64Array(places.size)
        for (const [point, place] of places) {
          const interval = intervals[point]
          const sd = interval === undefined ? 0 : logSd(interval)
          const drawn = values[quantity]?.[place] ?? NaN
          if (sd > 0 && interval !== undefined)
            errors[place] = Math.log(drawn / interval.value) / sd
        }
        return errors
      })
    })
  }

  /** Of every contender that may be measured: what measuring it so many times would be worth. */
  prospects(times: readonly number[]): Prospect[] {
    return this.#contenders.flatMap((which) => this.prospectsOf(which, times))
  }

  /** The same of one deployment; none where it is no contender. */
  prospectsOf(which: number, times: readonly number[]): Prospect[] {
    if (!this.#contenders.includes(which)) return []
    return times.flatMap((n) => this.prospect(which, n) ?? [])
  }

  /** Undefined where none of its configurations may be measured. */
  prospect(which: number, times: number): Prospect | undefined {
    const { appraisals, question } = this.#appraised
    const appraisal = appraisals[which]
    if (appraisal === undefined) return undefined
    const { deployment } = appraisal
    const points = deployment.points.filter(this.#isOpen)
    if (points.length === 0) return undefined
    const cost = points.reduce((sum, point) => {
      const { configuration } = question.knowledge.points[point] as Point
      return sum + (question.knowledge.trialCost(configuration) ?? 1)
    }, 0)
    return {
      which,
      points,
      times,
      deviceSeconds: cost * times,
      value: this.#value(which, points, times),
    }
  }

  #value(which: number, points: readonly number[], times: number): number {
    const others = this.#eligible.filter((each) => each !== which)
    const rests = this.#errors.map((_, world) => this.#bestBut(which, world))
    const worths = others.map((each) =>
      this.#errors.map((_, world) => worthIn(this.#appraised, world, each)),
    )
    const isChoice = this.#eligible.includes(which)
    /** By choice, the measured one last: share of the best one’s work over all outcomes. */
    const fixed = new Float64Array(others.length + 1)
    let free = 0
    const shares = new Float64Array(others.length + 1)
    for (const { weight, allowed, worth } of this.#outcomes(which, points, times)) {
      shares.fill(0)
      for (let world = 0; world < rests.length; world += 1) {
        const own = worth[world] as number
        const best = Math.max(own, rests[world] as number)
        if (best === 0) continue
        for (let k = 0; k < others.length; k += 1) {
          shares[k] = (shares[k] as number) + (worths[k]?.[world] ?? 0) / best
        }
        shares[others.length] = (shares[others.length] as number) + own / best
      }
      let most = 0
      for (let k = 0; k < shares.length; k += 1) {
        const share = (weight * (shares[k] as number)) / rests.length
        fixed[k] = (fixed[k] as number) + share
        if (k < others.length || allowed) most = Math.max(most, share)
      }
      free += most
    }
    const today = Math.max(0, ...(isChoice ? fixed : fixed.subarray(0, others.length)))
    return Math.max(0, free - today)
  }

  /** The most that another deployment does in a world. */
  #bestBut(which: number, world: number): number {
    const top = this.#tops[world] as Top
    return top.which === which ? top.second : top.first
  }

  /** What the deployment does by truth, and whether it may be chosen, after each outcome of its measurements. */
  #outcomes(which: number, measured: readonly number[], times: number): Outcome[] {
    const { appraisals, reckoning, question } = this.#appraised
    const { deployment, weight: price } = appraisals[which] as Appraisal
    const { points } = deployment
    const { quantities } = reckoning
    const metrics = [...new Set(quantities.map(({ metric }) => metric))]
    // By quantity x points + point: what becomes known of a figure, what stays unknown, and its error.
    const size = quantities.length * points.length
    const [centres, shifts, rests] = [0, 1, 2].map(() => new Float64Array(size)) as Triple
    const errors = this.#errors.map(() => new Float64Array(size))
    const dimensionOf = new Int32Array(size)
    quantities.forEach(({ metric, intervals }, quantity) => {
      points.forEach((point, k) => {
        const at = quantity * points.length + k
        const interval = intervals[point]
        const sd = interval === undefined ? 0 : logSd(interval)
        const noise = (this.#noises[quantity] as number) / Math.sqrt(times)
        const rest = sd > 0 && measured.includes(point) ? (sd * noise) / Math.hypot(sd, noise) : sd
        centres[at] = interval?.value ?? NaN
        rests[at] = rest
        shifts[at] = Math.sqrt(Math.max(0, sd ** 2 - rest ** 2))
        dimensionOf[at] = metrics.indexOf(metric) * points.length + k
        const place = this.#places.get(point) as number
        errors.forEach((own, truth) => (own[at] = this.#errors[truth]?.[quantity]?.[place] ?? 0))
      })
    })
    const runs = points.reduce(
      (product, point) => product * (question.knowledge.points[point]?.feasible ?? 0),
      1,
    )
    const values = new Float64Array(size)
    const placeOf = new Map(points.map((point, k) => [point, k]))
    const value: ValueOf = (quantity, point) =>
      values[quantity * points.length + (placeOf.get(point) as number)] as number
    const shifted = new Float64Array(size)
    const worths = (): Float64Array =>
      Float64Array.from(errors, (own) => {
        for (let at = 0; at < size; at += 1) {
          values[at] =
            (shifted[at] as number) * Math.exp((rests[at] as number) * (own[at] as number))
        }
        const works = reckoning.meets(deployment, value)
        return works ? runs / reckoning.figures(deployment, price, value).cost : 0
      })
    const random = createRandom(question.knowledge.seed).fork('look-ahead')
    const z = new Float64Array(metrics.length * points.length)
    const found = Array.from({ length: outcomes }, (_, k) => {
      drawPair(z, k, random)
      for (let at = 0; at < size; at += 1) {
        const error = z[dimensionOf[at] as number] as number
        shifted[at] = (centres[at] as number) * Math.exp((shifts[at] as number) * error)
      }
      values.set(shifted)
      // What is measured to break a limit is not chosen.
      return { weight: weightOf(z), allowed: reckoning.meets(deployment, value), worth: worths() }
    })
    const total = found.reduce((sum, { weight }) => sum + weight, 0)
    return found.map((each) => ({ ...each, weight: each.weight / total }))
  }
}

interface Top {
  readonly which: number
  readonly first: number
  readonly second: number
}

function topOf(appraised: Appraised, world: number): Top {
  let [which, first, second] = [-1, 0, 0]
  for (let k = 0; k < appraised.appraisals.length; k += 1) {
    const worth = worthIn(appraised, world, k)
    if (worth > first) [which, first, second] = [k, worth, first]
    else if (worth > second) second = worth
  }
  return { which, first, second }
}

/** After measurements that turned out one way. */
interface Outcome {
  readonly weight: number
  /** The estimates keep the limits. */
  readonly allowed: boolean
  /** Work per cost by truth. */
  readonly worth: Float64Array
}

type Triple = [Float64Array, Float64Array, Float64Array]

/** Pairs of opposite outcomes; every second pair is drawn wide, and weighed for it. */
function drawPair(z: Float64Array, number: number, random: Random): void {
  const scale = number % 4 === 0 ? 1 : wide
  for (let d = 0; d < z.length; d += 1) {
    z[d] = number % 2 === 0 ? scale * random.normal() : -(z[d] as number)
  }
}

/** Standard normal density over that of the even mixture of it and a wide one. */
function weightOf(z: Float64Array): number {
  let squares = 0
  for (const each of z) squares += each ** 2
  const ratio = Math.exp((squares / 2) * (1 - 1 / wide ** 2)) / wide ** z.length
  return 1 / (0.5 + 0.5 * ratio)
}
