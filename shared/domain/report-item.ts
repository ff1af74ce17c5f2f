import type { EngineFacts } from './environment.js'
import type { HeldLease } from './lease.js'
import type { Sample, TelemetryReading } from './sample.js'
import type { TrialOutcome } from './trial.js'

/**
 * What an agent tells the coordinator of its work, in the order it happened. Kept in the agent’s
 * outbox on disk until acknowledged; recorded once, however often it is sent.
 */
export type ReportItem =
  | {
      readonly kind: 'engine-started'
      readonly lease: HeldLease
      readonly facts: EngineFacts
      readonly startUpSeconds: number
    }
  | {
      readonly kind: 'trial-started'
      readonly lease: HeldLease
      readonly trialId: string
      readonly at: number
    }
  | {
      readonly kind: 'trial-samples'
      readonly lease: HeldLease
      readonly trialId: string
      readonly samples: readonly Sample[]
    }
  | {
      readonly kind: 'trial-result'
      readonly lease: HeldLease
      readonly trialId: string
      readonly outcome: TrialOutcome
    }
  | {
      /** Ended without a result: revoked, or the agent stops. */
      readonly kind: 'trial-cut'
      readonly lease: HeldLease
      readonly trialId: string
      /** What was spent on it, its engine’s start left out. */
      readonly deviceSeconds: number
    }
  | {
      readonly kind: 'telemetry'
      readonly trialId?: string
      readonly readings: readonly TelemetryReading[]
    }

/** Items of one agent under one number; numbers grow by one for ever. */
export interface ReportBatch {
  readonly agent: string
  readonly sequence: number
  readonly items: readonly ReportItem[]
}

export interface ReportReceipt {
  /** This batch, and all before it, is safely stored. */
  readonly acknowledgedSequence: number
  /** Trials whose results were refused because their lease is stale. */
  readonly refusedTrials: readonly string[]
}
