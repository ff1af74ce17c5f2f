import type { CovarianceLayout, LinearisedPoints, Roughness } from './covariance.js'
import type { Encoding } from './encoding.js'
import { fitParameters } from './hyperparameters.js'
import type { SharedNoise } from './node-levels/level-effects.js'
import type { Steps } from './steps.js'
import { spreadSample } from './universe.js'

/** Observations beyond which the parameters are learnt from a sample of them. */
const parameterSample = 180
/** Part of them that past sweeps may have. */
const pastPart = 1 / 3

/** What the parameters of a covariance are learnt from, one of each per observation. */
export interface ParameterData {
  readonly encoding: Encoding
  readonly rows: LinearisedPoints
  readonly residuals: Float64Array
  readonly noise: Float64Array
  /** Noise that observations have in common. */
  readonly shared: SharedNoise | undefined
  readonly roughness: Roughness
}

/** Parameters that the data make likeliest, from all of them or a sample that stands for all. */
export function* learnParameters(
  layout: CovarianceLayout,
  { encoding, rows, residuals, noise, shared, roughness }: ParameterData,
  start: Float64Array,
  evaluations: number,
): Steps<Float64Array> {
  if (rows.points.count <= parameterSample) {
    return yield* fitParameters(
      layout,
      rows,
      residuals,
      noise,
      start,
      evaluations,
      shared,
      roughness,
    )
  }
  const chosen = parameterRows(encoding, rows.points.indices)
  const points = encoding.points(chosen.map((row) => rows.points.indices[row] as number))
  const slopes = new Float64Array(chosen.length * rows.terms)
  chosen.forEach((row, at) => {
    slopes.set(rows.slopes.subarray(row * rows.terms, (row + 1) * rows.terms), at * rows.terms)
  })
  return yield* fitParameters(
    layout,
    { points, terms: rows.terms, slopes },
    Float64Array.from(chosen, (row) => residuals[row] as number),
    Float64Array.from(chosen, (row) => noise[row] as number),
    start,
    evaluations,
    shared?.of(chosen),
    roughness,
  )
}

/** Rows that stand for all: of past sweeps no more than a part, where there are enough of its own. */
function parameterRows(encoding: Encoding, indices: Uint32Array): number[] {
  const ownCount = indices.findIndex((index) => encoding.isPast(index))
  if (ownCount < 0) return spreadSample(indices, parameterSample)
  const past = Math.max(Math.round(parameterSample * pastPart), parameterSample - ownCount)
  const own = spreadSample(indices.subarray(0, ownCount), parameterSample - past)
  const others = spreadSample(indices.subarray(ownCount), past)
  return [...own, ...others.map((row) => row + ownCount)]
}
