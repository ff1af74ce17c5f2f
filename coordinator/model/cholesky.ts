import { exhaust } from './steps.js'
import type { Steps } from './steps.js'

/** Dense symmetric positive definite algebra on flat row-major arrays. Nothing here allocates in a loop. */

/** Inner product of `a[ai …]` and `b[bi …]`, `count` long. */
export function dot(
  a: Float64Array,
  ai: number,
  b: Float64Array,
  bi: number,
  count: number,
): number {
  // Four sums at a time: one alone would wait for its own last addition.
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  const whole = count - (count % 4)
  let k = 0
  for (; k < whole; k += 4) {
    first += (a[ai + k] as number) * (b[bi + k] as number)
    second += (a[ai + k + 1] as number) * (b[bi + k + 1] as number)
    third += (a[ai + k + 2] as number) * (b[bi + k + 2] as number)
    fourth += (a[ai + k + 3] as number) * (b[bi + k + 3] as number)
  }
  for (; k < count; k += 1) first += (a[ai + k] as number) * (b[bi + k] as number)
  return first + second + (third + fourth)
}

/**
 * Product of a square matrix with the vector at `b[bi …]`, written to `result[ri …]`: every entry as
 * {@link dot} gives it, two at a time, so that what they share is read once.
 */
export function multiply(
  matrix: Float64Array,
  n: number,
  b: Float64Array,
  bi: number,
  result: Float64Array,
  ri: number,
): void {
  const whole = n - (n % 4)
  const pairs = n - (n % 2)
  for (let row = 0; row < pairs; row += 2) {
    const upper = row * n
    const lower = upper + n
    let [u1, u2, u3, u4] = [0, 0, 0, 0]
    let [l1, l2, l3, l4] = [0, 0, 0, 0]
    for (let k = 0; k < whole; k += 4) {
      const b1 = b[bi + k] as number
      const b2 = b[bi + k + 1] as number
      const b3 = b[bi + k + 2] as number
      const b4 = b[bi + k + 3] as number
      u1 += (matrix[upper + k] as number) * b1
      u2 += (matrix[upper + k + 1] as number) * b2
      u3 += (matrix[upper + k + 2] as number) * b3
      u4 += (matrix[upper + k + 3] as number) * b4
      l1 += (matrix[lower + k] as number) * b1
      l2 += (matrix[lower + k + 1] as number) * b2
      l3 += (matrix[lower + k + 2] as number) * b3
      l4 += (matrix[lower + k + 3] as number) * b4
    }
    for (let k = whole; k < n; k += 1) {
      u1 += (matrix[upper + k] as number) * (b[bi + k] as number)
      l1 += (matrix[lower + k] as number) * (b[bi + k] as number)
    }
    result[ri + row] = u1 + u2 + (u3 + u4)
    result[ri + row + 1] = l1 + l2 + (l3 + l4)
  }
  if (pairs < n) result[ri + pairs] = dot(matrix, pairs * n, b, bi, n)
}

/** Multiplications that a step of a few milliseconds gets through. */
const productsPerStep = 5e6

/** Factorises the lower triangle of `a` in place. False when it is not positive definite. */
export function choleskyInPlace(a: Float64Array, n: number, stride = n): boolean {
  return factoriseRows(a, 0, n, stride)
}

/** The rows `first` … `end` - 1, given those before. */
function factoriseRows(a: Float64Array, first: number, end: number, stride: number): boolean {
  for (let i = first; i < end; i += 1) {
    const row = i * stride
    for (let j = 0; j < i; j += 1) {
      const other = j * stride
      a[row + j] = ((a[row + j] as number) - dot(a, row, a, other, j)) / (a[other + j] as number)
    }
    const pivot = (a[row + i] as number) - dot(a, row, a, row, i)
    if (!(pivot > 0)) return false
    a[row + i] = Math.sqrt(pivot)
  }
  return true
}

/** The same as {@link choleskyInPlace}, step by step. */
function* factoriseInSteps(a: Float64Array, n: number, stride: number): Steps<boolean> {
  let first = 0
  for (;;) {
    // Row i takes i²/2 products.
    const end = Math.min(n, Math.ceil(Math.cbrt(first ** 3 + 6 * productsPerStep)))
    if (!factoriseRows(a, first, end, stride)) return false
    if (end === n) return true
    first = end
    yield
  }
}

/**
 * Lower Cholesky factor of a symmetric matrix that can grow by one row at a time.
 * A matrix that is only nearly positive definite gets jitter on its diagonal, at most 1e-4.
 */
export class CholeskyFactor {
  #stride: number
  #values: Float64Array
  #size: number
  /** What was added to the diagonal to make it positive definite. */
  readonly jitter: number

  private constructor(values: Float64Array, size: number, stride: number, jitter: number) {
    this.#values = values
    this.#size = size
    this.#stride = stride
    this.jitter = jitter
  }

  /** @throws RangeError when the matrix is far from positive definite. */
  static of(matrix: Float64Array, n: number): CholeskyFactor {
    return exhaust(CholeskyFactor.inSteps(matrix, n))
  }

  /** @throws RangeError when the matrix is far from positive definite. */
  static *inSteps(matrix: Float64Array, n: number, spare = 16): Steps<CholeskyFactor> {
    const stride = n + spare
    for (let jitter = 0; jitter <= 1e-4; jitter = jitter === 0 ? 1e-9 : jitter * 10) {
      const values = new Float64Array(stride * stride)
      for (let i = 0; i < n; i += 1) {
        for (let j = 0; j <= i; j += 1) values[i * stride + j] = matrix[i * n + j] as number
        values[i * stride + i] = (matrix[i * n + i] as number) + jitter
      }
      if (yield* factoriseInSteps(values, n, stride))
        return new CholeskyFactor(values, n, stride, jitter)
    }
    throw new RangeError('matrix is not positive definite')
  }

  get size(): number {
    return this.#size
  }

  at(i: number, j: number): number {
    return this.#values[i * this.#stride + j] as number
  }

  /** Appends one row of the matrix: its covariances with the rows before, then its diagonal. */
  append(covariances: Float64Array, diagonal: number): void {
    if (this.#size === this.#stride) this.#grow()
    const n = this.#size
    const row = this.halfSolve(covariances)
    const offset = n * this.#stride
    for (let j = 0; j < n; j += 1) this.#values[offset + j] = row[j] as number
    const pivot = diagonal + this.jitter - dot(row, 0, row, 0, n)
    this.#values[offset + n] = Math.sqrt(Math.max(pivot, 1e-12))
    this.#size = n + 1
  }

  #grow(): void {
    const stride = Math.ceil(this.#stride * 1.5) + 16
    const values = new Float64Array(stride * stride)
    for (let i = 0; i < this.#size; i += 1) {
      const row = this.#values.subarray(i * this.#stride, i * this.#stride + i + 1)
      values.set(row, i * stride)
    }
    this.#values = values
    this.#stride = stride
  }

  /**
   * L⁻¹ b, for the first `size` entries of b.
   *
   * @param known its first entries, from before rows were appended.
   */
  halfSolve(b: Float64Array, known: Float64Array = new Float64Array(0)): Float64Array {
    const n = this.#size
    const result = new Float64Array(n)
    result.set(known)
    for (let i = known.length; i < n; i += 1) {
      const row = i * this.#stride
      const sum = (b[i] as number) - dot(this.#values, row, result, 0, i)
      result[i] = sum / (this.#values[row + i] as number)
    }
    return result
  }

  /** (L Lᵀ)⁻¹ b. */
  solve(b: Float64Array): Float64Array {
    const n = this.#size
    const result = this.halfSolve(b)
    for (let i = n - 1; i >= 0; i -= 1) {
      const row = i * this.#stride
      const value = (result[i] as number) / (this.#values[row + i] as number)
      result[i] = value
      for (let j = 0; j < i; j += 1) {
        result[j] = (result[j] as number) - value * (this.#values[row + j] as number)
      }
    }
    return result
  }

  /** The inverse of the matrix, symmetric, row-major. */
  inverse(): Float64Array {
    const n = this.#size
    // Rows of `lower` are the columns of L⁻¹ from the diagonal on, so that products run along rows.
    const lower = new Float64Array(n * n)
    for (let column = 0; column < n; column += 1) {
      const at = column * n
      lower[at + column] = 1 / this.at(column, column)
      for (let i = column + 1; i < n; i += 1) {
        const row = i * this.#stride
        const sum = dot(this.#values, row + column, lower, at + column, i - column)
        lower[at + i] = -sum / (this.#values[row + i] as number)
      }
    }
    const inverse = new Float64Array(n * n)
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const value = dot(lower, i * n + i, lower, j * n + i, n - i)
        inverse[i * n + j] = value
        inverse[j * n + i] = value
      }
    }
    return inverse
  }

  logDeterminant(): number {
    let sum = 0
    for (let i = 0; i < this.#size; i += 1) sum += Math.log(this.at(i, i))
    return 2 * sum
  }
}
