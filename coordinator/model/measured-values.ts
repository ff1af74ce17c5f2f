import { byValue, mergedParts } from './harvest/harvest-values.js'
import type { Merged } from './harvest/harvest-values.js'
import type { LevelBook, LevelsHere } from './node-levels/level-book.js'
import { difference } from './node-levels/level-columns.js'
import type { Origin } from './node-levels/level-columns.js'
import type { NoiseLevel, Repeats } from './noise.js'

/** What runs of a configuration said of one metric, in log units. */
export interface MeasuredValues {
  readonly logs: number[]
  readonly relativeSds: number[]
  /** By how much noisier each counts for the model: values of its trial that it hears of. */
  readonly groups: number[]
  readonly origins: Origin[]
}

export const copyOfValues = ({
  logs,
  relativeSds,
  groups,
  origins,
}: MeasuredValues): MeasuredValues => ({
  logs: [...logs],
  relativeSds: [...relativeSds],
  groups: [...groups],
  origins: [...origins],
})

/**
 * Every value with its noise and its level.
 *
 * @param forModel what a model hears: values that share a trial’s noise with others count as noisier.
 */
export function partsOf(
  { logs, relativeSds, groups, origins }: MeasuredValues,
  noise: NoiseLevel,
  levels: LevelsHere,
  forModel = false,
): Merged[] {
  return logs.map((log, k) => {
    const origin = origins[k] as Origin
    const own = noise.shrunk(relativeSds[k] as number) * (forModel ? (groups[k] as number) : 1)
    return { log, variance: own + levels.untold(origin), level: levels.of(origin) }
  })
}

/** All of them as one, weighted by their noise. */
export function mergedOf(
  values: MeasuredValues,
  noise: NoiseLevel,
  levels: LevelsHere,
  forModel = false,
): Merged {
  return mergedParts(partsOf(values, noise, levels, forModel)) as Merged
}

/** What they say of the noise between trials, as far as levels do not explain it. */
export function repeatsOf(
  values: MeasuredValues,
  noise: NoiseLevel,
  levels: LevelsHere,
  book: LevelBook,
): Repeats {
  if (!book.differ || values.logs.length < 2) return values
  const parts = partsOf(values, noise, levels).sort(byValue)
  const { level: mean } = mergedParts(parts) as Merged
  return {
    logs: parts.map(({ log, level }) => log - book.mean(level)),
    relativeSds: values.relativeSds,
    spreads: parts.map(({ level }) => Math.sqrt(book.variance(difference(level, mean)))),
  }
}
