import type { Problem } from '../../../shared/domain/errors.js'
import type { Measurement } from '../../../shared/domain/measurement.js'
import type {
  AgentStatus,
  LevelChange,
  MetricAccuracy,
  SweepStatus,
  SweepSummary,
} from '../../../shared/domain/meta-metrics.js'
import type { TelemetryReading } from '../../../shared/domain/sample.js'
import type {
  ConfigurationMark,
  SweepEvent,
  TrialLine,
} from '../../../shared/domain/sweep-reader.js'
import type { Sweep } from '../../../shared/domain/sweep.js'
import type { PlanPrice } from '../../analysis/plan-price.js'

/**
 * What crosses between the dashboard and the coordinator, as JSON under /api/v1. Figures that are not
 * finite arrive as null. A change that an older page would misread takes another number in the path.
 */

export interface SessionView {
  /** A token is needed. */
  readonly guarded: boolean
  readonly signedIn: boolean
  /** The caller’s role allows changes. */
  readonly mayChange: boolean
  readonly version: string
}

/** A sweep’s meta-metrics; agents are told apart from it. */
export type StatusView = Omit<SweepStatus, 'agents'>

export interface SweepLine {
  readonly summary: SweepSummary
  readonly status: StatusView
}

export interface SweepList {
  readonly total: number
  readonly sweeps: readonly SweepLine[]
}

export interface SweepView {
  readonly text: string
  readonly spec: Pick<
    Sweep,
    'name' | 'model' | 'metrics' | 'goal' | 'budget' | 'prices' | 'slo' | 'workload' | 'strategy'
  >
  readonly status: StatusView
}

export interface AxisView {
  /** As the sweep file names it. */
  readonly name: string
  readonly label: string
  /** Empty where the values are names. */
  readonly unit: string
  readonly values: readonly (string | number)[]
}

/** The axes of a space; a configuration’s place is a mixed-radix number over them, last one fastest. */
export interface SpaceView {
  readonly configurations: number
  readonly axes: readonly AxisView[]
}

/** What is known of a configuration; `harvested` where only a longer run told of it. */
export type SurfaceMark = ConfigurationMark | 'harvested'

/** In the order of their codes in a surface’s bytes; 0 is none. */
export const markCodes: readonly SurfaceMark[] = [
  'measured',
  'audit',
  'next',
  'infeasible',
  'abandoned',
  'harvested',
]

export interface CurveView {
  /** Points that are kept; what is told is an even choice of at most a few hundred of them. */
  readonly total: number
  readonly points: readonly {
    readonly deviceSeconds: number
    readonly measured: number
    readonly accuracy: readonly Pick<MetricAccuracy, 'metric' | 'calibrated' | 'accuracy'>[]
  }[]
}

export interface TrialsView {
  readonly total: number
  readonly trials: readonly TrialLine[]
}

/** One request of a trial; seconds from the start of the measured window. */
export interface RequestView {
  readonly repetition: number
  readonly request: number
  readonly warmUp: boolean
  readonly scheduledAt: number
  readonly sentAt: number
  /** First event of the stream, whose text may be empty; absent when none came or none was kept. */
  readonly firstEventAt?: number
  readonly endedAt: number
  /** Arrivals of chunks, the first and the last among them; `chunks` in all. */
  readonly chunkAt: readonly number[]
  readonly chunks: number
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly outcome: string
  readonly error?: string
}

export interface TrialView {
  readonly trial: TrialLine
  /** Changes of level that make it suspect. */
  readonly suspectedBy: readonly LevelChange[]
  readonly measurement?: Measurement
  readonly requests: readonly RequestView[]
  readonly requestsInAll: number
  /** `at` in seconds from the start of the measured window. */
  readonly telemetry: readonly TelemetryReading[]
  readonly readingsInAll: number
}

export interface EventsView {
  readonly events: readonly SweepEvent[]
  readonly more: boolean
}

export interface AgentView extends AgentStatus {
  /** Utilisation in per cent and power in watts, one figure per step, the newest last. */
  readonly utilization: readonly (number | null)[]
  readonly power: readonly (number | null)[]
}

export interface AgentsView {
  /** Seconds between two figures of a history. */
  readonly step: number
  readonly agents: readonly AgentView[]
}

/** What can be said of a sweep’s price before it runs. Device-seconds and USD. */
export interface PriceView {
  readonly configurations: number
  readonly blocks: number
  /** That one trial may measure. */
  readonly trialSecondsAtMost: number
  /** What holds whatever is measured, as `fmwork plan` says it; engine starts come on top. */
  readonly bounds: PlanPrice
  /**
   * From past trials of the same engines on the same hardware, where there are enough: their mean and
   * quartiles times the configurations. The quartiles say how unlike trials are, not how sure the mean is.
   */
  readonly fullGridDeviceSeconds?: {
    readonly value: number
    readonly low: number
    readonly high: number
    /** Past trials that it is drawn from. */
    readonly trials: number
  }
  /** What the budget lets it cost at most; absent without such a budget. */
  readonly budgetDeviceSeconds?: number
  readonly budgetWallSeconds?: number
  readonly budgetTrials?: number
  /** The dearest of the sweep’s hardware, USD per device-hour; absent unless all have a price. */
  readonly usdPerDeviceHour?: number
  /** What the budget lets it cost in USD; absent where no budget bounds it or a price is missing. */
  readonly budgetUsd?: number
  readonly servedBy: readonly string[]
}

export interface CheckView {
  readonly problems: readonly Problem[]
  readonly name?: string
  readonly price?: PriceView
}

export interface ErrorView {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly hint: string
    readonly problems: readonly Problem[]
  }
}

/** Events of the stream, by name. */
export interface StreamEvents {
  readonly status: StatusView
  readonly next: readonly TrialLine[]
  /** Trials or leases moved: what a page shows of them is old. */
  readonly trials: { readonly moved: number }
  readonly surface: { readonly revision: number }
  readonly events: readonly SweepEvent[]
  /** Every agent with its history, at the start. */
  readonly agents: AgentsView
  /** One step later: what changed, and who is here. */
  readonly pulse: readonly AgentStatus[]
  readonly sweeps: SweepList
}
