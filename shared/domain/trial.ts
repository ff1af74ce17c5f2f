import type { Configuration } from './configuration.js'
import type { Measurement } from './measurement.js'

/** Why a trial exists. */
export type TrialPurpose =
  /** The strategy wants to know. */
  | 'explore'
  /** Uniformly random, to check the surface’s own claim. */
  | 'audit'
  /** A configuration measured before, to learn the noise or the drift. */
  | 'repeat'
  /** Part of the reference that `fmwork verify` measures. Never told to the strategy. */
  | 'verify'

/**
 * QUEUED -> LEASED -> RUNNING -> one of the final states. FAILED is transient and has a successor
 * trial until the attempts are spent; INFEASIBLE is a result; ABANDONED is never tried again.
 */
export const trialStates = [
  'QUEUED',
  'LEASED',
  'RUNNING',
  'SUCCEEDED',
  'INFEASIBLE',
  'FAILED',
  'ABANDONED',
] as const
export type TrialState = (typeof trialStates)[number]

export const sweepStates = ['RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED'] as const
export type SweepState = (typeof sweepStates)[number]

/** How a trial ended, as the agent reports it. */
export type TrialOutcome =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'infeasible'; readonly reason: string; readonly deviceSeconds: number }
  | {
      readonly kind: 'failed'
      /** Row of errorTable. */
      readonly code: string
      readonly reason: string
      readonly deviceSeconds: number
    }

export interface Trial {
  readonly id: string
  readonly sweepId: string
  readonly configuration: Configuration
  readonly purpose: TrialPurpose
  readonly state: TrialState
  /** From 1; a retry is a new trial whose attempt is one more. */
  readonly attempt: number
}
