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
  /** By group: is any figure made from the metric estimated, not measured. */
  readonly isEstimated: readonly boolean[]
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
  /** By point: the number of its engine on its hardware class. */
  readonly #groups: Int32Array
  /** By group: may one of its configurations not run. */
  readonly #isDoubtful: readonly boolean[]
  readonly #runsBelow: Float64Array
  readonly #measured: readonly boolean[]

  constructor(points: readonly Point[], quantities: readonly Quantity[], seed: number) {
    this.#random = createRandom(seed).fork('posterior')
    this.#fields = smoothFields(
      points.map(({ configuration }) => configuration),
      seed,
    )
    const groups = new Map<string, number>()
    this.#groups = Int32Array.from(points, ({ configuration }) => {
      const { model, engine, engineArgs, hardware } = configuration
      const key = JSON.stringify([model, engine, Object.entries(engineArgs).sort(), hardware])
      const group = groups.get(key) ?? groups.size
      groups.set(key, group)
      return group
    })
    /** By group: does it hold for any of its points. */
    const inGroups = (holds: (point: number) => boolean): boolean[] => {
      const found = Array.from(groups, () => false)
      this.#groups.forEach((group, point) => (found[group] ||= holds(point)))
      return found
    }
    this.#measured = points.map(({ measured }) => measured)
    this.#laws = quantities.map(({ metric, intervals, measured }) => ({
      metric,
      measured,
      isEstimated: inGroups((point) =>
        quantities.some((each) => each.metric === metric && each.measured[point] !== true),
      ),
      centres: Float64Array.from(intervals, (each) => each?.value ?? NaN),
      sds: Float64Array.from(intervals, (each) => (each === undefined ? NaN : logSd(each))),
    }))
    this.#runsBelow = Float64Array.from(points, ({ feasible, measured }) => {
      if (measured || feasible >= 1) return Infinity
      return feasible <= 0 ? -Infinity : normalQuantile(feasible)
    })
    this.#isDoubtful = inGroups((point) => Number.isFinite(this.#runsBelow[point]))
  }

  next(): Draw {
    const smooths = new Map<string, Float64Array>()
    const owns = new Map<string, Float64Array>()
    const values = this.#laws.map(({ metric, centres, sds, measured, isEstimated }) => {
      const smooth = smooths.get(metric) ?? this.#smooth(isEstimated)
      smooths.set(metric, smooth)
      const own = owns.get(metric) ?? this.#own()
      owns.set(metric, own)
      const drawn = new Float64Array(centres.length)
      for (let point = 0; point < drawn.length; point += 1) {
        const error = (measured[point] === true ? own : smooth)[point] as number
        // A product, so that a figure without spread is itself to the last digit.
        drawn[point] = (centres[point] as number) * Math.exp((sds[point] as number) * error)
      }
      return drawn
    })
    const demand = this.#smooth(this.#isDoubtful)
    const runs = new Uint8Array(demand.length)
    for (let point = 0; point < runs.length; point += 1) {
      runs[point] = (demand[point] as number) < (this.#runsBelow[point] as number) ? 1 : 0
    }
    return { values, runs }
  }

  /** Standard normal by point, independent of each other; only measured ones are ever read. */
  #own(): Float64Array {
    const own = new Float64Array(this.#measured.length)
    for (let point = 0; point < own.length; point += 1) {
      if (this.#measured[point] === true) own[point] = this.#random.normal()
    }
    return own
  }

  /** By point; 0 in the groups that nothing is drawn for. */
  #smooth(isDrawn: readonly boolean[]): Float64Array {
    const weights = isDrawn.map((drawn) =>
      drawn ? this.#fields.draw(() => this.#random.normal()) : undefined,
    )
    const values = new Float64Array(this.#groups.length)
    for (let point = 0; point < values.length; point += 1) {
      const own = weights[this.#groups[point] as number]
      if (own !== undefined) values[point] = this.#fields.at(own, point)
    }
    return values
  }
}
