import type { Interval } from '../domain/meta-metrics.js'
import { betaQuantile, logBinomialCoefficient } from './special-functions.js'

/**
 * Probability that at most `successes` of `trials` succeed. Summed term by term from the largest
 * down, so that its relative error stays near 1e-9 whatever the size.
 */
export function binomialCdf(successes: number, trials: number, probability: number): number {
  if (successes < 0) return 0
  if (successes >= trials || probability <= 0) return 1
  if (probability >= 1) return 0
  const mode = Math.min(Math.floor((trials + 1) * probability), trials)
  const odds = probability / (1 - probability)
  if (successes > mode) return 1 - binomialCdf(trials - successes - 1, trials, 1 - probability)
  let term = Math.exp(
    logBinomialCoefficient(trials, successes) +
      successes * Math.log(probability) +
      (trials - successes) * Math.log1p(-probability),
  )
  let sum = 0
  for (let k = successes; k >= 0 && term > sum * 1e-17; k -= 1) {
    sum += term
    term *= k / ((trials - k + 1) * odds)
  }
  return Math.min(sum, 1)
}

/** Two-sided interval of a share by Clopper and Pearson (1934): covers at least `confidence`, always. */
export function binomialInterval(
  successes: number,
  trials: number,
  confidence: number,
): Interval | undefined {
  if (trials === 0) return undefined
  const tail = (1 - confidence) / 2
  const failures = trials - successes
  return {
    value: successes / trials,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  }
}
