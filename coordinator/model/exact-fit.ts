import {
  blockOf,
  blockRows,
  coefficientLookup,
  coefficientsAt,
  priorCentre,
} from './block-coefficients.js'
import type { CoefficientsOf } from './block-coefficients.js'
import { Covariance } from './covariance.js'
import type { CovarianceLayout, LinearisedPoints, Roughness } from './covariance.js'
import type { Encoding, Points } from './encoding.js'
import { GaussianProcess } from './gaussian-process.js'
import type { LogObservation } from './metric-model.js'
import type { LevelEffects, SharedNoise } from './node-levels/level-effects.js'
import { withoutOutliers } from './outliers.js'
import { learnParameters } from './parameter-sample.js'
import { fitPhysicalMean, logSum } from './physical-mean.js'
import type { BasisRows } from './physical-mean.js'
import { PriorMatrix } from './prior-matrix.js'
import { roughnessSeen } from './roughness.js'
import type { Steps } from './steps.js'

/** Times that the mean is linearised at what the times before made of its coefficients. */
const linearisations = 4
/** Times that roughness is learnt, each from deviations under the one before. */
const roughnessRounds = 2
/** Standard deviation of a log coefficient around its usual value, before anything is linearised. */
const pooledDeviation = 1.2
/** Most that a log coefficient moves from one linearisation to the next, and what counts as settled. */
const longestStep = 1.5
const settledStep = 0.01

/** What a covariance is known to be before a fit. */
export interface CovarianceKnown {
  readonly layout: CovarianceLayout
  readonly parameters: Float64Array
  readonly roughness: Roughness
}

/** What a fit is of: one row each per observation. */
export interface FitData {
  readonly encoding: Encoding
  readonly points: Points
  readonly basis: BasisRows
  readonly observations: readonly LogObservation[]
}

/** A model that knows all of its observations exactly. */
export interface ExactFit {
  readonly covariance: Covariance
  readonly process: GaussianProcess
  readonly rows: LinearisedPoints
  /** Levels that observations share, as they were known before. */
  readonly shared: SharedNoise | undefined
  /** The same as known since. */
  readonly levels: LevelEffects | undefined
  /** Log coefficients at which a block’s mean is linearised. */
  readonly coefficients: CoefficientsOf
  readonly centre: Float64Array
}

/**
 * Learns coefficients of the physical mean, parameters of the covariance and what is left, step by step.
 *
 * @param evaluations effort spent on the covariance’s parameters; 0 keeps them.
 */
export function* fitExactly(
  { layout, parameters, roughness }: CovarianceKnown,
  { encoding, points, basis, observations }: FitData,
  evaluations: number,
  shared: SharedNoise | undefined,
): Steps<ExactFit> {
  const n = observations.length
  const { levels } = layout.shape
  const { terms, freedom } = basis
  const logs = Float64Array.from(observations, ({ log }) => log)
  const noise = Float64Array.from(observations, ({ variance }) => variance)
  const centre = priorCentre(basis, logs)
  const prior = { centre, deviation: pooledDeviation }
  const pooled = fitPhysicalMean(basis, logs, prior, { huber: 0.1 })
  const blocks = blockRows(points, levels)
  let coefficients = new Map([...blocks.keys()].map((block) => [block, pooled]))
  const slopes = new Float64Array(n * terms)
  const rows: LinearisedPoints = { points, terms, slopes }
  const residuals = new Float64Array(n)
  const linearise = (): void => {
    for (let i = 0; i < n; i += 1) {
      const t = coefficients.get(blockOf(points, i, levels)) ?? pooled
      const value = logSum(basis, i, t, slopes, i * terms)
      let shift = 0
      for (let k = 0; k < terms; k += 1) {
        shift += (slopes[i * terms + k] as number) * ((t[k] as number) - (centre[k] as number))
      }
      residuals[i] = (logs[i] as number) - value + shift
    }
  }
  const conditioned = function* (matrix: PriorMatrix): Steps<GaussianProcess> {
    return yield* GaussianProcess.inSteps(yield* matrix.with(noise), residuals)
  }
  let covariance = new Covariance(layout, parameters, roughness)
  let matrix = new PriorMatrix(covariance, rows, shared)
  linearise()
  yield
  let process = yield* conditioned(matrix)
  for (let round = 1; round < linearisations; round += 1) {
    const next = new Map<number, Float64Array>()
    let change = 0
    for (const [block, row] of blocks) {
      const t = coefficientsAt(covariance, process.weights, rows, points, row, centre, freedom)
      const before = coefficients.get(block) ?? pooled
      const limited = t.map((value, k) => {
        const step = Math.max(-longestStep, Math.min(longestStep, value - (before[k] as number)))
        change = Math.max(change, Math.abs(step))
        return (before[k] as number) + step
      })
      next.set(block, limited)
    }
    if (round > 1 && change < settledStep) break
    coefficients = next
    linearise()
    if (round === 1 && evaluations > 0) {
      const known = covariance.roughness
      const data = { encoding, rows, residuals, noise, shared, roughness: known }
      const learnt = yield* learnParameters(layout, data, parameters, evaluations)
      covariance = new Covariance(layout, learnt, known)
      matrix = new PriorMatrix(covariance, rows, shared)
      for (let k = 0; k < roughnessRounds && layout.shape.groupLevel > 0; k += 1) {
        yield
        const seen = roughnessSeen(yield* conditioned(matrix), residuals, covariance, points)
        covariance = new Covariance(layout, learnt, seen)
        matrix = new PriorMatrix(covariance, rows, shared)
      }
    }
    yield
    process = yield* conditioned(matrix)
  }
  yield
  process = yield* withoutOutliers(process, matrix, residuals, noise)
  return {
    covariance,
    process,
    rows,
    shared,
    levels: shared?.effects.seenBy(process, shared.rows),
    centre,
    coefficients: coefficientLookup(
      coefficients,
      covariance,
      process.weights,
      rows,
      centre,
      freedom,
    ),
  }
}
