import { GaussianProcess } from './gaussian-process.js'
import { matern52, matern52Slope } from './kernels.js'
import { minimise } from './minimise.js'
import { Covariance, evenRoughness, stairShare } from './covariance.js'
import type { Steps } from './steps.js'
import type { CovarianceLayout, LinearisedPoints, Roughness } from './covariance.js'
import type { SharedNoise } from './node-levels/level-effects.js'

/** Everything about pairs of observations that does not depend on the parameters. */
interface Pairs {
  readonly n: number
  readonly kinship: Uint8Array
  readonly slopes: Float64Array
  readonly pressed: Float64Array
  /** Squared gap along every axis; `axes` per pair. */
  readonly gaps: Float64Array
  /** 1 where the stair buckets agree; `stairs` per pair. */
  readonly sameBucket: Uint8Array
  /** Covariance of the noise that both have; empty where none is shared. */
  readonly noise: Float64Array
  /** Product of the roughness of both. */
  readonly rough: Float64Array
}

function pairsOf(
  layout: CovarianceLayout,
  rows: LinearisedPoints,
  shared: SharedNoise | undefined,
  roughness: Roughness,
): Pairs {
  const { axes, levels, stairs, groupLevel } = layout.shape
  const { points, terms } = rows
  const n = points.count
  const count = (n * (n + 1)) / 2
  const kinship = new Uint8Array(count)
  const slopes = new Float64Array(count)
  const pressed = new Float64Array(count)
  const gaps = new Float64Array(count * axes)
  const sameBucket = new Uint8Array(count * stairs)
  const noise = new Float64Array(shared === undefined ? 0 : count)
  const rough = new Float64Array(count)
  const shape = new Covariance(layout, new Float64Array(layout.size), roughness)
  let pair = 0
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      kinship[pair] = shape.kinship(points, i, points, j)
      let sum = 0
      for (let k = 0; k < terms; k += 1) {
        sum += (rows.slopes[i * terms + k] as number) * (rows.slopes[j * terms + k] as number)
      }
      slopes[pair] = sum
      const together = (kinship[pair] as number) % levels >= groupLevel
      pressed[pair] = together ? (points.pressure[i] as number) * (points.pressure[j] as number) : 0
      for (let d = 0; d < axes; d += 1) {
        const gap = (points.x[i * axes + d] as number) - (points.x[j * axes + d] as number)
        gaps[pair * axes + d] = gap * gap
      }
      for (let s = 0; s < stairs; s += 1) {
        const same = points.buckets[i * stairs + s] === points.buckets[j * stairs + s]
        sameBucket[pair * stairs + s] = same ? 1 : 0
      }
      rough[pair] = shape.roughnessAt(points, i) * shape.roughnessAt(points, j)
      if (shared !== undefined) noise[pair] = shared.between(i, j)
      pair += 1
    }
  }
  return { n, kinship, slopes, pressed, gaps, sameBucket, noise, rough }
}

/**
 * Maximum a posteriori parameters of the covariance, from the marginal likelihood’s gradient.
 *
 * @param residuals what the covariance has to explain, one per row.
 * @param noise measured noise variance, one per row.
 * @param shared noise that rows have in common.
 * @param roughness as it is known; not learnt here.
 */
export function* fitParameters(
  layout: CovarianceLayout,
  rows: LinearisedPoints,
  residuals: Float64Array,
  noise: Float64Array,
  start: Float64Array,
  evaluations: number,
  shared?: SharedNoise,
  roughness: Roughness = evenRoughness,
): Steps<Float64Array> {
  const pairs = pairsOf(layout, rows, shared, roughness)
  const priors = layout.priors()
  const bounded = (parameters: Float64Array): Float64Array =>
    parameters.map((value, k) => {
      const { centre, deviation } = priors[k] as (typeof priors)[number]
      return Math.max(centre - 4 * deviation, Math.min(centre + 4 * deviation, value))
    })
  const objective = (unbounded: Float64Array, gradient: Float64Array): number => {
    const parameters = bounded(unbounded)
    const loss = negativeEvidence(layout, pairs, parameters, residuals, noise, gradient)
    let penalty = 0
    for (let k = 0; k < layout.size; k += 1) {
      const { centre, deviation } = priors[k] as (typeof priors)[number]
      const z = ((unbounded[k] as number) - centre) / deviation
      penalty += 0.5 * z * z
      gradient[k] = (gradient[k] as number) + z / deviation
    }
    return loss + penalty
  }
  return bounded(yield* minimise(objective, start, evaluations))
}

function negativeEvidence(
  layout: CovarianceLayout,
  pairs: Pairs,
  parameters: Float64Array,
  residuals: Float64Array,
  noise: Float64Array,
  gradient: Float64Array,
): number {
  const { n, kinship, slopes, pressed, gaps, sameBucket, rough } = pairs
  const { axes, levels, stairs, loadVaries, hasPast } = layout.shape
  const covariance = new Covariance(layout, parameters)
  const square = (at: number): number => Math.exp(2 * (parameters[at] as number))
  const inverseSquares = Float64Array.from({ length: axes }, (_, d) =>
    Math.exp(-2 * (parameters[layout.lengths + d] as number)),
  )
  const residualVariances = Float64Array.from({ length: levels }, (_, l) =>
    square(layout.residuals + l),
  )
  const coefficientVariances = Float64Array.from({ length: levels }, (_, l) =>
    l === 0 ? 0 : square(layout.coefficients + l - 1),
  )
  const scaleVariances = Float64Array.from({ length: levels }, (_, l) =>
    l === 0 ? 0 : square(layout.scales + l - 1),
  )
  const sweepVariances = hasPast ? [0, 1, 2].map((at) => square(layout.sweep + at)) : [0, 0, 0]
  const [sweepCoefficient, sweepScale, sweepResidual] = sweepVariances as [number, number, number]
  const stairVariances = Float64Array.from({ length: stairs }, (_, s) => square(layout.stairs + s))
  const regime = square(layout.regime)
  const count = kinship.length
  const smooth = new Float64Array(count)
  const smoothSlope = new Float64Array(count)
  const across = new Float64Array(stairs > 0 ? count : 0)
  const acrossSlope = new Float64Array(stairs > 0 ? count : 0)
  const matrix = new Float64Array(n * n)
  let pair = 0
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let squared = 0
      for (let d = 0; d < axes; d += 1) {
        squared += (gaps[pair * axes + d] as number) * (inverseSquares[d] as number)
      }
      const r = Math.sqrt(squared)
      smooth[pair] = matern52(r)
      smoothSlope[pair] = matern52Slope(r)
      const kin = kinship[pair] as number
      let value =
        (covariance.coefficientAt[kin] as number) * (slopes[pair] as number) +
        (covariance.scaleAt[kin] as number) +
        ((covariance.residualAt[kin] as number) + regime * (pressed[pair] as number)) *
          (smooth[pair] as number) *
          (rough[pair] as number)
      if (stairs > 0) {
        const load = loadVaries ? (gaps[pair * axes] as number) * (inverseSquares[0] as number) : 0
        const rest = Math.sqrt(Math.max(0, squared - load))
        const share = (kin % levels) + 1 === levels ? 1 : stairShare
        across[pair] = matern52(rest) * share
        acrossSlope[pair] = matern52Slope(rest) * share
        let shared = 0
        for (let s = 0; s < stairs; s += 1) {
          shared += (sameBucket[pair * stairs + s] as number) * (stairVariances[s] as number)
        }
        value += shared * (across[pair] as number) * (rough[pair] as number)
      }
      if (pairs.noise.length > 0) value += pairs.noise[pair] as number
      const own = covariance.nugget * (rough[pair] as number) + (noise[i] as number)
      matrix[i * n + j] = i === j ? value + own : value
      pair += 1
    }
  }
  const process = new GaussianProcess(matrix, residuals)
  const inverse = process.factor.inverse()
  const weights = process.weights
  gradient.fill(0)
  const add = (at: number, amount: number): void => {
    gradient[at] = (gradient[at] as number) + amount
  }
  pair = 0
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      // d(-evidence)/dK_ij, counted once for the pair and its mirror.
      const pull =
        ((inverse[i * n + j] as number) - (weights[i] as number) * (weights[j] as number)) *
        (i === j ? 0.5 : 1)
      const kin = kinship[pair] as number
      const level = kin % levels
      const roughness = rough[pair] as number
      if (i === j) add(layout.nugget, pull * 2 * covariance.nugget * roughness)
      const smoothValue = (smooth[pair] as number) * roughness
      for (let l = 0; l <= level; l += 1) {
        add(layout.residuals + l, pull * 2 * (residualVariances[l] as number) * smoothValue)
        if (l === 0) continue
        add(
          layout.coefficients + l - 1,
          pull * 2 * (coefficientVariances[l] as number) * (slopes[pair] as number),
        )
        add(layout.scales + l - 1, pull * 2 * (scaleVariances[l] as number))
      }
      if (kin >= levels) {
        add(layout.sweep, pull * 2 * sweepCoefficient * (slopes[pair] as number))
        add(layout.sweep + 1, pull * 2 * sweepScale)
        add(layout.sweep + 2, pull * 2 * sweepResidual * smoothValue)
      }
      add(layout.regime, pull * 2 * regime * (pressed[pair] as number) * smoothValue)
      let shared = 0
      for (let s = 0; s < stairs; s += 1) {
        if (sameBucket[pair * stairs + s] === 0) continue
        const variance = stairVariances[s] as number
        shared += variance
        add(layout.stairs + s, pull * 2 * variance * (across[pair] as number) * roughness)
      }
      const slope =
        ((covariance.residualAt[kin] as number) + regime * (pressed[pair] as number)) *
        (smoothSlope[pair] as number)
      const stairSlope = stairs > 0 ? shared * (acrossSlope[pair] as number) : 0
      for (let d = 0; d < axes; d += 1) {
        const gap = (gaps[pair * axes + d] as number) * (inverseSquares[d] as number)
        const total = d === 0 && loadVaries ? slope : slope + stairSlope
        add(layout.lengths + d, pull * roughness * total * gap)
      }
      pair += 1
    }
  }
  return -process.logMarginalLikelihood()
}
