import { blockKey } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'

/** Where a block’s configurations lie in the space, and what its engine must be able to take. */
export interface BlockExtent {
  /** Configurations are numbers first … first+count-1. */
  readonly first: number
  readonly count: number
  readonly maxLoad: number
  /** Longest prompt plus output of one request, in tokens. */
  readonly maxContextTokens: number
}

/**
 * The blocks of a space. A space numbers the configurations of a block one after another, so each
 * block’s end is found by bisection; extents are computed when first asked for.
 */
export class BlockExtents {
  readonly #space: Space
  readonly #ranges: ReadonlyMap<string, { readonly first: number; readonly count: number }>
  readonly #extents = new Map<string, BlockExtent>()

  constructor(space: Space) {
    this.#space = space
    const ranges = new Map<string, { first: number; count: number }>()
    for (let first = 0; first < space.size;) {
      const key = blockKey(space.at(first))
      const end = this.#endOf(first, key)
      ranges.set(key, { first, count: end - first })
      first = end
    }
    this.#ranges = ranges
  }

  get count(): number {
    return this.#ranges.size
  }

  /** One configuration of each block. */
  representatives(): Configuration[] {
    return [...this.#ranges.values()].map(({ first }) => this.#space.at(first))
  }

  /** One configuration of a block; undefined for a block that is not in the space. */
  representative(key: string): Configuration | undefined {
    const range = this.#ranges.get(key)
    return range === undefined ? undefined : this.#space.at(range.first)
  }

  /** Undefined for a block that is not in the space. */
  of(key: string): BlockExtent | undefined {
    const known = this.#extents.get(key)
    if (known !== undefined) return known
    const range = this.#ranges.get(key)
    if (range === undefined) return undefined
    let maxLoad = 0
    let maxContextTokens = 0
    for (let index = range.first; index < range.first + range.count; index += 1) {
      const { load, inputTokens, outputTokens } = this.#space.at(index)
      maxLoad = Math.max(maxLoad, load)
      maxContextTokens = Math.max(maxContextTokens, inputTokens + outputTokens)
    }
    const extent = { ...range, maxLoad, maxContextTokens }
    this.#extents.set(key, extent)
    return extent
  }

  /** One past the last configuration from `first` on that is in block `key`. */
  #endOf(first: number, key: string): number {
    let inside = first
    let step = 1
    while (inside + step < this.#space.size && blockKey(this.#space.at(inside + step)) === key) {
      inside += step
      step *= 2
    }
    let outside = Math.min(inside + step, this.#space.size)
    while (outside - inside > 1) {
      const middle = (inside + outside) >>> 1
      if (blockKey(this.#space.at(middle)) === key) inside = middle
      else outside = middle
    }
    return outside
  }
}
