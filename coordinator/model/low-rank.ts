import { lognormalError } from './calibration.js'
import { choleskyInPlace, dot, multiply } from './cholesky.js'
import type { Features } from './pivoted-features.js'
import type { Steps } from './steps.js'

/** Rows of rank 96 that a step of a few milliseconds gets through. */
const rowsPerStep = 400

/**
 * Power of a variance that a gain counts: 1/2 is what a mean absolute error feels, 1 what its square
 * does. A little above the first, since a few large errors make the tail. More than that, 1 or 1.5,
 * lowered no 95th percentile of the error on recorded grids.
 */
export const gainPower = 0.625

/** Part of a measurement’s own variance that must remain for taking it back to be exact enough. */
const leastRemainder = 1e-6

/** Part of a measurement’s deviation, below which a row is not told of by it. */
const leastRatio = 1e-14

/** What gains are summed over. */
export interface GainScope {
  /** Rows that stand for the space; who counts more may come more often. */
  readonly reference: readonly number[]
  /** How much a row counts, 1 on average. */
  readonly weightOf: (row: number) => number
  /** Part of the space that a configuration of weight 1 is. */
  readonly share: number
}

interface ReductionState {
  readonly features: Features
  readonly scope: GainScope
  readonly moment: Float64Array
  readonly posterior: Float64Array
  readonly applied: Float64Array
  readonly shared: Float64Array
  readonly variance: Float64Array
  readonly ownKnown: Uint8Array
}

/**
 * How much every candidate would teach about all of them: posterior of the features, kept current
 * as points become pending. Values are not needed, so a pending point counts at once.
 */
export class VarianceReduction {
  readonly #features: Features
  readonly #scope: GainScope
  /** Mean outer product of the reference’s features, rank x rank. */
  readonly #moment: Float64Array
  /** Posterior covariance of the features, rank x rank. */
  readonly #posterior: Float64Array
  /** Posterior covariance applied to every row’s features. */
  readonly #applied: Float64Array
  /** appliedᵀ · moment · applied of every row. */
  readonly #shared: Float64Array
  /** Posterior variance of every row, its own part left out. */
  readonly #variance: Float64Array
  readonly #ownKnown: Uint8Array
  /** What gains are counted from, by place in the reference; undefined when a variance has changed. */
  #powers: Float64Array | undefined

  private constructor(state: ReductionState) {
    this.#features = state.features
    this.#scope = state.scope
    this.#moment = state.moment
    this.#posterior = state.posterior
    this.#applied = state.applied
    this.#shared = state.shared
    this.#variance = state.variance
    this.#ownKnown = state.ownKnown
  }

  /**
   * @param observed features of what was measured or is pending, with noise variance.
   */
  static *of(
    features: Features,
    observed: readonly { values: Float64Array; left: number; noise: number }[],
    scope: GainScope,
  ): Steps<VarianceReduction> {
    const { rank, rows, left } = features
    const { reference } = scope
    const n = left.length
    const posterior = yield* posteriorOf(rank, observed)
    const moment = new Float64Array(rank * rank)
    for (const row of reference) addOuter(moment, rows, row * rank, rank, 1 / reference.length)
    const applied = new Float64Array(n * rank)
    const shared = new Float64Array(n)
    const variance = new Float64Array(n)
    const image = new Float64Array(rank)
    for (let i = 0; i < n; i += 1) {
      const at = i * rank
      multiply(posterior, rank, rows, at, applied, at)
      variance[i] = dot(applied, at, rows, at, rank)
      multiply(moment, rank, applied, at, image, 0)
      shared[i] = dot(image, 0, applied, at, rank)
      if (i % rowsPerStep === rowsPerStep - 1) yield
    }
    const ownKnown = new Uint8Array(n)
    return new VarianceReduction({
      features,
      scope,
      moment,
      posterior,
      applied,
      shared,
      variance,
      ownKnown,
    })
  }

  /** An independent copy: conditioning it leaves this one as it is. */
  copy(): VarianceReduction {
    return new VarianceReduction({
      features: this.#features,
      scope: this.#scope,
      moment: this.#moment,
      posterior: this.#posterior.slice(),
      applied: this.#applied.slice(),
      shared: this.#shared.slice(),
      variance: this.#variance.slice(),
      ownKnown: this.#ownKnown.slice(),
    })
  }

  /** Posterior variance of a pool row’s true value. */
  varianceAt(row: number): number {
    if (this.#ownKnown[row] === 1) return this.#variance[row] as number
    return (this.#variance[row] as number) + (this.#features.left[row] as number)
  }

  /** Mean relative error over the reference. */
  meanError(): number {
    const { reference } = this.#scope
    const sum = reference.reduce(
      (total, row) => total + lognormalError(Math.sqrt(this.varianceAt(row))),
      0,
    )
    return sum / reference.length
  }

  /** The row’s own deviation is known: it was measured or is being measured. */
  markOwn(row: number): void {
    this.#ownKnown[row] = 1
    this.#powers = undefined
  }

  /** Mean variance that measuring a row once would take away. */
  reductionAt(row: number, noise: number): number {
    const variance = this.#variance[row] as number
    const left = this.#features.left[row] as number
    const others = (this.#shared[row] as number) / (variance + left + noise)
    if (this.#ownKnown[row] === 1) return others
    const total = variance + left
    const gain = (total * total - variance * variance) / (total + noise)
    return others + this.#shareOf(row) * gain
  }

  /**
   * Mean error that measuring a row once would take away, its tail counting a little more. Costs a
   * product with every reference row.
   *
   * @param besides rows that the same measurement tells of, too.
   */
  deviationGainAt(row: number, noise: number, besides: readonly number[] = []): number {
    const { rank, rows } = this.#features
    const { reference } = this.#scope
    const spread = (this.#variance[row] as number) + (this.#features.left[row] as number) + noise
    this.#powers ??= Float64Array.from(reference, (other) => this.varianceAt(other) ** gainPower)
    let sum = 0
    for (let k = 0; k < reference.length; k += 1) {
      const other = reference[k] as number
      if (other === row || besides.includes(other)) continue
      const covariance = dot(this.#applied, row * rank, rows, other * rank, rank)
      const after = Math.max(0, this.varianceAt(other) - (covariance * covariance) / spread)
      sum += (this.#powers[k] as number) - after ** gainPower
    }
    const also = besides.reduce((total, each) => total + this.ownGainAt(each, noise), 0)
    return sum / reference.length + this.ownGainAt(row, noise) + also
  }

  /** Of a row alone: what its own error loses when it is known as well as its noise allows. */
  ownGainAt(row: number, noise: number): number {
    if (this.#ownKnown[row] === 1) return 0
    return this.#shareOf(row) * Math.max(0, this.varianceAt(row) ** gainPower - noise ** gainPower)
  }

  /** The same in the unit of {@link reductionAt}. */
  ownReductionAt(row: number, noise: number): number {
    if (this.#ownKnown[row] === 1) return 0
    return this.#shareOf(row) * Math.max(0, this.varianceAt(row) - noise)
  }

  #shareOf(row: number): number {
    return this.#scope.share * this.#scope.weightOf(row)
  }

  /** The row is not being measured any more, nor was it. */
  forgetOwn(row: number): void {
    this.#ownKnown[row] = 0
    this.#powers = undefined
  }

  /** Conditions on one more measurement of a pool row. */
  condition(row: number, noise: number): void {
    this.conditionOn(this.#valuesOf(row), this.#features.left[row] as number, noise)
    this.markOwn(row)
  }

  /** What {@link varianceAt} says of a row once it was conditioned on; far cheaper than doing that. */
  varianceOnceKnown(row: number, noise: number): number {
    const variance = this.#variance[row] as number
    const { left, rank } = this.#features
    const values = this.#valuesOf(row)
    const gain = this.#gainOf(values)
    const covariance = dot(gain, 0, values, 0, rank)
    return reduced(variance, covariance, this.#spread(covariance, left[row] as number, noise))
  }

  /** Conditions on one more measurement of any point with these features. */
  conditionOn(values: Float64Array, left: number, noise: number): void {
    const gain = this.#gainOf(values)
    const covariance = dot(gain, 0, values, 0, this.#features.rank)
    this.#fold(gain, this.#spread(covariance, left, noise))
  }

  /** Variance of a measurement, given that of what the features say. */
  #spread(covariance: number, left: number, noise: number): number {
    return covariance + left + noise
  }

  #valuesOf(row: number): Float64Array {
    const { rank, rows } = this.#features
    return rows.subarray(row * rank, (row + 1) * rank)
  }

  /**
   * Takes back a measurement that was conditioned on.
   *
   * @returns false where too much would cancel out: nothing has changed then.
   */
  release(values: Float64Array, left: number, noise: number): boolean {
    const gain = this.#gainOf(values)
    const own = left + noise
    const spread = dot(gain, 0, values, 0, this.#features.rank) - own
    if (!(spread < -leastRemainder * own)) return false
    this.#fold(gain, spread)
    return true
  }

  #gainOf(values: Float64Array): Float64Array {
    const { rank } = this.#features
    const gain = new Float64Array(rank)
    multiply(this.#posterior, rank, values, 0, gain, 0)
    return gain
  }

  /** Rank-one update of everything kept; a negative spread takes one back. */
  #fold(gain: Float64Array, spread: number): void {
    const { rank, rows } = this.#features
    const n = this.#variance.length
    this.#powers = undefined
    const image = new Float64Array(rank)
    multiply(this.#moment, rank, gain, 0, image, 0)
    const gainShared = dot(image, 0, gain, 0, rank)
    for (let i = 0; i < n; i += 1) {
      const at = i * rank
      const covariance = dot(gain, 0, rows, at, rank)
      const ratio = covariance / spread
      if (Math.abs(ratio) < leastRatio) continue
      this.#shared[i] = Math.max(
        0,
        (this.#shared[i] as number) -
          2 * ratio * dot(image, 0, this.#applied, at, rank) +
          ratio * ratio * gainShared,
      )
      for (let k = 0; k < rank; k += 1) {
        this.#applied[at + k] = (this.#applied[at + k] as number) - ratio * (gain[k] as number)
      }
      this.#variance[i] = reduced(this.#variance[i] as number, covariance, spread)
    }
    for (let k = 0; k < rank; k += 1) {
      const ratio = (gain[k] as number) / spread
      for (let l = 0; l < rank; l += 1) {
        const at = k * rank + l
        this.#posterior[at] = (this.#posterior[at] as number) - ratio * (gain[l] as number)
      }
    }
  }
}

/** Variance that a measurement of this spread leaves of a row with which it has this covariance. */
function reduced(variance: number, covariance: number, spread: number): number {
  const ratio = covariance / spread
  return Math.abs(ratio) < leastRatio ? variance : Math.max(0, variance - covariance * ratio)
}

function addOuter(
  matrix: Float64Array,
  rows: Float64Array,
  at: number,
  rank: number,
  weight: number,
): void {
  for (let k = 0; k < rank; k += 1) {
    const scaled = weight * (rows[at + k] as number)
    if (scaled === 0) continue
    for (let l = 0; l < rank; l += 1) {
      matrix[k * rank + l] = (matrix[k * rank + l] as number) + scaled * (rows[at + l] as number)
    }
  }
}

/** (I + Φᵀ W Φ)⁻¹ */
function* posteriorOf(
  rank: number,
  observed: readonly { values: Float64Array; left: number; noise: number }[],
): Steps<Float64Array> {
  const precision = new Float64Array(rank * rank)
  for (let k = 0; k < rank; k += 1) precision[k * rank + k] = 1
  let count = 0
  for (const { values, left, noise } of observed) {
    addOuter(precision, values, 0, rank, 1 / Math.max(left + noise, 1e-10))
    count += 1
    if (count % rowsPerStep === 0) yield
  }
  if (!choleskyInPlace(precision, rank)) throw new RangeError('posterior is not positive definite')
  // Invert the factor, then multiply: rows of `inverse` are columns of L⁻¹ from the diagonal on.
  const inverse = new Float64Array(rank * rank)
  for (let column = 0; column < rank; column += 1) {
    const at = column * rank
    inverse[at + column] = 1 / (precision[at + column] as number)
    for (let i = column + 1; i < rank; i += 1) {
      const sum = dot(precision, i * rank + column, inverse, at + column, i - column)
      inverse[at + i] = -sum / (precision[i * rank + i] as number)
    }
  }
  const posterior = new Float64Array(rank * rank)
  for (let k = 0; k < rank; k += 1) {
    for (let l = 0; l <= k; l += 1) {
      const value = dot(inverse, k * rank + k, inverse, l * rank + k, rank - k)
      posterior[k * rank + l] = value
      posterior[l * rank + k] = value
    }
  }
  return posterior
}
