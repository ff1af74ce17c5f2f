import jStat from 'jstat'

/**
 * Distribution functions and their inverses, by jstat: relative error below 1e-7, which no
 * measurement here resolves. The only file that imports it.
 */

function checkProbability(probability: number): void {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`a probability inside 0 to 1 is needed, not ${probability}`)
  }
}

/** @throws RangeError for a probability outside (0, 1). */
export function normalQuantile(probability: number): number {
  checkProbability(probability)
  return jStat.normal.inv(probability, 0, 1)
}

export const normalCdf = (x: number): number => jStat.normal.cdf(x, 0, 1)

/** @throws RangeError for a probability outside (0, 1). */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  checkProbability(probability)
  return jStat.studentt.inv(probability, degreesOfFreedom)
}

export const studentTCdf = (t: number, degreesOfFreedom: number): number =>
  jStat.studentt.cdf(t, degreesOfFreedom)

/** @throws RangeError for a probability outside (0, 1). */
export function betaQuantile(probability: number, a: number, b: number): number {
  checkProbability(probability)
  return jStat.ibetainv(probability, a, b)
}

/** @throws RangeError for a probability outside (0, 1). */
export function chiSquareQuantile(probability: number, degreesOfFreedom: number): number {
  checkProbability(probability)
  return jStat.chisquare.inv(probability, degreesOfFreedom)
}

/** Natural logarithm of the binomial coefficient `n` over `k`. */
export function logBinomialCoefficient(n: number, k: number): number {
  return jStat.gammaln(n + 1) - jStat.gammaln(k + 1) - jStat.gammaln(n - k + 1)
}
