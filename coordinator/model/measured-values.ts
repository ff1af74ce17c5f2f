import { mergedParts } from './harvest/harvest-values.js'
import type { Merged } from './harvest/harvest-values.js'
import type { NoiseLevel } from './noise.js'

/** What runs of a configuration said of one metric, in log units. */
export interface MeasuredValues {
  readonly logs: number[]
  readonly relativeSds: number[]
  /** By how much noisier each counts for the model: values of its trial that it hears of. */
  readonly groups: number[]
}

export const copyOfValues = ({ logs, relativeSds, groups }: MeasuredValues): MeasuredValues => ({
  logs: [...logs],
  relativeSds: [...relativeSds],
  groups: [...groups],
})

/** @param forModel what a model hears: values that share a trial’s noise with others count as noisier. */
export function mergedOf(
  { logs, relativeSds, groups }: MeasuredValues,
  noise: NoiseLevel,
  forModel = false,
): Merged {
  const parts = logs.map((log, k) => ({
    log,
    variance: noise.shrunk(relativeSds[k] as number) * (forModel ? (groups[k] as number) : 1),
  }))
  return mergedParts(parts) as Merged
}
