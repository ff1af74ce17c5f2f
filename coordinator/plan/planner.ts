import type { EngineFacts } from '../../shared/domain/environment.js'
import type {
  DecisionStatus,
  HarvestStatus,
  Interval,
  LevelChange,
  MetricAccuracy,
  PastStatus,
  NodeLevel,
} from '../../shared/domain/meta-metrics.js'
import type { PastRow } from '../../shared/domain/past.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { SurfaceRow } from '../../shared/domain/sweep-desk.js'
import type { TrialPurpose } from '../../shared/domain/trial.js'
import type { Learning } from '../model/aside-surface.js'
import type { Observation, Suggestion } from './strategy.js'

/** An asker that can cross a thread: what it may run, as data. */
export interface AskerFacts {
  readonly agent: string
  readonly hardware: string
  readonly deviceCount: number
  /** Engine kinds it may run. */
  readonly engines: readonly string[]
  readonly runningBlock?: string
  /** Epoch milliseconds at which it asks, by the coordinator’s clock; absent in what was logged before. */
  readonly at?: number
}

export interface PlanStatus {
  readonly configurations: number
  readonly accuracy: readonly MetricAccuracy[]
  readonly fullGridDeviceSeconds: Interval
  readonly measured: number
  readonly audits: number
  readonly infeasible: number
  /** Absent while no longer run has told of a shorter one. */
  readonly harvest?: HarvestStatus
  /** Absent where it started from nothing. */
  readonly past?: PastStatus
  /** Absent without a decision in the goal, and before there is a choice. */
  readonly decision?: DecisionStatus
  /** Absent in what was stored before changes were looked for. */
  readonly changes?: readonly LevelChange[]
  /** Absent in what was stored before agents of one class were told apart. */
  readonly nodes?: readonly NodeLevel[]
  /** Set when no more trials are wanted: why, in words. */
  readonly stop?: { readonly goalReached: boolean; readonly reason: string }
  /** Device-seconds that the goal still needs at the present rate; absent when unknown. */
  readonly remainingDeviceSeconds?: number
}

/**
 * One sweep’s strategy, surface and goal, behind promises: the implementation lives in a worker
 * thread so that the coordinator never stalls. Calls are served in order.
 */
export interface Planner {
  /** Suggestions are pending from the moment they are returned. */
  ask(asker: AskerFacts, count: number): Promise<Suggestion[]>
  tell(observation: Observation): Promise<void>
  tellPending(index: number, purpose: TrialPurpose): Promise<void>
  remove(index: number): Promise<void>
  tellEngine(blockKey: string, facts: EngineFacts): Promise<void>
  status(): Promise<PlanStatus>
  /** Rows first … first+count-1 of the surface, in the space’s order. */
  surface(first: number, count: number): Promise<SurfaceRow[]>
  /**
   * Goes one step on with what is learnt beside the answers, a few milliseconds. Answers do not depend
   * on how often this was called, so no log needs to have it.
   */
  learnOn(): Promise<Learning>
  /** What was learnt beside takes effect, from here on in the order of calls. */
  adopt(): Promise<void>
  close(): Promise<void>
}

/** `past` is what others measured, to start from. */
export type OpenPlanner = (
  sweep: Sweep,
  hardware: readonly string[],
  past?: readonly PastRow[],
) => Promise<Planner>
