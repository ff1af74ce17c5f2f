import { createRandom } from './random.js'
import type { Random } from './random.js'

/** A sequence of points in the unit cube [0, 1)^d. */
export interface PointSequence {
  next(): number[]
}

interface Polynomial {
  /** Coefficients between the first and last of a primitive polynomial over GF(2), as bits. */
  readonly a: number
  /** Initial direction numbers; their count is the polynomial’s degree. */
  readonly m: readonly number[]
}

/** Joe and Kuo (2008), table new-joe-kuo-6.21201, dimensions 2 to 21; dimension 1 is van der Corput. */
const polynomials: readonly Polynomial[] = [
  { a: 0, m: [1] },
  { a: 1, m: [1, 3] },
  { a: 1, m: [1, 3, 1] },
  { a: 2, m: [1, 1, 1] },
  { a: 1, m: [1, 1, 3, 3] },
  { a: 4, m: [1, 3, 5, 13] },
  { a: 2, m: [1, 1, 5, 5, 17] },
  { a: 4, m: [1, 1, 5, 5, 5] },
  { a: 7, m: [1, 1, 7, 11, 19] },
  { a: 11, m: [1, 1, 5, 1, 1] },
  { a: 13, m: [1, 1, 1, 3, 11] },
  { a: 14, m: [1, 3, 5, 5, 31] },
  { a: 1, m: [1, 3, 3, 9, 7, 49] },
  { a: 13, m: [1, 1, 1, 15, 21, 21] },
  { a: 16, m: [1, 3, 1, 13, 27, 49] },
  { a: 19, m: [1, 1, 1, 15, 7, 5] },
  { a: 22, m: [1, 3, 1, 15, 13, 25] },
  { a: 25, m: [1, 1, 5, 5, 19, 61] },
  { a: 1, m: [1, 3, 7, 11, 23, 15, 103] },
  { a: 4, m: [1, 3, 7, 13, 13, 15, 69] },
]

export const maxSobolDimensions = polynomials.length + 1

const bits = 32

/** The 32 direction numbers of one dimension, most significant bit first. */
function directions(dimension: number): Uint32Array {
  const v = new Uint32Array(bits)
  const polynomial = dimension === 0 ? undefined : polynomials[dimension - 1]
  if (polynomial === undefined) {
    for (let i = 0; i < bits; i += 1) v[i] = 2 ** (bits - 1 - i)
    return v
  }
  const { a, m } = polynomial
  const degree = m.length
  for (let i = 0; i < bits; i += 1) {
    if (i < degree) {
      v[i] = (m[i] as number) << (bits - 1 - i)
      continue
    }
    const back = v[i - degree] as number
    let value = back ^ (back >>> degree)
    for (let k = 1; k < degree; k += 1) {
      if (((a >>> (degree - 1 - k)) & 1) === 1) value ^= v[i - k] as number
    }
    v[i] = value
  }
  return v
}

function sequence(v: readonly Uint32Array[], shift: Uint32Array): PointSequence {
  const state = Uint32Array.from(shift)
  let drawn = 0
  return {
    next() {
      if (drawn > 0) {
        // Gray-code order: flip the direction of the lowest zero bit of the previous index.
        const flipped = 31 - Math.clz32(~(drawn - 1) & drawn)
        v.forEach((direction, d) => {
          state[d] = (state[d] as number) ^ (direction[flipped] as number)
        })
      }
      drawn += 1
      return Array.from(state, (value) => value / 2 ** bits)
    },
  }
}

function checkDimensions(dimensions: number): void {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > maxSobolDimensions) {
    throw new RangeError(`a Sobol sequence has 1 to ${maxSobolDimensions} dimensions`)
  }
}

/**
 * The Sobol sequence with the direction numbers of Joe and Kuo, point 0 included. The first 2^k
 * points of any axis hit each of its 2^k equal cells once.
 *
 * @throws RangeError outside 1 … {@link maxSobolDimensions} dimensions.
 */
export function sobol(dimensions: number): PointSequence {
  checkDimensions(dimensions)
  const v = Array.from({ length: dimensions }, (_, d) => directions(d))
  return sequence(v, new Uint32Array(dimensions))
}

const randomWord = (random: Random): number => random.below(2 ** bits)

/** Multiplies by a random lower-triangular bit matrix with ones on its diagonal (Matousek 1998). */
function matrixScrambled(v: Uint32Array, random: Random): Uint32Array {
  // rows[i] selects the input bits, most significant first, that add up to output bit i.
  const rows = Array.from({ length: bits }, (_, i) => {
    const diagonal = 2 ** (bits - 1 - i)
    const above = ~(diagonal * 2 - 1) >>> 0
    return ((randomWord(random) & (i === 0 ? 0 : above)) | diagonal) >>> 0
  })
  return v.map((direction) =>
    rows.reduce(
      (word, row, i) => (parity(row & direction) ? word | (1 << (bits - 1 - i)) : word),
      0,
    ),
  )
}

function parity(word: number): boolean {
  let folded = word ^ (word >>> 16)
  folded ^= folded >>> 8
  folded ^= folded >>> 4
  folded ^= folded >>> 2
  folded ^= folded >>> 1
  return (folded & 1) === 1
}

/**
 * The same sequence under a random linear matrix scramble and a digital shift: every point is
 * uniform in the cube, and the stratification of {@link sobol} is kept.
 *
 * @throws RangeError as {@link sobol}.
 */
export function scrambledSobol(dimensions: number, seed: number): PointSequence {
  checkDimensions(dimensions)
  const random = createRandom(seed).fork('sobol')
  const v = Array.from({ length: dimensions }, (_, d) => matrixScrambled(directions(d), random))
  return sequence(
    v,
    Uint32Array.from({ length: dimensions }, () => randomWord(random)),
  )
}
