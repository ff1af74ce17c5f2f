import { createRandom } from '../../shared/stats/random.js'
import type { Random } from '../../shared/stats/random.js'
import { normalQuantile } from '../../shared/stats/special-functions.js'
import { logSd } from './point.js'
import type { Point } from './point.js'
import type { Quantity } from './quantity.js'
import { smoothFields } from './smooth-field.js'
import type { SmoothFields } from './smooth-field.js'

/** One world that the measurements allow. */
export interface Draw {
  /** By quantity, then by point; NaN where nothing is known. */
  readonly values: readonly Float64Array[]
  /** By point: 1 where the configuration runs. */
  readonly runs: Uint8Array
}

interface Lognormal {
  readonly centres: Float64Array
  readonly sds: Float64Array
  readonly measured: readonly boolean[]
  readonly metric: string
}

/**
 * Seeded draws of the truth. Every figure is lognormal with the spread of its 90 % interval. Where a
 * configuration was measured its error is its own; where it was estimated, errors are smooth over
 * the space of one engine on one hardware class: neighbours are wrong together. All figures made
 * from one metric are wrong by the same draw; different metrics err independently.
 */
export class Posterior {
  readonly #random: Random
  readonly #fields: SmoothFields
  readonly #laws: readonly Lognormal[]
  readonly #groups: readonly string[]
  readonly #runsBelow: Float64Array
  readonly #measured: readonly boolean[]

  constructor(points: readonly Point[], quantities: readonly Quantity[], seed: number) {
    this.#random = createRandom(seed).fork('posterior')
    this.#fields = smoothFields(
      points.map(({ configuration }) => configuration),
      seed,
    )
    this.#groups = points.map(({ configuration: { model, engine, engineArgs, hardware } }) =>
      JSON.stringify([model, engine, Object.entries(engineArgs).sort(), hardware]),
    )
    this.#measured = points.map(({ measured }) => measured)
    this.#laws = quantities.map(({ metric, intervals, measured }) => ({
      metric,
      measured,
      centres: Float64Array.from(intervals, (each) => each?.value ?? NaN),
      sds: Float64Array.from(intervals, (each) => (each === undefined ? NaN : logSd(each))),
    }))
    this.#runsBelow = Float64Array.from(points, ({ feasible, measured }) => {
      if (measured || feasible >= 1) return Infinity
      return feasible <= 0 ? -Infinity : normalQuantile(feasible)
    })
  }

  next(): Draw {
    const errors = new Map<string, Float64Array>()
    const values = this.#laws.map(({ metric, centres, sds, measured }) => {
      const key = metric
      const smooth = errors.get(key) ?? this.#smooth()
      errors.set(key, smooth)
      const own = errors.get(`${key} measured`) ?? this.#own()
      errors.set(`${key} measured`, own)
      return centres.map((centre, point) => {
        const error = (measured[point] === true ? own : smooth)[point] as number
        // A product, so that a figure without spread is itself to the last digit.
        return centre * Math.exp((sds[point] as number) * error)
      })
    })
    const demand = this.#smooth()
    const runs = Uint8Array.from(this.#runsBelow, (limit, point) =>
      (demand[point] as number) < limit ? 1 : 0,
    )
    return { values, runs }
  }

  /** Standard normal by point, independent of each other; only measured ones are ever read. */
  #own(): Float64Array {
    return Float64Array.from(this.#measured, (measured) => (measured ? this.#random.normal() : 0))
  }

  #smooth(): Float64Array {
    const weights = new Map<string, Float64Array>()
    return Float64Array.from(this.#groups, (group, point) => {
      let own = weights.get(group)
      if (own === undefined) {
        own = this.#fields.draw(() => this.#random.normal())
        weights.set(group, own)
      }
      return this.#fields.at(own, point)
    })
  }
}
