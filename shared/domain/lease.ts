import type { Block, Configuration } from './configuration.js'
import type { MetricName } from './metric.js'
import type { MeasurementPlan, Workload } from './sweep.js'

/** Who holds what: `token` is the fencing token, larger with every lease of a block. */
export interface HeldLease {
  readonly leaseId: string
  readonly token: number
}

/** What an agent serves beside the lease it asks about. */
export interface Beside {
  readonly leases: readonly HeldLease[]
  /** Devices that a new lease may take; all of the agent’s when absent. */
  readonly freeDevices?: number
}

/** One trial as the coordinator orders it. */
export interface TrialOrder {
  readonly trialId: string
  readonly configuration: Configuration
  readonly workload: Workload
  readonly metrics: readonly MetricName[]
  readonly plan: MeasurementPlan
  /** Makes prompts and arrivals repeatable. */
  readonly seed: number
  /** Shorter outputs that the trial’s samples shall tell of too, in tokens; none when absent. */
  readonly harvestOutputTokens?: readonly number[]
}

/** The right to a block, and trials in it. A grant for a held lease adds trials. */
export interface Grant extends HeldLease {
  readonly sweepId: string
  readonly block: Block
  /** What the engine must be started for: largest load, longest prompt plus output in tokens. */
  readonly maxLoad: number
  readonly maxContextTokens: number
  readonly trials: readonly TrialOrder[]
}

/** Nothing to do for now: release `leaseId` if one is held, ask again after a while. */
export interface NoWork {
  readonly retryAfterMs: number
  readonly reason: string
}
