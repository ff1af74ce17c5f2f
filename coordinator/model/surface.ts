import type { Interval, MetricAccuracy } from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { EngineFacts } from '../../shared/domain/environment.js'
import type { PastRow } from '../../shared/domain/past.js'
import type { Space } from '../../shared/domain/space.js'
import type { Workload } from '../../shared/domain/sweep.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { Observation } from '../plan/strategy.js'

export interface SurfaceOptions {
  readonly space: Space
  readonly workload: Workload
  readonly metrics: readonly MetricName[]
  readonly seed: number
  /** Relative accuracy wanted per metric (1 - goal accuracy): the acquisition’s tolerance. */
  readonly tolerance: number
  readonly confidence: number
  /** Device-seconds of a trial apart from its own e2e times repetitions: set-up, gaps. Prior only. */
  readonly repetitions: number
  readonly warmups: number
  /** How much a configuration counts in every accuracy, above 0; all count the same when absent. */
  readonly weight?: (index: number) => number
  /** Shorter outputs that a run of a configuration tells of too, ascending; none are harvested when absent. */
  readonly shorterOf?: (index: number) => readonly number[]
  /** What earlier sweeps measured, in an order that says nothing; it helps to foretell, and is in no figure. */
  readonly past?: readonly PastRow[]
}

/**
 * The estimate of every metric over the whole space, with uncertainty, learnt from observations.
 * Pure and deterministic like a strategy.
 */
export interface Surface {
  tell(observation: Observation): void
  tellPending(index: number, purpose: TrialPurpose): void
  remove(index: number): void
  /** What an engine said about itself: KV capacity and capture sizes are breakpoints. */
  tellEngine(blockKey: string, facts: EngineFacts): void
  /** 90 % interval of the truth; at a measured configuration: the measurement’s. Undefined before anything is known. */
  estimate(metric: MetricName, index: number): Interval | undefined
  /** Probability in 0..1 that the configuration can run. */
  feasible(index: number): number
  /** Predicted device-seconds of a trial, engine start not included. */
  cost(index: number): number
  accuracy(): readonly MetricAccuracy[]
  /** Device-seconds that measuring every feasible configuration once would take. */
  fullGridCost(): Interval
}
