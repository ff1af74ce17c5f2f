import { createRandom } from '../../shared/stats/random.js'

/** Configurations that stand for a space too large to be listed. */
export const universeLimit = 50_000

/** Ascending indices: all of them, or a seeded sample without replacement. */
export function universeOf(size: number, seed: number, limit = universeLimit): Uint32Array {
  if (size <= limit) return Uint32Array.from({ length: size }, (_, index) => index)
  const random = createRandom(seed).fork('universe')
  const chosen = new Set<number>()
  while (chosen.size < limit) chosen.add(random.below(size))
  return Uint32Array.from(chosen).sort()
}

/**
 * A pseudo-random order of 0 … size-1 that is never listed: place k is computed on demand
 * (a four-round Feistel network over the next even power of two, walking past what is too large).
 */
export class SeededOrder {
  readonly #size: number
  readonly #half: number
  readonly #mask: number
  readonly #keys: readonly number[]

  constructor(size: number, seed: number) {
    this.#size = size
    const bits = Math.max(2, Math.ceil(Math.log2(Math.max(2, size))))
    this.#half = Math.ceil(bits / 2)
    this.#mask = 2 ** this.#half - 1
    const random = createRandom(seed)
    this.#keys = Array.from({ length: 4 }, () => random.below(0xffffffff))
  }

  at(place: number): number {
    let value = place
    do {
      value = this.#shuffle(value)
    } while (value >= this.#size)
    return value
  }

  #shuffle(value: number): number {
    let left = Math.floor(value / (this.#mask + 1))
    let right = value & this.#mask
    for (const key of this.#keys) {
      let hash = Math.imul(right ^ key, 0x85ebca6b)
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
      const next = (left ^ (hash ^ (hash >>> 16))) & this.#mask
      left = right
      right = next
    }
    return left * (this.#mask + 1) + right
  }
}

/** `count` rows, spread pseudo-randomly but the same for the same indices. */
export function spreadSample(indices: Uint32Array, count: number): number[] {
  const mixed = (index: number): number => {
    let hash = Math.imul(index ^ 0x9e3779b9, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return (hash ^ (hash >>> 16)) >>> 0
  }
  return Array.from(indices, (index, row) => ({ row, rank: mixed(index) }))
    .sort((a, b) => a.rank - b.rank || a.row - b.row)
    .slice(0, count)
    .map(({ row }) => row)
    .sort((a, b) => a - b)
}
