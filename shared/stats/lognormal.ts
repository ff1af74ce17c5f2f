import { normalCdf } from './special-functions.js'

/**
 * What a normal error of the logarithm does to the relative error: estimate / truth = exp(X) with
 * X ~ N(bias, sd²).
 */

/** Mean of |exp(X) - 1|: the expected relative error. */
export function lognormalMape(sd: number, bias = 0): number {
  if (sd === 0) return Math.abs(Math.expm1(bias))
  const balance = (x: number) => 2 * normalCdf(x) - 1
  const growth = Math.exp(bias + sd ** 2 / 2)
  return growth * balance(sd + bias / sd) - balance(bias / sd)
}

/** Probability that |exp(X) - 1| is at most `tolerance` (below 1). */
export function lognormalShareWithin(tolerance: number, sd: number, bias = 0): number {
  if (sd === 0) return Math.abs(Math.expm1(bias)) <= tolerance ? 1 : 0
  const below = (ratio: number) => normalCdf((Math.log(ratio) - bias) / sd)
  return below(1 + tolerance) - below(1 - tolerance)
}
