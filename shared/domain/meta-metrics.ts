import type { MetricName } from './metric.js'
import type { SweepState } from './trial.js'

/** A point estimate with its interval, all in one unit. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** What a surface claims of one metric over the whole space, and whether audits back it. */
export interface MetricAccuracy {
  readonly metric: MetricName
  /** False below the number of audits a claim needs; then the figures are the model’s own belief. */
  readonly calibrated: boolean
  /** Why it is (not) calibrated, in words: `6 of 8 audits`. */
  readonly why: string
  /** 1 - mean |estimate / truth - 1| over the full grid. */
  readonly accuracy: Interval
  /** Share of configurations with a relative error of at most 5 %. */
  readonly within5: Interval
  readonly p95Error: Interval
  /** Mean of estimate / truth - 1. */
  readonly bias: Interval
  /**
   * Mean relative error that single-measurement noise alone causes: no accuracy can be shown beyond 1 - floor.
   * NaN while no configuration was measured again.
   */
  readonly noiseFloor: number
  /** Share of audits that fell inside their own 90 % interval; absent before the first. */
  readonly coverage?: number
}

/** Which deployment is best, and how sure that is, where a sweep’s goal names a decision. */
export interface DecisionStatus {
  /** What is to be as small as possible per output token. */
  readonly objective: string
  /** Of the deployment, in words; absent, as what follows from it, where none meets the limits. */
  readonly chosen?: string
  /** In 0..1: no other deployment that meets the limits costs less by more than the tolerance. */
  readonly probability: number
  /** Probability at which the sweep may stop. */
  readonly wanted: number
  /** Relative cost by which two deployments count as equally good. */
  readonly tolerance: number
  /** In 0..1: the chosen one runs and meets the limits. */
  readonly meetsProbability?: number
  /** Share of the best one’s work for the same cost that the chosen one is expected to lose. */
  readonly expectedRegret?: number
  /**
   * Upper end, with 95 %, of the mean share of the best one’s work that the choice loses, nothing counted
   * where it is right; absent, as what is allowed, in what was stored before it was told.
   */
  readonly regretAtMost?: number
  /** What `regretAtMost` may be for the choice to be one. */
  readonly regretAllowed?: number
  /** What the choice is expected to lose most to, in words; absent where nothing is in doubt. */
  readonly challenger?: string
  /** How far the chosen one may lie above a limit, as a share of the limit: upper end, with 95 %. */
  readonly excessAtMost?: number
  /** Absent where no limit is what leaves the choice open. */
  readonly alternative?: DecisionAlternative
}

/**
 * The other choice where a limit itself is what cannot be told: cheaper and perhaps a hair beyond the limit,
 * or dearer and surely within it.
 */
export interface DecisionAlternative {
  /** In words. */
  readonly deployment: string
  /** In 0..1: it runs and meets the limits. */
  readonly meetsProbability: number
  /** As that of the chosen one. */
  readonly excessAtMost: number
  /** Cost per output token over that of the chosen one; absent where nothing is chosen. */
  readonly costRatio?: number
}

/**
 * The level of one agent, or of all, stepped while the sweep ran: seen in configurations that were
 * measured again. In a sweep without any such step one is told with a probability of at most 1 %.
 */
export interface LevelChange {
  /** Absent: every agent. */
  readonly agent?: string
  /** Last measurement known to be of the old level, and first one of the new: epoch milliseconds. */
  readonly after: number
  readonly by: number
  /** Its measured trials up to `after`, and later. */
  readonly before: number
  readonly since: number
  /** Which of them are suspect: those since, unless the others were few, while an agent ran itself in. */
  readonly suspect: 'before' | 'since'
  /** New level / old level, with a 90 % interval. */
  readonly shifts: readonly { readonly metric: MetricName; readonly ratio: Interval }[]
}

/**
 * How one agent differs from the mean of those of its hardware class that measured: the surface is of
 * that mean, whoever measured what.
 */
export interface NodeLevel {
  readonly agent: string
  readonly hardware: string
  /** What it measured. */
  readonly trials: number
  /** Its level / the mean of its class, with a 90 % interval. */
  readonly ratios: readonly { readonly metric: MetricName; readonly ratio: Interval }[]
}

/** Shorter outputs that longer runs of a static batch told of, and how far that is to be trusted. */
export interface HarvestStatus {
  /** Configurations that no run of their own has told of. None is counted as measured. */
  readonly harvested: number
  /** Configurations that a longer run and one of their own told of. */
  readonly checks: number
  /** False while a bias is proven: then what was harvested counts for nothing. */
  readonly trusted: boolean
  /** Mean of harvest / own run - 1 with a 90 % interval, of every metric that checks tell of. */
  readonly biases: readonly {
    readonly metric: MetricName
    readonly bias: Interval
    /** Proven, with a probability of at most 1 % where there is none, and too large to be ignored. */
    readonly distrusted: boolean
  }[]
}

/** What a sweep started from that others measured, and whether it helps. None of it is in any other figure. */
export interface PastStatus {
  /** Sweeps and files, with the measurements that were taken of each. */
  readonly origins: readonly { readonly origin: string; readonly rows: number }[]
  /** Of every metric that they measured. */
  readonly metrics: readonly PastMetric[]
}

export interface PastMetric {
  readonly metric: MetricName
  /** False once the sweep knows enough of its own, or what others measured misled it. */
  readonly used: boolean
  /** Measurements of the sweep that were foretold both with and without. */
  readonly forecasts: number
  /** Mean relative error of the latest of them. */
  readonly errorWith: number
  readonly errorWithout: number
}

export interface Spent {
  /** Of all trials, failed and invalid ones and engine starts too. */
  readonly deviceSeconds: number
  readonly setUp: number
  readonly warmUp: number
  readonly measured: number
  readonly gaps: number
  /** Wall seconds from the first grant to the last result. */
  readonly makespan: number
  readonly energyJoules?: number
  readonly costUsd?: number
}

export const agentActivities = [
  'idle',
  'starting_engine',
  'waiting_for_quiet',
  'warming_up',
  'measuring',
  'draining',
] as const
export type AgentActivity = (typeof agentActivities)[number]

export interface AgentStatus {
  readonly agent: string
  readonly hardware: string
  readonly deviceCount: number
  readonly engines: readonly string[]
  readonly connected: boolean
  readonly activity: AgentActivity
  readonly trialId?: string
  readonly utilizationPercent?: number
  readonly memoryBytes?: number
  readonly powerWatts?: number
  readonly eventLoopLagMs: number
  readonly clockOffsetMs: number
  /** Of a sweep whose requests come from a file: its SHA-256, where the agent has the file. */
  readonly data?: readonly string[]
}

export interface SweepSummary {
  readonly sweepId: string
  readonly name: string
  readonly state: SweepState
  /** Why it ended, in words; empty while it runs. */
  readonly reason: string
  readonly createdAt: number
}

/** The meta-metrics of a sweep: what the benchmarking cost, and how well it knows the space. */
export interface SweepStatus {
  readonly sweep: SweepSummary
  readonly configurations: number
  readonly measured: number
  readonly audits: number
  readonly infeasible: number
  readonly failed: number
  readonly pending: number
  readonly invalid: number
  readonly accuracy: readonly MetricAccuracy[]
  readonly spent: Spent
  /** Device-seconds that measuring the full grid would take. */
  readonly fullGridDeviceSeconds: Interval
  /** Full grid / spent. */
  readonly gain: Interval
  readonly etaSeconds?: number
  readonly goalAccuracy: number
  readonly goalReached: boolean
  /** Absent without such a goal, and before there is a choice. */
  readonly decision?: DecisionStatus
  /** Absent while nothing was harvested. */
  readonly harvest?: HarvestStatus
  /** Absent where it started from nothing. */
  readonly past?: PastStatus
  /** In the order of evidence; empty while none is found. */
  readonly changes: readonly LevelChange[]
  /** Agents of classes that several measured; empty where one of each did. */
  readonly nodes: readonly NodeLevel[]
  readonly agents: readonly AgentStatus[]
  readonly verifyOrdered: number
  readonly verifyMeasured: number
}
