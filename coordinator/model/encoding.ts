import type { Configuration } from '../../shared/domain/configuration.js'
import { blockKey } from '../../shared/domain/configuration.js'
import type { PastRow } from '../../shared/domain/past.js'
import type { Space } from '../../shared/domain/space.js'
import { median, quantile, sorted } from '../../shared/stats/quantile.js'
import { levelsOf } from './levels.js'
import type { Levels, Placed } from './levels.js'
import { devicePower, tokenDemand } from './physics.js'
import type { Basis } from './physics.js'
import type { BasisRows } from './physical-mean.js'
import { bucketsAt, stairSchemes } from './stairs.js'
import type { StairScheme } from './stairs.js'

/** Tokens that the engine of a configuration keeps in memory at once. */
export type CapacityOf = (configuration: Configuration) => number

/** What is known of where memory ends. */
export interface MemoryLimits {
  /** Tokens kept at once; Infinity where no limit is known. */
  readonly of: CapacityOf
  /** Tokens between which a limit that measurements showed lies; undefined where none did. */
  readonly between: (configuration: Configuration) => LimitBand | undefined
}

export interface LimitBand {
  readonly low: number
  readonly high: number
}

/** Configurations as numbers, `count` rows in flat arrays. */
export interface Points {
  readonly count: number
  /** Index in the space, by row; what past sweeps measured comes behind it. */
  readonly indices: Uint32Array
  /** Logarithms of the axes that vary, scaled to 0…1 over the space; `axes` per row. */
  readonly x: Float64Array
  /** Nested categories from the widest to the block; `levels` per row. */
  readonly keys: Int32Array
  /** Number of the sweep that measured it, by row: 0 for the one at hand. */
  readonly origins: Int32Array
  /** 0…1: how far the tokens kept in memory reach into the upper quarter of the space; by row. */
  readonly pressure: Float64Array
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

/** Distinct values beyond which the load axis is dense enough for stairs to show. */
const denseLoads = 8

/** What never changes of how the configurations of one space become points. */
interface SpaceShape {
  readonly axes: readonly Axis[]
  readonly levels: Levels
  readonly originIds: ReadonlyMap<string, number>
  readonly keyIds: readonly Map<string, number>[]
  readonly demand: { readonly low: number; readonly span: number }
  readonly stairs: readonly StairScheme[]
}

/** How configurations of one space become points: which axes vary, what is shared with what. */
export class Encoding {
  readonly axes: number
  readonly levels: number
  /** Level from which blocks differ in devices only. */
  readonly groupLevel: number
  readonly stairs: readonly StairScheme[]
  /** The first axis is the load: stairs leave it out of their distance. */
  readonly loadVaries: boolean
  /** Hears of past sweeps. */
  readonly hasPast: boolean
  readonly #space: Space
  readonly #past: readonly PastRow[]
  readonly #shape: SpaceShape
  readonly #limited: Set<string>
  readonly #captured: Map<string, StairScheme>

  private constructor(
    space: Space,
    past: readonly PastRow[],
    shape: SpaceShape,
    limited: ReadonlySet<string> = new Set(),
    captured: ReadonlyMap<string, StairScheme> = new Map(),
  ) {
    this.#space = space
    this.#past = past
    this.#shape = shape
    this.#limited = new Set(limited)
    this.#captured = new Map(captured)
    this.axes = shape.axes.length
    this.loadVaries = shape.axes[0]?.of === axisFunctions[0]
    this.levels = shape.levels.keys.length
    this.groupLevel = shape.levels.groupLevel
    this.hasPast = past.length > 0
    this.stairs = shape.stairs
  }

  /**
   * @param universe indices that stand for the whole space.
   * @param past what earlier sweeps measured: indices from the space’s size on.
   */
  static of(space: Space, universe: Uint32Array, past: readonly PastRow[] = []): Encoding {
    const own = Array.from(universe, (index) => space.at(index))
    return new Encoding(space, past, shapeOf(own, past))
  }

  isPast(index: number): boolean {
    return index >= this.#space.size
  }

  configurationAt(index: number): Configuration {
    return this.#placedAt(index).configuration
  }

  #placedAt(index: number): Placed {
    return (
      this.#past[index - this.#space.size] ?? { configuration: this.#space.at(index), origin: '' }
    )
  }

  /** One that hears of engines for itself. */
  copy(): Encoding {
    return new Encoding(this.#space, this.#past, this.#shape, this.#limited, this.#captured)
  }

  /** The sizes an engine pads to replace the guess of the first scheme for its block. True when news. */
  tellCaptureSizes(key: string, sizes: readonly number[]): boolean {
    const name = `captures ${sizes.join(' ')}`
    if (this.#captured.get(key)?.name === name) return false
    this.#captured.set(key, bucketsAt(name, sizes))
    return true
  }

  /** The memory limit of a block is known: nothing unforeseen happens there. */
  tellLimited(key: string): void {
    this.#limited.add(key)
  }

  /** In the unit cube of the axes that vary, one row after the other. */
  coordinates(indices: ArrayLike<number>): { axes: number; x: Float64Array } {
    return { axes: this.axes, x: this.points(indices).x }
  }

  points(indices: ArrayLike<number>): Points {
    const count = indices.length
    const x = new Float64Array(count * this.axes)
    const keys = new Int32Array(count * this.levels)
    const origins = new Int32Array(count)
    const pressure = new Float64Array(count)
    const buckets = new Int32Array(count * this.stairs.length)
    for (let row = 0; row < count; row += 1) {
      const placed = this.#placedAt(indices[row] as number)
      const { configuration } = placed
      this.#shape.axes.forEach((axis, d) => {
        x[row * this.axes + d] = (axis.of(configuration) - axis.low) / axis.span
      })
      this.#shape.levels.keys.forEach((key, l) => {
        keys[row * this.levels + l] = this.#keyId(l, key(placed))
      })
      origins[row] = this.#shape.originIds.get(placed.origin) ?? 0
      pressure[row] = this.#pressure(configuration)
      this.stairs.forEach((scheme, s) => {
        const told = s === 0 ? this.#captured.get(blockKey(configuration)) : undefined
        buckets[row * this.stairs.length + s] = (told ?? scheme).bucket(configuration.load)
      })
    }
    return { count, indices: Uint32Array.from(indices), x, keys, origins, pressure, buckets }
  }

  /** Terms of a basis, each divided by its scale. */
  basisRows(
    indices: ArrayLike<number>,
    basis: Basis,
    scales: Float64Array,
    capacityOf: CapacityOf,
  ): BasisRows {
    const terms = scales.length
    const values = new Float64Array(indices.length * terms)
    for (let row = 0; row < indices.length; row += 1) {
      const configuration = this.configurationAt(indices[row] as number)
      const raw = basis.terms(configuration, capacityOf(configuration))
      for (let k = 0; k < terms; k += 1) {
        values[row * terms + k] = (raw[k] as number) / (scales[k] as number)
      }
    }
    const freedom = basis.freedom === undefined ? undefined : Float64Array.from(basis.freedom)
    return { terms, values, freedom }
  }

  /** None where the engine said how much it can keep. */
  #pressure(configuration: Configuration): number {
    if (this.#limited.has(blockKey(configuration))) return 0
    const { low, span } = this.#shape.demand
    return Math.max(0, Math.min(1, (demandPerDevice(configuration) - low) / span))
  }

  #keyId(level: number, key: string): number {
    const ids = this.#shape.keyIds[level] as Map<string, number>
    const known = ids.get(key)
    if (known !== undefined) return known
    ids.set(key, ids.size)
    return ids.size - 1
  }
}

function shapeOf(own: readonly Configuration[], past: readonly PastRow[]): SpaceShape {
  const axes = varyingAxes(
    own,
    past.map(({ configuration }) => configuration),
  )
  const levels = levelsOf(own, past)
  const demands = sorted(own.map(demandPerDevice))
  const low = quantile(demands, 0.75)
  const loads = [...new Set(own.map(({ load }) => load))]
  const isDense = axes[0]?.of === axisFunctions[0] && loads.length >= denseLoads
  const origins = ['', ...new Set(past.map(({ origin }) => origin))]
  return {
    axes,
    levels,
    originIds: new Map(origins.map((origin, id) => [origin, id])),
    keyIds: levels.keys.map(() => new Map<string, number>()),
    demand: { low, span: Math.max(1e-9, quantile(demands, 1) - low) },
    stairs: isDense ? stairSchemes(loads) : [],
  }
}

const demandPerDevice = (configuration: Configuration): number =>
  Math.log2(tokenDemand(configuration) / configuration.tensorParallel ** devicePower)

/**
 * Axes that vary and do not merely repeat an earlier one (input = output in every cell), each scaled
 * to what the space spans of it.
 */
function varyingAxes(own: readonly Configuration[], past: readonly Configuration[]): Axis[] {
  const kept: { axis: Axis; column: number[] }[] = []
  for (const of of axisFunctions) {
    const axis = spanOf(of, own) ?? spanOf(of, [...own, ...past])
    if (axis === undefined) continue
    const column = [...own, ...past].map((each) => (of(each) - axis.low) / axis.span)
    const repeats = kept.some((other) =>
      column.every((value, row) => Math.abs(value - (other.column[row] as number)) < 1e-9),
    )
    if (!repeats) kept.push({ axis, column })
  }
  return kept.map(({ axis }) => axis)
}

function spanOf(of: Axis['of'], sample: readonly Configuration[]): Axis | undefined {
  const values = sample.map(of)
  const low = values.reduce((least, value) => Math.min(least, value), Infinity)
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity)
  return high > low ? { of, low, span: high - low } : undefined
}

/**
 * Geometric mean of every term over the universe, so that scaled terms are comparable. Terms that
 * only memory limits bring about are taken as if the upper half of the space met one.
 */
export function basisScales(space: Space, universe: Uint32Array, basis: Basis): Float64Array {
  const sample = Array.from(universe, (index) => space.at(index))
  const limit = median(sample.map(tokenDemand))
  const means = (capacity: number): number[] => {
    const sums: number[] = []
    const counts: number[] = []
    for (const configuration of sample) {
      basis.terms(configuration, capacity).forEach((term, k) => {
        sums[k] = (sums[k] ?? 0) + (term > 0 ? Math.log(term) : 0)
        counts[k] = (counts[k] ?? 0) + (term > 0 ? 1 : 0)
      })
    }
    return sums.map((sum, k) => ((counts[k] ?? 0) > 0 ? Math.exp(sum / (counts[k] as number)) : 0))
  }
  const limited = means(limit)
  return Float64Array.from(means(Infinity), (mean, k) => mean || (limited[k] as number) || 1)
}
