import { matern52 } from './kernels.js'
import type { Points } from './encoding.js'

/** Shape of the parameter vector: logarithms of standard deviations and length scales. */
export interface CovarianceShape {
  readonly axes: number
  readonly levels: number
  readonly stairs: number
  readonly loadVaries: boolean
  /** Level from which blocks differ in devices only, and so meet the same memory limits. */
  readonly groupLevel: number
  /** Points of several sweeps: those of one also have something in common across all levels. */
  readonly hasPast: boolean
}

/** Normal prior of one log parameter. */
export interface LogPrior {
  readonly centre: number
  readonly deviation: number
}

/** Correlation of the stairs of two different blocks. */
export const stairShare = 0.5
/** Standard deviations, at the widest level, of every log coefficient and of their common scale. */
const widestCoefficient = 1.2
const widestScale = 3

/** Offsets into the parameter vector. */
export class CovarianceLayout {
  readonly shape: CovarianceShape
  readonly nugget = 0
  readonly lengths = 1
  readonly residuals: number
  readonly coefficients: number
  readonly scales: number
  readonly regime: number
  readonly stairs: number
  /** Coefficients, common scale and residual of a sweep as a whole, in this order. */
  readonly sweep: number
  readonly size: number

  constructor(shape: CovarianceShape) {
    this.shape = shape
    this.residuals = this.lengths + shape.axes
    this.coefficients = this.residuals + shape.levels
    this.scales = this.coefficients + (shape.levels - 1)
    this.regime = this.scales + (shape.levels - 1)
    this.stairs = this.regime + 1
    this.sweep = this.stairs + shape.stairs
    this.size = this.sweep + (shape.hasPast ? 3 : 0)
  }

  priors(): LogPrior[] {
    const { axes, levels, stairs, hasPast } = this.shape
    const log = (centre: number, deviation: number): LogPrior => ({
      centre: Math.log(centre),
      deviation,
    })
    return [
      log(0.01, 0.8),
      ...Array.from({ length: axes }, () => log(1, 0.7)),
      ...Array.from({ length: levels }, (_, l) => log(l === 0 ? 0.1 : 0.06, 0.8)),
      ...Array.from({ length: levels - 1 }, () => log(0.3, 0.7)),
      ...Array.from({ length: levels - 1 }, () => log(0.2, 0.8)),
      log(0.6, 0.5),
      ...Array.from({ length: stairs }, () => log(0.02, 0.9)),
      ...(hasPast ? [log(0.3, 0.7), log(0.3, 0.8), log(0.06, 0.8)] : []),
    ]
  }
}

/**
 * How much rougher than others the surface of a group of blocks is (same model, hardware, engine and
 * arguments), by key of {@link CovarianceShape.groupLevel}: a factor on deviations from the physical
 * mean. 1 where absent.
 */
export type Roughness = ReadonlyMap<number, number>

export const evenRoughness: Roughness = new Map()

/** Points with the slopes of the physical mean at each. */
export interface LinearisedPoints {
  readonly points: Points
  readonly terms: number
  readonly slopes: Float64Array
}

/**
 * Prior covariance of two points: the uncertain coefficients of the physical mean, linearised, plus
 * a smooth residual, both shared by nested levels of categories and, across them, by what one sweep
 * measured, plus stairs along the load. What is not physical is rougher in some groups of blocks.
 */
export class Covariance {
  readonly layout: CovarianceLayout
  readonly parameters: Float64Array
  readonly roughness: Roughness
  /** Variance of a cell’s own deviation from the smooth surface, where that is as rough as usual. */
  readonly nugget: number
  /** By {@link kinship} of two points: variance of coefficients, common scale, residual that they share. */
  readonly coefficientAt: Float64Array
  readonly scaleAt: Float64Array
  readonly residualAt: Float64Array
  readonly #inverseLengths: Float64Array
  /** Variance that memory running out adds where demand is highest. */
  readonly #regime: number
  readonly #stairVariances: Float64Array

  constructor(
    layout: CovarianceLayout,
    parameters: Float64Array,
    roughness: Roughness = evenRoughness,
  ) {
    this.layout = layout
    this.roughness = roughness
    this.parameters = parameters
    const { axes, levels, stairs, hasPast } = layout.shape
    const square = (at: number): number => Math.exp(2 * (parameters[at] as number))
    this.nugget = square(layout.nugget)
    this.#inverseLengths = Float64Array.from({ length: axes }, (_, d) =>
      Math.exp(-(parameters[layout.lengths + d] as number)),
    )
    const kinships = hasPast ? 2 * levels : levels
    this.coefficientAt = new Float64Array(kinships)
    this.scaleAt = new Float64Array(kinships)
    this.residualAt = new Float64Array(kinships)
    for (let l = 0; l < levels; l += 1) {
      const coefficient = l === 0 ? widestCoefficient ** 2 : square(layout.coefficients + l - 1)
      const scale = l === 0 ? widestScale ** 2 : square(layout.scales + l - 1)
      this.coefficientAt[l] = (this.coefficientAt[l - 1] ?? 0) + coefficient
      this.scaleAt[l] = (this.scaleAt[l - 1] ?? 0) + scale
      this.residualAt[l] = (this.residualAt[l - 1] ?? 0) + square(layout.residuals + l)
    }
    for (let kinship = levels; kinship < kinships; kinship += 1) {
      const add = (table: Float64Array, at: number): void => {
        table[kinship] = (table[kinship - levels] as number) + square(layout.sweep + at)
      }
      add(this.coefficientAt, 0)
      add(this.scaleAt, 1)
      add(this.residualAt, 2)
    }
    this.#regime = square(layout.regime)
    this.#stairVariances = Float64Array.from({ length: stairs }, (_, s) =>
      square(layout.stairs + s),
    )
  }

  /** Deepest level at which both points have the same key; `levels` more where one sweep has both. */
  kinship(a: Points, i: number, b: Points, j: number): number {
    const { levels, hasPast } = this.layout.shape
    let depth = 0
    while (
      depth + 1 < levels &&
      a.keys[i * levels + depth + 1] === b.keys[j * levels + depth + 1]
    ) {
      depth += 1
    }
    return hasPast && a.origins[i] === b.origins[j] ? depth + levels : depth
  }

  between(a: LinearisedPoints, i: number, b: LinearisedPoints, j: number): number {
    const kinship = this.kinship(a.points, i, b.points, j)
    return this.physical(a, i, b, j, kinship) + this.residual(a.points, i, b.points, j, kinship)
  }

  physical(
    a: LinearisedPoints,
    i: number,
    b: LinearisedPoints,
    j: number,
    kinship: number,
  ): number {
    let slopes = 0
    for (let k = 0; k < a.terms; k += 1) {
      slopes += (a.slopes[i * a.terms + k] as number) * (b.slopes[j * a.terms + k] as number)
    }
    return (this.coefficientAt[kinship] as number) * slopes + (this.scaleAt[kinship] as number)
  }

  roughnessAt(points: Points, i: number): number {
    if (this.roughness.size === 0) return 1
    const { levels, groupLevel } = this.layout.shape
    return this.roughness.get(points.keys[i * levels + groupLevel] as number) ?? 1
  }

  /** Variance of a point’s own deviation from the smooth surface. */
  nuggetAt(points: Points, i: number): number {
    return this.nugget * this.roughnessAt(points, i) ** 2
  }

  residual(a: Points, i: number, b: Points, j: number, kinship: number): number {
    const usual = this.#usualResidual(a, i, b, j, kinship)
    if (this.roughness.size === 0) return usual
    return usual * this.roughnessAt(a, i) * this.roughnessAt(b, j)
  }

  #usualResidual(a: Points, i: number, b: Points, j: number, kinship: number): number {
    const { axes, levels, stairs, loadVaries, groupLevel } = this.layout.shape
    const depth = kinship % levels
    let squared = 0
    let alongLoad = 0
    for (let d = 0; d < axes; d += 1) {
      const gap =
        ((a.x[i * axes + d] as number) - (b.x[j * axes + d] as number)) *
        (this.#inverseLengths[d] as number)
      squared += gap * gap
      if (d === 0 && loadVaries) alongLoad = gap * gap
    }
    const pressed = depth < groupLevel ? 0 : (a.pressure[i] as number) * (b.pressure[j] as number)
    const smooth = (this.residualAt[kinship] as number) + this.#regime * pressed
    let value = smooth * matern52(Math.sqrt(squared))
    let shared = 0
    for (let s = 0; s < stairs; s += 1) {
      if (a.buckets[i * stairs + s] === b.buckets[j * stairs + s]) {
        shared += this.#stairVariances[s] as number
      }
    }
    if (shared > 0) {
      const across = Math.sqrt(Math.max(0, squared - alongLoad))
      value += shared * matern52(across) * (depth + 1 === levels ? 1 : stairShare)
    }
    return value
  }

  /** Prior variance of a point, without its nugget. */
  variance(a: LinearisedPoints, i: number): number {
    return this.between(a, i, a, i)
  }
}
