import { CovarianceLayout, evenRoughness } from './covariance.js'
import type { Covariance, LinearisedPoints, Roughness } from './covariance.js'
import type { Encoding, MemoryLimits } from './encoding.js'
import { basisScales } from './encoding.js'
import { fitExactly } from './exact-fit.js'
import type { ExactFit } from './exact-fit.js'
import { LocalProcess } from './local-process.js'
import type { LocalPrediction } from './local-process.js'
import { joined } from './joined-points.js'
import type { LevelRow } from './node-levels/level-columns.js'
import { SharedNoise } from './node-levels/level-effects.js'
import type { LevelEffects } from './node-levels/level-effects.js'
import { spreadSample } from './universe.js'
import { limitDoubt } from './limit-doubt.js'
import { logSum } from './physical-mean.js'
import type { BasisRows } from './physical-mean.js'
import { tokenDemand } from './physics.js'
import type { Basis } from './physics.js'
import type { Space } from '../../shared/domain/space.js'
import type { Steps } from './steps.js'

/** One configuration’s merged observations, in log units. */
export interface LogObservation {
  readonly index: number
  readonly log: number
  /** Noise variance of `log`, the levels of those who measured it left aside. */
  readonly variance: number
  /** Those levels, of which `log` has the means taken off. */
  readonly level: LevelRow
}

export interface Prediction {
  readonly mean: number
  /** Of the configuration’s true value, its own deviation from the smooth surface included. */
  readonly variance: number
}

/** Observations beyond which coefficients are learnt from a sample and predictions are local. */
const exactLimit = 500
/**
 * Observations up to which an exact fit takes more in. It is learnt anew long before, unless results come faster than
 * they are learnt from: each would then cost more than the last, in time and in memory.
 */
const mostExact = 2 * exactLimit

interface Fit extends ExactFit {
  /** Those that `process` knows. */
  readonly observations: readonly LogObservation[]
  /** Set beyond {@link exactLimit}: `process` then knows a sample only. */
  readonly local?: LocalProcess
  readonly watched: ReadonlyMap<number, Watched>
}

/** A point whose variance is asked for again and again, and what it was computed from. */
interface Watched {
  readonly rows: LinearisedPoints
  /** L⁻¹ of its covariances with the observations. */
  readonly half?: Float64Array
  readonly local?: LocalPrediction
  readonly variance?: number
}

/**
 * The surface of one metric in log units: a physical mean with positive coefficients, shared by
 * nested levels of categories, and a smooth residual. Knows nothing until {@link fit} was called.
 */
export class MetricModel {
  readonly #encoding: Encoding
  readonly #basis: Basis
  readonly #limits: MemoryLimits
  readonly #scales: Float64Array
  readonly #layout: CovarianceLayout
  #parameters: Float64Array
  #roughness: Roughness = evenRoughness
  #fit: Fit | undefined

  private constructor(
    encoding: Encoding,
    basis: Basis,
    scales: Float64Array,
    limits: MemoryLimits,
  ) {
    this.#encoding = encoding
    this.#limits = limits
    this.#basis = basis
    this.#scales = scales
    this.#layout = new CovarianceLayout({
      axes: encoding.axes,
      levels: encoding.levels,
      stairs: encoding.stairs.length,
      loadVaries: encoding.loadVaries,
      groupLevel: encoding.groupLevel,
      hasPast: encoding.hasPast,
    })
    this.#parameters = Float64Array.from(this.#layout.priors(), ({ centre }) => centre)
  }

  static of(
    space: Space,
    universe: Uint32Array,
    encoding: Encoding,
    basis: Basis,
    limits: MemoryLimits,
  ): MetricModel {
    const scales =
      basis.usual === undefined
        ? basisScales(space, universe, basis)
        : Float64Array.from(basis.usual, (weight) => 1 / weight)
    return new MetricModel(encoding, basis, scales, limits)
  }

  /** One with the same parameters that was never fitted. */
  copy(encoding: Encoding, limits: MemoryLimits): MetricModel {
    const copy = new MetricModel(encoding, this.#basis, this.#scales, limits)
    copy.#parameters = this.#parameters
    copy.#roughness = this.#roughness
    return copy
  }

  get fitted(): boolean {
    return this.#fit !== undefined
  }

  /** Too many observations for predictions from all of them. */
  get isLocal(): boolean {
    return this.#fit?.local !== undefined
  }

  /** Levels of those who measured, as known since the last {@link fit}; undefined where none differ. */
  get levels(): LevelEffects | undefined {
    return this.#fit?.levels
  }

  get covariance(): Covariance {
    return this.#known().covariance
  }

  /** Scaled terms of the physical mean, as if memory held what `capacityOf` says. */
  basisRows(indices: ArrayLike<number>, capacityOf = this.#limits.of): BasisRows {
    return this.#encoding.basisRows(indices, this.#basis, this.#scales, capacityOf)
  }

  #known(): Fit {
    if (this.#fit === undefined) throw new RangeError('the model was never fitted')
    return this.#fit
  }

  /**
   * Learns everything anew, step by step, from observations in ascending order of index.
   *
   * @param evaluations effort spent on the covariance’s parameters; 0 keeps them.
   * @param levels that observations share, as far as they are known.
   */
  *fit(observations: readonly LogObservation[], evaluations: number, levels?: LevelEffects): Steps {
    if (observations.length <= exactLimit) {
      yield* this.#fitTo(observations, evaluations, levels)
      return
    }
    const order = spreadSample(
      Uint32Array.from(observations, ({ index }) => index),
      exactLimit,
    )
    yield* this.#fitTo(
      order.map((row) => observations[row] as LogObservation),
      evaluations,
      levels,
    )
    this.#seeLocally(observations)
  }

  *#fitTo(
    observations: readonly LogObservation[],
    evaluations: number,
    levels: LevelEffects | undefined,
  ): Steps {
    const points = this.#encoding.points(observations.map(({ index }) => index))
    const fit = yield* fitExactly(
      { layout: this.#layout, parameters: this.#parameters, roughness: this.#roughness },
      { encoding: this.#encoding, points, basis: this.basisRows(points.indices), observations },
      evaluations,
      sharedBy(observations, levels),
    )
    this.#parameters = fit.covariance.parameters
    this.#roughness = fit.covariance.roughness
    this.#fit = { ...fit, observations, watched: new Map() }
  }

  /** Predicts from the nearest from now on, by the coefficients and parameters that it has. */
  #seeLocally(observations: readonly LogObservation[]): void {
    const fit = this.#known()
    const rows = this.linearised(observations.map(({ index }) => index))
    const residuals = observations.map(
      ({ log, level }, i) => log - levelSince(fit, level) - (rows.means[i] as number),
    )
    const noise = observations.map(({ variance }) => variance)
    const shared = sharedBy(observations, fit.levels)
    const local = new LocalProcess(fit.covariance, rows, residuals, noise, shared)
    this.#fit = { ...fit, local }
  }

  /** Points with the physical mean linearised at their block’s coefficients, and their prior means. */
  linearised(indices: ArrayLike<number>): LinearisedPoints & { readonly means: Float64Array } {
    const { coefficients, centre } = this.#known()
    const points = this.#encoding.points(indices)
    const basis = this.basisRows(indices)
    const { terms } = basis
    const slopes = new Float64Array(points.count * terms)
    const means = new Float64Array(points.count)
    for (let i = 0; i < points.count; i += 1) {
      const t = coefficients(points, i)
      let mean = logSum(basis, i, t, slopes, i * terms)
      for (let k = 0; k < terms; k += 1) {
        mean += (slopes[i * terms + k] as number) * ((centre[k] as number) - (t[k] as number))
      }
      means[i] = mean
    }
    return { points, terms, slopes, means }
  }

  /** Folds in one more observation without learning the parameters or coefficients anew. */
  append(observation: LogObservation): void {
    const fit = this.#known()
    const one = this.linearised([observation.index])
    const { level } = observation
    const residual = observation.log - (one.means[0] as number)
    if (fit.local !== undefined) {
      fit.local.append(one, residual - levelSince(fit, level), observation.variance, level)
      return
    }
    const observations = [...fit.observations, observation]
    if (observations.length > mostExact) {
      this.#seeLocally(observations.sort((a, b) => a.index - b.index))
      return
    }
    const covariances = this.#covariances(one, 0)
    const shared = fit.shared?.with(level)
    let variance =
      fit.covariance.variance(one, 0) +
      fit.covariance.nuggetAt(one.points, 0) +
      observation.variance
    if (shared !== undefined) {
      const own = covariances.length
      for (let i = 0; i < own; i += 1) {
        covariances[i] = (covariances[i] as number) + shared.between(own, i)
      }
      variance += shared.between(own, own)
    }
    fit.process.append(covariances, variance, residual)
    this.#fit = { ...fit, shared, rows: joined(fit.rows, one), observations }
  }

  /**
   * Variances as {@link predict} gives them, for points that are asked for after every observation:
   * what is still true of them is not computed again.
   */
  variances(indices: readonly number[]): number[] {
    const fit = this.#known()
    const watched = new Map<number, Watched>()
    for (const index of indices) {
      const before = fit.watched.get(index) ?? { rows: this.linearised([index]) }
      watched.set(index, this.#watch(before))
    }
    this.#fit = { ...fit, watched }
    return Array.from(
      watched,
      ([index, { variance }]) => (variance as number) + this.#limitDoubt(index),
    )
  }

  #watch({ rows, half, local: before }: Watched): Watched {
    const { covariance, process, local } = this.#known()
    const nugget = covariance.nuggetAt(rows.points, 0)
    if (local !== undefined) {
      const isTrue = before !== undefined && !local.isOutdated(before, rows, 0)
      const now = isTrue ? { ...before, seen: local.size } : local.predict(rows, 0)
      return { rows, local: now, variance: now.variance + nugget }
    }
    const solved = process.factor.halfSolve(this.#covariances(rows, 0, half?.length), half)
    const variance = process.varianceOf(solved, covariance.variance(rows, 0)) + nugget
    return { rows, half: solved, variance }
  }

  predict(indices: ArrayLike<number>): Prediction[] {
    const { covariance, process, local } = this.#known()
    const rows = this.linearised(indices)
    const doubts = (i: number): number => this.#limitDoubt(indices[i] as number)
    return Array.from({ length: rows.points.count }, (_, i) => {
      const own = covariance.nuggetAt(rows.points, i) + doubts(i)
      if (local !== undefined) {
        const { mean, variance } = local.predict(rows, i)
        return { mean: (rows.means[i] as number) + mean, variance: variance + own }
      }
      const covariances = this.#covariances(rows, i)
      const prior = covariance.variance(rows, i)
      return {
        mean: (rows.means[i] as number) + process.mean(covariances),
        variance: process.variance(covariances, prior) + own,
      }
    })
  }

  /** Variance that comes of not knowing exactly where memory ends; 0 far from there. */
  #limitDoubt(index: number): number {
    const configuration = this.#encoding.configurationAt(index)
    const band = this.#limits.between(configuration)
    const demand = tokenDemand(configuration)
    if (band === undefined || demand <= band.low || !(band.high > band.low)) return 0
    const { coefficients } = this.#known()
    const t = coefficients(this.#encoding.points([index]), 0)
    const [least, most] = [band.low, band.high].map((limit) =>
      logSum(
        this.basisRows([index], () => limit),
        0,
        t,
      ),
    ) as [number, number]
    return limitDoubt(least - most, demand, band)
  }

  /** With every observation from the `first` on; 0 before. */
  #covariances(rows: LinearisedPoints, i: number, first = 0): Float64Array {
    const { covariance, rows: observed } = this.#known()
    const result = new Float64Array(observed.points.count)
    for (let j = first; j < result.length; j += 1)
      result[j] = covariance.between(rows, i, observed, j)
    return result
  }
}

function sharedBy(
  observations: readonly LogObservation[],
  levels: LevelEffects | undefined,
): SharedNoise | undefined {
  if (levels === undefined) return undefined
  return new SharedNoise(
    levels,
    observations.map(({ level }) => level),
  )
}

/** What is known of a level since the fit, less what observations had it taken off. */
function levelSince({ shared, levels }: Fit, level: LevelRow): number {
  if (shared === undefined || levels === undefined) return 0
  return levels.mean(level) - shared.effects.mean(level)
}
