import { createRandom, shuffled } from './random.js'

/**
 * `count` points in the unit cube of which every axis has exactly one in each of `count` equal
 * strata, at a uniform place inside it (McKay, Beckman, Conover 1979).
 */
export function latinHypercube(count: number, dimensions: number, seed: number): number[][] {
  const random = createRandom(seed).fork('latin-hypercube')
  const strata = Array.from({ length: count }, (_, stratum) => stratum)
  const columns = Array.from({ length: dimensions }, () =>
    // Rounding may carry (stratum + u) / count into the next stratum: hold it back.
    shuffled(strata, random).map((stratum) =>
      Math.min((stratum + random.next()) / count, below(stratum + 1, count)),
    ),
  )
  return strata.map((point) => columns.map((column) => column[point] as number))
}

/** The largest double that still lies in the stratum that ends at `end / count`. */
function below(end: number, count: number): number {
  let value = (end / count) * (1 - Number.EPSILON)
  while (Math.floor(value * count) >= end) value *= 1 - Number.EPSILON
  return value
}
