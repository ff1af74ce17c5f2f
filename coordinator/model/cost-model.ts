import type { PastRow } from '../../shared/domain/past.js'
import type { Space } from '../../shared/domain/space.js'
import { blockKey } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import { basisScales } from './encoding.js'
import { fitPhysicalMean, logSum } from './physical-mean.js'
import type { BasisRows } from './physical-mean.js'
import type { Basis } from './physics.js'
import { universeLimit } from './universe.js'

export interface CostObservation {
  readonly index: number
  readonly deviceSeconds: number
}

/** Device-seconds of a typical trial before any was seen; only ratios matter until then. */
const typicalTrial = 30
/** Observations of a block that count as much as what all blocks say. */
const shrinkage = 1
/** Standard deviation of log coefficients where nothing is known of them, and where past sweeps tell. */
const unknownDeviation = 2
const pastDeviation = 1
/** Log residual from which a trial pulls no harder. */
const huber = 0.2

/** Predicts what a trial costs from the trials that were paid for. */
export class CostModel {
  readonly #space: Space
  readonly #basis: Basis
  readonly #scales: Float64Array
  /** What trials of past sweeps say; undefined where there are none. */
  readonly #past: Float64Array | undefined
  #coefficients: Float64Array
  /** Seconds per unit of every term. */
  #weights: Float64Array
  #offsets = new Map<string, number>()
  /** Shared with copies until either learns. */
  #predicted = new Map<number, number>()
  /** Standard deviation of log cost around the prediction. */
  #spread = 1

  private constructor(space: Space, basis: Basis, scales: Float64Array, past?: Float64Array) {
    this.#space = space
    this.#basis = basis
    this.#scales = scales
    this.#past = past
    this.#coefficients =
      past ??
      new Float64Array(this.#scales.length).fill(Math.log(typicalTrial / this.#scales.length))
    this.#weights = this.#weightsOf(this.#coefficients)
  }

  static of(
    space: Space,
    universe: Uint32Array,
    basis: Basis,
    past: readonly PastRow[] = [],
  ): CostModel {
    const scales = basisScales(space, universe, basis)
    const paid = past.filter(({ cost }) => cost > 0)
    if (paid.length === 0) return new CostModel(space, basis, scales)
    const rows = basisRows(
      basis,
      scales,
      paid.map(({ configuration }) => configuration),
    )
    return new CostModel(space, basis, scales, fitted(rows, logsOf(paid.map(({ cost }) => cost))))
  }

  /** One that learns for itself. */
  copy(): CostModel {
    const copy = new CostModel(this.#space, this.#basis, this.#scales, this.#past)
    copy.#coefficients = this.#coefficients
    copy.#weights = this.#weights
    copy.#offsets = this.#offsets
    copy.#predicted = this.#predicted
    copy.#spread = this.#spread
    return copy
  }

  #weightsOf(coefficients: Float64Array): Float64Array {
    return coefficients.map((log, k) => Math.exp(log) / (this.#scales[k] as number))
  }

  get spread(): number {
    return this.#spread
  }

  fit(observations: readonly CostObservation[]): void {
    if (observations.length === 0) return
    this.#predicted = new Map()
    const rows = basisRows(
      this.#basis,
      this.#scales,
      observations.map(({ index }) => this.#space.at(index)),
    )
    const logs = logsOf(observations.map(({ deviceSeconds }) => deviceSeconds))
    this.#coefficients = fitted(rows, logs, this.#past)
    this.#weights = this.#weightsOf(this.#coefficients)
    const byBlock = new Map<string, number[]>()
    let squares = 0
    observations.forEach(({ index }, row) => {
      const residual = (logs[row] as number) - logSum(rows, row, this.#coefficients)
      squares += residual * residual
      const key = blockKey(this.#space.at(index))
      byBlock.set(key, [...(byBlock.get(key) ?? []), residual])
    })
    this.#spread = Math.sqrt((squares + 0.1) / (observations.length + 1))
    this.#offsets = new Map(
      [...byBlock].map(([key, residuals]) => [
        key,
        residuals.reduce((sum, residual) => sum + residual, 0) / (residuals.length + shrinkage),
      ]),
    )
  }

  /** Device-seconds of one trial. */
  at(index: number): number {
    const known = this.#predicted.get(index)
    if (known !== undefined) return known
    const predicted = this.#predict(index)
    if (this.#predicted.size < universeLimit) this.#predicted.set(index, predicted)
    return predicted
  }

  #predict(index: number): number {
    const configuration = this.#space.at(index)
    let seconds = 0
    this.#basis.terms(configuration, Infinity).forEach((term, k) => {
      seconds += (this.#weights[k] as number) * term
    })
    if (this.#offsets.size === 0) return seconds
    return seconds * Math.exp(this.#offsets.get(blockKey(configuration)) ?? 0)
  }
}

function basisRows(
  basis: Basis,
  scales: Float64Array,
  configurations: readonly Configuration[],
): BasisRows {
  const terms = scales.length
  const values = new Float64Array(configurations.length * terms)
  configurations.forEach((configuration, row) => {
    basis.terms(configuration, Infinity).forEach((term, k) => {
      values[row * terms + k] = term / (scales[k] as number)
    })
  })
  return { terms, values }
}

const logsOf = (costs: readonly number[]): Float64Array =>
  Float64Array.from(costs, (cost) => Math.log(Math.max(cost, 1e-6)))

/** @param past coefficients to start from, but for their common scale: all alike where absent. */
function fitted(rows: BasisRows, logs: Float64Array, past?: Float64Array): Float64Array {
  const start = past ?? new Float64Array(rows.terms).fill(-Math.log(rows.terms))
  const gaps = Array.from(logs, (log, i) => log - logSum(rows, i, start)).sort((a, b) => a - b)
  const scale = gaps[gaps.length >> 1] ?? 0
  const centre = start.map((value) => value + scale)
  const deviation = past === undefined ? unknownDeviation : pastDeviation
  return fitPhysicalMean(rows, logs, { centre, deviation }, { huber })
}
