import type { Configuration } from './configuration.js'
import type { MeasuredSpan } from './level-change.js'
import type { Doubt, Measurement } from './measurement.js'
import type { CurvePoint } from './sweep-desk.js'
import type { Sample, TelemetryReading } from './sample.js'
import type { TrialPurpose, TrialState } from './trial.js'

/** One metric of a trial: value and two-sided interval in the metric’s unit. */
export interface TrialFigure {
  readonly metric: string
  readonly value: number
  readonly low: number
  readonly high: number
}

/** A trial as a list shows it. Times are epoch milliseconds of the coordinator. */
export interface TrialLine {
  readonly trialId: string
  /** Number of the configuration in the sweep’s space. */
  readonly index: number
  readonly configuration: Configuration
  readonly purpose: TrialPurpose
  readonly state: TrialState
  readonly attempt: number
  readonly agent: string
  readonly queuedAt: number
  readonly endedAt?: number
  /** Start of its measured window; absent where nothing was measured. */
  readonly measuredAt?: number
  readonly deviceSeconds: number
  /** How it ended, in words; empty where there is nothing to say. */
  readonly reason: string
  /** Why it was wanted, in the strategy’s own words. */
  readonly why: string
  readonly figures: readonly TrialFigure[]
  readonly doubts: readonly Pick<Doubt, 'kind' | 'severity'>[]
}

export interface TrialQuery {
  readonly sweepId: string
  readonly purposes?: readonly TrialPurpose[]
  readonly states?: readonly TrialState[]
  /** Only trials whose measurement is doubted. */
  readonly doubted?: boolean
  /** Only what one of these holds of the trials that succeeded, those that verify left out. */
  readonly measuredIn?: readonly MeasuredSpan[]
  /** Trials to pass over, from the newest. */
  readonly offset: number
  readonly limit: number
}

export interface TrialPage {
  /** Of all trials that the query names. */
  readonly total: number
  /** Newest first. */
  readonly trials: readonly TrialLine[]
}

/** Everything that is kept of one trial. */
export interface TrialDossier {
  readonly trial: TrialLine
  readonly sweepId: string
  readonly measurement?: Measurement
  /** How many requests were recorded; `samples` holds at most the first of them. */
  readonly requests: number
  readonly samples: readonly Sample[]
  readonly telemetry: readonly TelemetryReading[]
}

/** One move of a sweep, a trial or a lease. */
export interface SweepEvent {
  /** Grows with every event of the store. */
  readonly id: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly entity: 'sweep' | 'trial' | 'lease'
  readonly entityId: string
  readonly from: string
  readonly to: string
  readonly agent: string
  /** What moved, in words: a configuration, a block. */
  readonly subject: string
  readonly reason: string
}

/** What is known of one configuration from its own trials. */
export type ConfigurationMark = 'measured' | 'audit' | 'next' | 'infeasible' | 'abandoned'

/**
 * What was kept of sweeps, for people who look: pages of it, read beside the work and never in its
 * way. Sweeps and trials are named by their ids.
 */
export interface SweepReader {
  trials(query: TrialQuery): Promise<TrialPage>
  /** QUEUED, LEASED or RUNNING, the oldest first: what is measured next, and why. */
  next(sweepId: string, limit: number): Promise<readonly TrialLine[]>
  /** @param samples at most this many requests. Undefined for a trial that is unknown. */
  trial(trialId: string, samples: number): Promise<TrialDossier | undefined>
  /** The newest first; only those before the event `before`, where it is given. */
  events(sweepId: string, before: number | undefined, limit: number): Promise<readonly SweepEvent[]>
  /** The oldest first, after the event `after`. */
  eventsSince(sweepId: string, after: number, limit: number): Promise<readonly SweepEvent[]>
  curve(sweepId: string): Promise<readonly CurvePoint[]>
  /** By number of the configuration; verification left out. */
  marks(sweepId: string): Promise<ReadonlyMap<number, ConfigurationMark>>
  /** Device-seconds of past trials on an engine kind and a hardware class, newest first. */
  pastCosts(engineKind: string, hardware: string, limit: number): Promise<readonly number[]>
  close(): Promise<void>
}
