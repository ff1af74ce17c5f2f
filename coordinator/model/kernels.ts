const root5 = Math.sqrt(5)

/** Matern-5/2 correlation at scaled distance `r`. */
export function matern52(r: number): number {
  return (1 + root5 * r + (5 / 3) * r * r) * Math.exp(-root5 * r)
}

/** Minus its derivative by r, divided by r: what a length scale’s gradient needs. Finite at 0. */
export function matern52Slope(r: number): number {
  return (5 / 3) * (1 + root5 * r) * Math.exp(-root5 * r)
}

/** Squared-exponential correlation at scaled distance `r`. */
export const squaredExponential = (r: number): number => Math.exp(-0.5 * r * r)

/** Distance of two points, every axis divided by its own length scale. */
export function scaledDistance(
  a: readonly number[],
  b: readonly number[],
  scales: readonly number[],
): number {
  let sum = 0
  for (let d = 0; d < scales.length; d += 1) {
    sum += (((a[d] as number) - (b[d] as number)) / (scales[d] as number)) ** 2
  }
  return Math.sqrt(sum)
}
