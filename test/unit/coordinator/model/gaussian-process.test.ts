import { describe, expect, it } from 'vitest'
import {
  GaussianProcess,
  varianceReduction,
} from '../../../../coordinator/model/gaussian-process.js'
import {
  matern52,
  scaledDistance,
  squaredExponential,
} from '../../../../coordinator/model/kernels.js'

type Point = readonly number[]

/** A process over explicit points, as the oracles state them. */
function processOf(
  kernel: (a: Point, b: Point) => number,
  x: readonly Point[],
  y: readonly number[],
  noise: readonly number[],
) {
  const n = x.length
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      matrix[i * n + j] =
        kernel(x[i] as Point, x[j] as Point) + (i === j ? (noise[i] as number) : 0)
    }
  }
  const process = new GaussianProcess(matrix, Float64Array.from(y))
  const row = (at: Point): Float64Array => Float64Array.from(x, (each) => kernel(at, each))
  return {
    process,
    mean: (at: Point) => process.mean(row(at)),
    variance: (at: Point) => process.variance(row(at), kernel(at, at)),
    covariance: (a: Point, b: Point) => process.covariance(row(a), row(b), kernel(a, b)),
  }
}

describe('a Gaussian process', () => {
  it('matches one observation worked out by hand', () => {
    const { mean, variance } = processOf(
      (a, b) => squaredExponential(scaledDistance(a, b, [1])),
      [[0]],
      [1],
      [0.1],
    )
    expect(mean([1])).toBeCloseTo(0.5513915088296667, 12)
    expect(variance([1])).toBeCloseTo(0.6655641443895979, 12)
  })

  it('has the Matern-5/2 correlation', () => {
    expect(matern52(1)).toBeCloseTo(0.5239941088318203, 14)
    expect(matern52(0)).toBe(1)
  })

  describe('in one dimension with a Matern-5/2 kernel', () => {
    const { process, mean, variance, covariance } = processOf(
      (a, b) => 2 * matern52(scaledDistance(a, b, [1.3])),
      [[0], [1], [3]],
      [1, -1, 0.5],
      [0.01, 0.01, 0.04],
    )
    const targets = [[2], [0.5], [4]] as const

    it.each([
      [0, -0.6478838672675075, 0.5711982849559414],
      [1, -0.0379052357961665, 0.0927145725631978],
      [2, 0.5225623641815851, 1.116662489393334],
    ])('predicts target %i', (target, expectedMean, expectedVariance) => {
      const at = targets[target] as Point
      expect(mean(at)).toBeCloseTo(expectedMean, 10)
      expect(variance(at)).toBeCloseTo(expectedVariance, 10)
    })

    it('knows covariance, evidence and leave-one-out predictions', () => {
      expect(covariance([2], [0.5])).toBeCloseTo(-0.08387738224842942, 10)
      expect(process.logMarginalLikelihood()).toBeCloseTo(-5.232085486659641, 10)
      const { means, variances } = process.leaveOneOut()
      const expectedMeans = [-0.7341527852538763, 0.7469585487649364, -0.534644064857538]
      const expectedVariances = [1.1160319213727, 1.044946504309636, 1.86683162316672]
      expectedMeans.forEach((value, i) => expect(means[i]).toBeCloseTo(value, 10))
      expectedVariances.forEach((value, i) => expect(variances[i]).toBeCloseTo(value, 10))
    })

    it.each([
      [0, 0.657102754640557],
      [1, 0.1565345301908755],
    ])('knows what measuring target %i would take away', (target, expected) => {
      const at = targets[target] as Point
      const total = targets.reduce(
        (sum, reference) => sum + varianceReduction(covariance(at, reference), variance(at), 0.01),
        0,
      )
      expect(total).toBeCloseTo(expected, 10)
    })
  })

  it('has one length scale per axis', () => {
    const { process, mean, variance, covariance } = processOf(
      (a, b) => 1.5 * squaredExponential(scaledDistance(a, b, [0.8, 1.6])),
      [
        [0, 0],
        [1, 0],
        [0, 2],
        [1, 2],
      ],
      [0, 1, 2, 2.5],
      [1e-4, 1e-4, 1e-4, 1e-4],
    )
    const means = [1.751003504716265, 1.974778843755082, 0.7650873010231669]
    const variances = [0.2075037425030906, 0.1076538171240155, 1.232709677030809]
    const targets = [
      [0.5, 1],
      [1, 1],
      [2, 3],
    ]
    targets.forEach((at, i) => {
      expect(mean(at)).toBeCloseTo(means[i] as number, 9)
      expect(variance(at)).toBeCloseTo(variances[i] as number, 9)
    })
    expect(process.logMarginalLikelihood()).toBeCloseTo(-6.802032598044347, 9)
    expect(covariance([0.5, 1], [1, 1])).toBeCloseTo(0.0885371671921706, 9)
    const looMeans = [0.8494733436721885, 0.7253573406042479, 0.9349119911333376, 1.373359969994913]
    const loo = process.leaveOneOut()
    looMeans.forEach((value, i) => {
      expect(loo.means[i]).toBeCloseTo(value, 9)
      expect(loo.variances[i]).toBeCloseTo(0.9372175494867148, 9)
    })
  })

  it('says that a matrix is not positive definite', () => {
    const matrix = Float64Array.from([1, 2, 2, 1])
    expect(() => new GaussianProcess(matrix, Float64Array.from([0, 0]))).toThrow(RangeError)
  })
})
