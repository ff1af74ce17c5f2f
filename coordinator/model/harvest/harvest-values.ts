import { evenly } from '../../../shared/domain/harvest.js'
import { addRow, rowOf } from '../node-levels/level-columns.js'
import type { LevelRow, Origin } from '../node-levels/level-columns.js'
import type { NoiseLevel } from '../noise.js'

/** Shorter outputs of one trial that a model hears of: what lies between them it can tell from them. */
const mostHeard = 3

/** Those of a trial’s shorter outputs that the model hears of, from all in ascending order. */
export const heardOf = <T>(shorter: readonly T[]): T[] => evenly(shorter, mostHeard)

interface Value {
  readonly log: number
  readonly relativeSd: number
  /**
   * Values of its trial that the model hears, the trial’s own included; 0 when it hears this not. All
   * share the noise of one run, so together they must say no more than one of them: each counts as that
   * many times noisier (the design effect of a cluster that agrees with itself).
   */
  readonly group: number
  readonly origin: Origin
}

/** Value and noise variance, in log units. */
export interface Merged {
  readonly log: number
  readonly variance: number
  /** Levels of those who measured it. */
  readonly level: LevelRow
}

/** Levels that a value holds, by who measured it. */
export type LevelOf = (origin: Origin) => LevelRow

/** An order that leaves no trace of the one in which values were told. */
export const byValue = (a: Merged, b: Merged): number =>
  a.log - b.log ||
  a.variance - b.variance ||
  (a.level[0]?.column ?? -1) - (b.level[0]?.column ?? -1) ||
  a.level.length - b.level.length

/** All parts as one, weighted by their noise; summed in one order, so that the order of tells leaves no trace. */
export function mergedParts(parts: readonly Merged[]): Merged | undefined {
  if (parts.length === 0) return undefined
  const ordered = [...parts].sort(byValue)
  const weight = ordered.reduce((sum, { variance }) => sum + 1 / variance, 0)
  const log = ordered.reduce((sum, part) => sum + part.log / part.variance, 0) / weight
  const level = new Map<number, number>()
  for (const part of ordered) addRow(level, part.level, 1 / part.variance / weight)
  return { log, variance: 1 / weight, level: rowOf(level) }
}

/** What longer runs said of one metric of shorter configurations. */
export class HarvestValues {
  readonly #values = new Map<number, Value[]>()

  tell(index: number, value: Value): void {
    const known = this.#values.get(index)
    if (known === undefined) this.#values.set(index, [value])
    else known.push(value)
  }

  copy(): HarvestValues {
    const copy = new HarvestValues()
    for (const [index, values] of this.#values) copy.#values.set(index, [...values])
    return copy
  }

  has(index: number): boolean {
    return this.#values.has(index)
  }

  /** Ascending. */
  indices(): number[] {
    return [...this.#values.keys()].sort((a, b) => a - b)
  }

  /** What is known of the configuration itself. */
  merged(index: number, noise: NoiseLevel, levelOf: LevelOf): Merged | undefined {
    return mergedParts(
      (this.#values.get(index) ?? []).map(({ log, relativeSd, origin }) => ({
        log,
        variance: noise.shrunk(relativeSd),
        level: levelOf(origin),
      })),
    )
  }

  /** What the model hears of it. */
  heard(index: number, noise: NoiseLevel, levelOf: LevelOf): Merged | undefined {
    return mergedParts(
      (this.#values.get(index) ?? [])
        .filter(({ group }) => group > 0)
        .map(({ log, relativeSd, group, origin }) => ({
          log,
          variance: group * noise.shrunk(relativeSd),
          level: levelOf(origin),
        })),
    )
  }

  /** How much noisier than a trial’s own it counts; undefined where the model does not hear of it. */
  groupOf(index: number): number | undefined {
    const groups = (this.#values.get(index) ?? []).map(({ group }) => group).filter((g) => g > 0)
    return groups.length === 0 ? undefined : Math.min(...groups)
  }
}
