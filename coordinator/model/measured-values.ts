import { byValue, mergedParts } from './harvest/harvest-values.js'
import type { Merged } from './harvest/harvest-values.js'
import type { LevelBook, LevelsHere } from './node-levels/level-book.js'
import { difference } from './node-levels/level-columns.js'
import type { Origin } from './node-levels/level-columns.js'
import { noiseLevel } from './noise.js'
import type { NoiseLevel, Repeats } from './noise.js'

/** What a run of a configuration said of one metric. */
export interface MeasuredValue {
  /** In log units. */
  readonly log: number
  readonly relativeSd: number
  /** By how much noisier it counts for the model: values of its trial that it hears of. */
  readonly group: number
  readonly origin: Origin
}

type LevelsAt = (index: number) => LevelsHere

/** Growth of what was told after which noise is told anew; of thousands, one more says next to nothing of it. */
const noiseGrowth = 1.01
/** Rounds in which noise and levels are learnt, each given the other. */
const levelRounds = 3

/** Every value with its noise and its level. */
const partsOf = (
  values: readonly MeasuredValue[],
  noise: NoiseLevel,
  levels: LevelsHere,
  forModel = false,
): Merged[] =>
  values.map(({ log, relativeSd, group, origin }) => ({
    log,
    variance: noise.shrunk(relativeSd) * (forModel ? group : 1) + levels.untold(origin),
    level: levels.of(origin),
  }))

/** What was measured of one metric. */
export class MeasuredBook {
  readonly #values = new Map<number, MeasuredValue[]>()
  #told = 0
  #toldToNoise = 0

  copy(): MeasuredBook {
    const copy = new MeasuredBook()
    for (const [index, values] of this.#values) copy.#values.set(index, [...values])
    copy.#told = this.#told
    copy.#toldToNoise = this.#toldToNoise
    return copy
  }

  /** Configurations. */
  get size(): number {
    return this.#values.size
  }

  has(index: number): boolean {
    return this.#values.has(index)
  }

  indices(): Iterable<number> {
    return this.#values.keys()
  }

  count(index: number): number {
    return this.#values.get(index)?.length ?? 0
  }

  /** Of the value that counts as the least noisy. */
  group(index: number): number {
    return Math.min(...(this.#values.get(index) ?? []).map(({ group }) => group))
  }

  tell(index: number, value: MeasuredValue): void {
    const known = this.#values.get(index)
    if (known === undefined) this.#values.set(index, [value])
    else known.push(value)
    this.#told += 1
  }

  /**
   * All values of a configuration as one, weighted by their noise.
   *
   * @param forModel what a model hears: values that share a trial’s noise with others count as noisier.
   */
  merged(
    index: number,
    noise: NoiseLevel,
    levels: LevelsHere,
    forModel = false,
  ): Merged | undefined {
    return mergedParts(partsOf(this.#values.get(index) ?? [], noise, levels, forModel))
  }

  /** Noise as far as levels do not explain it. @param before as it was thought to be, and still is if little was told since. */
  noise(before: NoiseLevel, levels: LevelBook, at: LevelsAt): NoiseLevel {
    if (this.#told <= this.#toldToNoise * noiseGrowth) return before
    return this.#noiseAnew(before, levels, at)
  }

  #noiseAnew(before: NoiseLevel, levels: LevelBook, at: LevelsAt): NoiseLevel {
    this.#toldToNoise = this.#told
    return noiseLevel(
      this.#ordered().map(([index, values]) => repeatsOf(values, before, at(index), levels)),
    )
  }

  /** Lets levels be learnt anew from what was measured more than once, and the noise given them. */
  learnLevels(before: NoiseLevel, levels: LevelBook, at: LevelsAt): NoiseLevel {
    let noise = this.#noiseAnew(before, levels, at)
    for (let round = 0; levels.differ && round < levelRounds; round += 1) {
      levels.hear(
        this.#ordered()
          .filter(([, values]) => values.length > 1)
          .map(([index, values]) => partsOf(values, noise, at(index)).sort(byValue)),
      )
      noise = this.#noiseAnew(noise, levels, at)
    }
    return noise
  }

  #ordered(): [number, MeasuredValue[]][] {
    return [...this.#values].sort(([a], [b]) => a - b)
  }
}

function repeatsOf(
  values: readonly MeasuredValue[],
  noise: NoiseLevel,
  here: LevelsHere,
  levels: LevelBook,
): Repeats {
  const relativeSds = values.map(({ relativeSd }) => relativeSd)
  if (!levels.differ || values.length < 2)
    return { logs: values.map(({ log }) => log), relativeSds }
  const parts = partsOf(values, noise, here).sort(byValue)
  const { level: mean } = mergedParts(parts) as Merged
  return {
    logs: parts.map(({ log, level }) => log - levels.mean(level)),
    relativeSds,
    spreads: parts.map(({ level }) => Math.sqrt(levels.variance(difference(level, mean)))),
  }
}
