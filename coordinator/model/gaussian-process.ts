import { CholeskyFactor, dot } from './cholesky.js'
import type { Steps } from './steps.js'

/** A zero-mean normal prior over `n` noisy values, conditioned on them: the algebra every model here shares. */
export class GaussianProcess {
  readonly factor: CholeskyFactor
  #residuals: Float64Array
  /** Solved for when they are asked for: many observations may be appended before. */
  #weights: Float64Array | undefined

  /** @param covariance prior covariance of the observed values, noise on its diagonal, n x n; or its factor. */
  constructor(covariance: Float64Array | CholeskyFactor, residuals: Float64Array) {
    this.factor =
      covariance instanceof CholeskyFactor
        ? covariance
        : CholeskyFactor.of(covariance, residuals.length)
    this.#residuals = residuals
  }

  /** Of a covariance that is factorised step by step. */
  static *inSteps(covariance: Float64Array, residuals: Float64Array): Steps<GaussianProcess> {
    const factor = yield* CholeskyFactor.inSteps(covariance, residuals.length)
    return new GaussianProcess(factor, residuals)
  }

  get size(): number {
    return this.factor.size
  }

  /** K⁻¹ r: what a covariance with the observations is multiplied by to give a mean. */
  get weights(): Float64Array {
    this.#weights ??= this.factor.solve(this.#residuals)
    return this.#weights
  }

  /** One more observation: its prior covariances with those before, variance with noise, value. */
  append(covariances: Float64Array, variance: number, residual: number): void {
    this.factor.append(covariances, variance)
    const residuals = new Float64Array(this.#residuals.length + 1)
    residuals.set(this.#residuals)
    residuals[this.#residuals.length] = residual
    this.#residuals = residuals
    this.#weights = undefined
  }

  mean(covariances: Float64Array): number {
    return dot(covariances, 0, this.weights, 0, this.size)
  }

  /** Posterior variance of a point with this prior variance; never below 1e-12. */
  variance(covariances: Float64Array, prior: number): number {
    return this.varianceOf(this.factor.halfSolve(covariances), prior)
  }

  /** The same from L⁻¹ of the covariances. */
  varianceOf(half: Float64Array, prior: number): number {
    return Math.max(prior - dot(half, 0, half, 0, this.size), 1e-12)
  }

  /** Posterior covariance of two points. */
  covariance(first: Float64Array, second: Float64Array, prior: number): number {
    const a = this.factor.halfSolve(first)
    const b = this.factor.halfSolve(second)
    return prior - dot(a, 0, b, 0, this.size)
  }

  logMarginalLikelihood(): number {
    const n = this.size
    const fit = dot(this.#residuals, 0, this.weights, 0, n)
    return -0.5 * (fit + this.factor.logDeterminant() + n * Math.log(2 * Math.PI))
  }

  /** What every observation would have been predicted to be from the others; variance with its noise. */
  leaveOneOut(): { means: Float64Array; variances: Float64Array } {
    const n = this.size
    const { weights } = this
    const inverse = this.factor.inverse()
    const means = new Float64Array(n)
    const variances = new Float64Array(n)
    for (let i = 0; i < n; i += 1) {
      const precision = inverse[i * n + i] as number
      variances[i] = 1 / precision
      means[i] = (this.#residuals[i] as number) - (weights[i] as number) / precision
    }
    return { means, variances }
  }
}

/** Drop of a reference’s variance when a point with this posterior variance is measured. */
export function varianceReduction(covariance: number, variance: number, noise: number): number {
  return (covariance * covariance) / (variance + noise)
}
