import type { Configuration } from '../../shared/domain/configuration.js'
import { blockKey } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'
import type { Basis } from './physics.js'
import type { BasisRows } from './physical-mean.js'
import { stairSchemes } from './stairs.js'
import type { StairScheme } from './stairs.js'

/** Configurations as numbers, `count` rows in flat arrays. */
export interface Points {
  readonly count: number
  /** Index in the space, by row. */
  readonly indices: Uint32Array
  /** Logarithms of the axes that vary, scaled to 0…1 over the space; `axes` per row. */
  readonly x: Float64Array
  /** Nested categories from the widest to the block; `levels` per row. */
  readonly keys: Int32Array
  /** Bucket of the load under every stair scheme; `stairs` per row. */
  readonly buckets: Int32Array
}

interface Axis {
  readonly of: (configuration: Configuration) => number
  readonly low: number
  readonly span: number
}

const axisFunctions: readonly ((configuration: Configuration) => number)[] = [
  ({ load }) => Math.log2(load),
  ({ inputTokens }) => Math.log2(inputTokens),
  ({ outputTokens }) => Math.log2(outputTokens),
  ({ tensorParallel }) => Math.log2(tensorParallel),
]

/** From what all configurations share to what only one block has; every level refines the one before. */
const levelFunctions: readonly ((configuration: Configuration) => string)[] = [
  () => '',
  ({ model }) => model,
  ({ model, hardware }) => JSON.stringify([model, hardware]),
  ({ model, hardware, engine }) => JSON.stringify([model, hardware, engine]),
  (configuration) => blockKey({ ...configuration, tensorParallel: 0 }),
  blockKey,
]

/** Distinct values beyond which the load axis is dense enough for stairs to show. */
const denseLoads = 8

/** How configurations of one space become points: which axes vary, what is shared with what. */
export class Encoding {
  readonly axes: number
  readonly levels: number
  readonly stairs: readonly StairScheme[]
  /** The first axis is the load: stairs leave it out of their distance. */
  readonly loadVaries: boolean
  readonly #space: Space
  readonly #axes: readonly Axis[]
  readonly #levelFunctions: readonly ((configuration: Configuration) => string)[]
  readonly #keyIds: Map<string, number>[]

  /** @param universe indices that stand for the whole space. */
  constructor(space: Space, universe: Uint32Array) {
    this.#space = space
    const sample = Array.from(universe, (index) => space.at(index))
    this.#axes = varyingAxes(sample)
    this.axes = this.#axes.length
    this.loadVaries = this.#axes[0]?.of === axisFunctions[0]
    this.#levelFunctions = refiningLevels(sample)
    this.levels = this.#levelFunctions.length
    this.#keyIds = this.#levelFunctions.map(() => new Map<string, number>())
    const loads = [...new Set(sample.map(({ load }) => load))]
    this.stairs = this.loadVaries && loads.length >= denseLoads ? stairSchemes(loads) : []
  }

  points(indices: ArrayLike<number>): Points {
    const count = indices.length
    const x = new Float64Array(count * this.axes)
    const keys = new Int32Array(count * this.levels)
    const buckets = new Int32Array(count * this.stairs.length)
    for (let row = 0; row < count; row += 1) {
      const configuration = this.#space.at(indices[row] as number)
      this.#axes.forEach((axis, d) => {
        x[row * this.axes + d] = (axis.of(configuration) - axis.low) / axis.span
      })
      this.#levelFunctions.forEach((level, l) => {
        keys[row * this.levels + l] = this.#keyId(l, level(configuration))
      })
      this.stairs.forEach((scheme, s) => {
        buckets[row * this.stairs.length + s] = scheme.bucket(configuration.load)
      })
    }
    return { count, indices: Uint32Array.from(indices), x, keys, buckets }
  }

  /** Terms of a basis, each divided by its scale. */
  basisRows(indices: ArrayLike<number>, basis: Basis, scales: Float64Array): BasisRows {
    const terms = scales.length
    const values = new Float64Array(indices.length * terms)
    for (let row = 0; row < indices.length; row += 1) {
      const raw = basis(this.#space.at(indices[row] as number))
      for (let k = 0; k < terms; k += 1) {
        values[row * terms + k] = (raw[k] as number) / (scales[k] as number)
      }
    }
    return { terms, values }
  }

  #keyId(level: number, key: string): number {
    const ids = this.#keyIds[level] as Map<string, number>
    const known = ids.get(key)
    if (known !== undefined) return known
    ids.set(key, ids.size)
    return ids.size - 1
  }
}

/** Axes that vary and do not merely repeat an earlier one (input = output in every cell). */
function varyingAxes(sample: readonly Configuration[]): Axis[] {
  const kept: { axis: Axis; column: number[] }[] = []
  for (const of of axisFunctions) {
    const values = sample.map(of)
    const low = values.reduce((least, value) => Math.min(least, value), Infinity)
    const high = values.reduce((most, value) => Math.max(most, value), -Infinity)
    const span = high - low
    if (!(span > 0)) continue
    const column = values.map((value) => (value - low) / span)
    const repeats = kept.some((other) =>
      column.every((value, row) => Math.abs(value - (other.column[row] as number)) < 1e-9),
    )
    if (!repeats) kept.push({ axis: { of, low, span }, column })
  }
  return kept.map(({ axis }) => axis)
}

/** The levels that split what the level before holds together. */
function refiningLevels(
  sample: readonly Configuration[],
): ((configuration: Configuration) => string)[] {
  let groups = 0
  return levelFunctions.filter((level) => {
    const count = new Set(sample.map(level)).size
    if (count <= groups) return false
    groups = count
    return true
  })
}

/** Geometric mean of every term over the universe, so that scaled terms are comparable. */
export function basisScales(space: Space, universe: Uint32Array, basis: Basis): Float64Array {
  const sums: number[] = []
  const counts: number[] = []
  for (const index of universe) {
    basis(space.at(index)).forEach((term, k) => {
      if (!(term > 0)) return
      sums[k] = (sums[k] ?? 0) + Math.log(term)
      counts[k] = (counts[k] ?? 0) + 1
    })
  }
  const terms = basis(space.at(universe[0] as number)).length
  return Float64Array.from({ length: terms }, (_, k) =>
    Math.exp((sums[k] ?? 0) / Math.max(1, counts[k] ?? 0)),
  )
}
