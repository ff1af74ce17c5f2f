import { dot } from './cholesky.js'

/** Length, as a part of a column’s own, below which it is a combination of others. */
const dependent = 1e-9

/** What is left of vectors once some columns are fitted to them: least squares by Gram-Schmidt. */
export class Projection {
  readonly #basis: Float64Array[] = []

  get rank(): number {
    return this.#basis.length
  }

  /** @returns a new vector, orthogonal to every column. */
  remainder(vector: Float64Array): Float64Array {
    const left = Float64Array.from(vector)
    // Twice, so that rounding leaves nothing of a column.
    for (let round = 0; round < 2; round += 1) {
      for (const unit of this.#basis) {
        const part = dot(left, 0, unit, 0, left.length)
        for (let i = 0; i < left.length; i += 1) {
          left[i] = (left[i] as number) - part * (unit[i] as number)
        }
      }
    }
    return left
  }

  /** Adds a column, unless those before it say the same. */
  add(column: Float64Array): void {
    const left = this.remainder(column)
    const length = Math.sqrt(dot(left, 0, left, 0, left.length))
    if (length <= dependent * Math.sqrt(dot(column, 0, column, 0, column.length))) return
    this.#basis.push(left.map((value) => value / length))
  }
}
