import type { LevelChange, NodeLevel } from '../../shared/domain/meta-metrics.js'
import type { HarvestBias } from './harvest/harvest-check.js'
import type { Space } from '../../shared/domain/space.js'
import type { LimitBand } from './encoding.js'
import type { PastUse } from './past-model.js'
import type { AccuracyGoal, StopVerdict } from './stop-rule.js'
import type { Surface } from './surface.js'

/** Configurations that a strategy chooses among, with what measuring each would teach. */
export interface Acquisition {
  /** Indices of the space, ascending; rows below are positions in it. */
  readonly pool: Uint32Array
  /** Mean squared log error, over the space and all metrics, that measuring a row takes away. Cheap. */
  gainAt(row: number): number
  /** Mean absolute log error that it takes away: what accuracy is made of, and dearer to compute. */
  accuracyGainAt(row: number): number
  /** The same for measuring a row once more that was measured before. */
  repeatGainAt(row: number): number
  /** Predictive variance of the row’s worst known metric, in squared log units. */
  varianceAt(row: number): number
  /** Takes a row as chosen, so that the next gains count it as known. */
  choose(row: number): void
}

/** What longer runs told, and how it stands beside runs of their own. */
export interface HarvestKnowledge {
  /** Configurations that longer runs alone told of. */
  readonly harvested: number
  /** Configurations that both told of. */
  readonly checks: number
  readonly metrics: readonly HarvestBias[]
  /** False while a bias is proven: what was harvested counts for nothing then. */
  readonly trusted: boolean
}

/** A surface that can say where a measurement would teach it most. */
export interface LearntSurface extends Surface {
  readonly space: Space
  /** Undefined until enough was measured. A fresh copy: choosing in it changes nothing else. */
  acquisition(): Acquisition | undefined
  /** A seeded, bounded sample of the space (all of it where it is small), ascending. */
  readonly universe: Uint32Array
  /** Relative error that is good enough. */
  readonly tolerance: number
  /** Mean relative error that the surface believes the worst metric to have, audits left aside. */
  believedError(): number
  /** Whether noise matters beside the tolerance, and repeats have not shown yet how much there is. */
  repeatsWanted(): boolean
  /** An engine told how many tokens it keeps in memory at once, or the measurements show it. */
  isLimitKnown(index: number): boolean
  /** Tokens between which a block’s limit lies by the measurements; undefined where none showed one. */
  limitBetween(index: number): LimitBand | undefined
  /** Audits that back the weakest metric. */
  auditCount(): number
  /** Whether what is claimed allows to stop at this goal, such as 0.95; undefined while it does not. */
  verdict(goal: AccuracyGoal): StopVerdict | undefined
  /** A longer run told of the configuration, no run of its own has, and that is trusted. */
  isHarvested(index: number): boolean
  harvest(): HarvestKnowledge
  /** What past sweeps are worth, by metric that they measured; empty without any. */
  pastUse(): readonly PastUse[]
  /** Agents of classes that several measured. */
  nodes(): readonly NodeLevel[]
  /** Steps in the level of agents, in the order of evidence. */
  changes(): readonly LevelChange[]
  /** Coordinates of a configuration in the unit cube of the axes that vary. */
  coordinates(indices: ArrayLike<number>): { readonly axes: number; readonly x: Float64Array }
}

export function isLearnt(surface: Surface): surface is LearntSurface {
  return 'acquisition' in surface
}
