import type { Steps } from './steps.js'

/** Value of a smooth function at `x`; writes its gradient into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k += 1) sum += (a[k] as number) * (b[k] as number)
  return sum
}

/** Folds one step and its change of gradient into the inverse Hessian (BFGS). */
function updateInverse(inverse: Float64Array, step: Float64Array, change: Float64Array): void {
  const n = step.length
  const curvature = product(step, change)
  if (!(curvature > 1e-10)) return
  const image = new Float64Array(n)
  for (let i = 0; i < n; i += 1) {
    let sum = 0
    for (let j = 0; j < n; j += 1) sum += (inverse[i * n + j] as number) * (change[j] as number)
    image[i] = sum
  }
  const scale = (1 + product(change, image) / curvature) / curvature
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      const at = i * n + j
      inverse[at] =
        (inverse[at] as number) +
        scale * (step[i] as number) * (step[j] as number) -
        ((image[i] as number) * (step[j] as number) + (step[i] as number) * (image[j] as number)) /
          curvature
    }
  }
}

/**
 * Quasi-Newton descent (BFGS, backtracking, steps of at most 1 per coordinate), one call at a time.
 *
 * @returns the best point seen within `evaluations` calls.
 */
export function* minimise(
  objective: Objective,
  start: Float64Array,
  evaluations: number,
): Steps<Float64Array> {
  const n = start.length
  let point = Float64Array.from(start)
  let gradient = new Float64Array(n)
  let value = objective(point, gradient)
  const inverse = new Float64Array(n * n)
  for (let k = 0; k < n; k += 1)
    inverse[k * n + k] = 1 / Math.max(1, Math.sqrt(product(gradient, gradient)))
  let used = 1
  while (used < evaluations) {
    const direction = new Float64Array(n)
    for (let i = 0; i < n; i += 1) {
      let sum = 0
      for (let j = 0; j < n; j += 1) sum -= (inverse[i * n + j] as number) * (gradient[j] as number)
      direction[i] = sum
    }
    const descent = product(direction, gradient)
    if (!(descent < -1e-9)) break
    const longest = direction.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
    let length = Math.min(1, 1 / longest)
    let moved = false
    while (used < evaluations && length > 1e-4) {
      const next = point.map((each, k) => each + length * (direction[k] as number))
      const nextGradient = new Float64Array(n)
      yield
      const nextValue = objective(next, nextGradient)
      used += 1
      if (nextValue < value + 1e-4 * length * descent) {
        const step = next.map((each, k) => each - (point[k] as number))
        const change = nextGradient.map((each, k) => each - (gradient[k] as number))
        updateInverse(inverse, step, change)
        const gained = value - nextValue
        point = next
        gradient = nextGradient
        value = nextValue
        moved = gained > 1e-4
        break
      }
      length *= 0.4
    }
    if (!moved) break
  }
  return point
}
