import type { Outlay } from '../analysis/meta-metrics.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { EngineFacts, Environment } from '../../shared/domain/environment.js'
import type { HeldLease } from '../../shared/domain/lease.js'
import type { Measurement } from '../../shared/domain/measurement.js'
import type { SweepState, TrialPurpose, TrialState } from '../../shared/domain/trial.js'
import type { AskerFacts, PlanStatus } from '../plan/planner.js'
import type { Observation, Suggestion } from '../plan/strategy.js'

/** A sweep as it is kept. Times are epoch milliseconds of the coordinator. */
export interface StoredSweep {
  readonly sweepId: string
  readonly name: string
  /** The sweep file, as submitted. */
  readonly text: string
  readonly state: SweepState
  readonly reason: string
  readonly goalReached: boolean
  /** Hardware classes the space spans; absent until an agent told which there are. */
  readonly hardware?: readonly string[]
  readonly createdAt: number
  readonly endedAt?: number
  /** Seconds it was RUNNING under a living coordinator: what budget.wall_time limits. */
  readonly activeSeconds: number
  /** The last one; after COMPLETED it is the sweep’s claim and never changes again. */
  readonly planStatus?: PlanStatus
}

export interface NewTrial {
  readonly sweepId: string
  /** The configuration’s number in the sweep’s space. */
  readonly index: number
  readonly configuration: Configuration
  readonly purpose: TrialPurpose
  /** Why this one now, in words. */
  readonly why: string
  readonly seed: number
  readonly queuedAt: number
}

export interface StoredTrial {
  readonly trialId: string
  readonly sweepId: string
  readonly index: number
  readonly configuration: Configuration
  readonly purpose: TrialPurpose
  readonly state: TrialState
  /** From 1; one more than the trial it retries. */
  readonly attempt: number
  /** The trial that this one repeats after a failure. */
  readonly retryOf?: string
  readonly seed: number
  /** Under which it was last granted; kept when it goes back to the queue. */
  readonly lease?: HeldLease
  readonly agent: string
  readonly reason: string
  /** Row of errorTable, or `INVALID` for a measurement that its doubts refuse. */
  readonly code?: string
  readonly notBefore: number
  readonly startedAt?: number
  readonly endedAt?: number
  /** What it cost, once it ended. */
  readonly deviceSeconds: number
  readonly measurement?: Measurement
}

/** How the queue is told to try again. */
export interface RetryOrder {
  /** Epoch milliseconds before which it should rest. */
  readonly notBefore: number
  /** Agent that should not get it while another could. */
  readonly avoidAgent: string
  readonly seed: number
}

export const leaseStates = ['HELD', 'RELEASED', 'EXPIRED', 'REVOKED'] as const
export type LeaseState = (typeof leaseStates)[number]

export interface StoredLease extends HeldLease {
  readonly sweepId: string
  readonly blockKey: string
  readonly agent: string
  /** Devices that its block needs. */
  readonly devices: number
  readonly state: LeaseState
  readonly grantedAt: number
  /** Epoch milliseconds; never later than what the coordinator promised. */
  readonly expiresAt: number
}

/** What an agent may be given. */
export interface ClaimFilter {
  readonly sweepId: string
  readonly agent: string
  readonly hardware: string
  readonly deviceCount: number
  readonly engines: readonly string[]
  /** Only trials of this block. */
  readonly blockKey?: string
  readonly now: number
  /** Also trials that were told to avoid this agent. */
  readonly evenIfAvoided: boolean
}

export interface StoredAgent {
  readonly agent: string
  readonly hardware: string
  readonly deviceCount: number
  readonly engines: readonly string[]
  readonly environment: Environment
  readonly lastSeenAt: number
}

/** One call to a planner, in the order of the calls: replayed, it gives the same strategy state. */
export type PlannerCall =
  | {
      readonly kind: 'ask'
      readonly asker: AskerFacts
      readonly count: number
      readonly suggestions: readonly Suggestion[]
    }
  | { readonly kind: 'tell'; readonly observation: Observation }
  | { readonly kind: 'pending'; readonly index: number; readonly purpose: TrialPurpose }
  | { readonly kind: 'remove'; readonly index: number }
  | { readonly kind: 'engine'; readonly blockKey: string; readonly facts: EngineFacts }
  /** A surface learns what it was told when it is read: when that was is part of its state. */
  | { readonly kind: 'read'; readonly what: 'status' | 'surface' }
  /** What was learnt beside the answers took effect: when it was ready, only the log can tell. */
  | { readonly kind: 'adopt' }

export interface NumberedCall {
  readonly number: number
  readonly call: PlannerCall
}

export interface EngineStart {
  readonly lease: HeldLease
  readonly facts: EngineFacts
  readonly startUpSeconds: number
  readonly deviceSeconds: number
  readonly at: number
}

/** Sums over a sweep’s trials, verification left out. Seconds and joules. */
export interface SweepTotals extends Outlay {
  /** Configurations with at least one valid measurement. */
  readonly measured: number
  readonly audits: number
  readonly infeasible: number
  readonly failed: number
  readonly invalid: number
  readonly pending: number
  /** LEASED or RUNNING. */
  readonly inFlight: number
  /** Trials that ended after running, whatever came of it. */
  readonly attempts: number
  readonly verifyOrdered: number
  readonly verifyMeasured: number
}

/** What a trial cost where it ended without a measurement. */
export interface TrialCost {
  readonly deviceSeconds: number
  readonly at: number
}
