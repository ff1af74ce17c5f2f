import type { Configuration } from './configuration.js'
import type { Measurement } from './measurement.js'
import type {
  AgentStatus,
  Interval,
  MetricAccuracy,
  SweepStatus,
  SweepSummary,
} from './meta-metrics.js'
import type { MetricName } from './metric.js'
import type { PastRow } from './past.js'
import type { DecisionObjective } from './sweep.js'
import type { TrialPurpose, TrialState } from './trial.js'

/** One configuration’s place on the surface; estimates are 90 % intervals in the metric’s unit. */
export interface SurfaceRow {
  readonly index: number
  readonly configuration: Configuration
  readonly measured: boolean
  /** A longer run told of it, and no run of its own did; absent where not. */
  readonly harvested?: boolean
  /** Probability in 0..1 that the configuration can run. */
  readonly feasible: number
  readonly estimates: Readonly<Partial<Record<MetricName, Interval>>>
}

export interface TrialRecord {
  readonly trialId: string
  readonly configuration: Configuration
  readonly purpose: TrialPurpose
  readonly state: TrialState
  readonly reason: string
  readonly attempt: number
  readonly measurement?: Measurement
  readonly agent: string
  readonly endedAt: number
}

export interface CurvePoint {
  readonly deviceSeconds: number
  readonly measured: number
  readonly accuracy: readonly MetricAccuracy[]
}

export interface VerifiedMetric {
  readonly metric: MetricName
  readonly claimedAccuracy: Interval
  readonly trueAccuracy: Interval
  readonly trueWithin5: number
  readonly trueP95Error: number
  readonly trueBias: number
  readonly insideClaim: boolean
}

/** The claim beside the truth. */
export interface Verification {
  readonly sampled: number
  readonly of: number
  readonly metrics: readonly VerifiedMetric[]
  readonly referenceDeviceSeconds: number
  readonly sweepDeviceSeconds: number
  readonly trueGain: Interval
}

export type WatchEvent =
  | { readonly kind: 'status'; readonly status: SweepStatus }
  | { readonly kind: 'trial-ended'; readonly trial: TrialRecord }

export type ExportPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'status'; readonly status: SweepStatus }
  | { readonly kind: 'environment'; readonly json: string }
  | { readonly kind: 'trial'; readonly trial: TrialRecord }
  | {
      readonly kind: 'surface'
      readonly rows: readonly SurfaceRow[]
    }
  | { readonly kind: 'curve'; readonly point: CurvePoint }
  | { readonly kind: 'verification'; readonly verification: Verification }

/** `goal.decision` of a sweep file as a whole: what is absent has that file’s default. */
export interface DecisionGoal {
  readonly objective?: DecisionObjective
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly probability?: number
  readonly tolerance?: number
}

/** A goal and a budget to go on with; what is absent stays. Seconds, hours, USD. */
export interface Extension {
  /** `none`: the sweep ends without a decision from now on. */
  readonly decision?: DecisionGoal | 'none'

  readonly accuracy?: number
  readonly confidence?: number
  readonly deviceHours?: number
  readonly costUsd?: number
  readonly trials?: number
  readonly wallTimeSeconds?: number
}

/** People’s counter. A sweep is named by id or by name; unknown ones throw SWEEP_NOT_FOUND. */
export interface SweepDesk {
  /**
   * @param past what others measured, to start from beside the sweeps that the file names.
   * @throws the errors of parseSweep and spanSpace; SWEEP_EXISTS for the same name with another text.
   */
  submit(text: string, past?: readonly PastRow[]): Promise<{ sweepId: string; created: boolean }>
  list(): Promise<SweepSummary[]>
  get(sweep: string): Promise<{ text: string; status: SweepStatus }>
  pause(sweep: string): Promise<SweepSummary>
  /**
   * With an extension a COMPLETED sweep goes on too.
   *
   * @throws FmworkError SWEEP_STATE; SWEEP_INVALID for a goal or budget that no sweep may have.
   */
  resume(sweep: string, extension?: Extension): Promise<SweepSummary>
  cancel(sweep: string): Promise<SweepSummary>
  /** Orders the reference to be measured; answers how many trials remain. */
  verify(sweep: string, sample: number | undefined, seed: number): Promise<number>
  /** Now and after every change (at most a few a second), until the signal aborts. */
  watch(sweep: string, trials: boolean, signal: AbortSignal): AsyncIterable<WatchEvent>
  export(sweep: string, signal: AbortSignal): AsyncIterable<ExportPart>
  agents(): Promise<AgentStatus[]>
}
