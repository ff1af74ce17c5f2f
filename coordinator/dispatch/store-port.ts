import type { AgentFacts } from '../../shared/domain/agent-desk.js'
import type { Block } from '../../shared/domain/configuration.js'
import type { Environment } from '../../shared/domain/environment.js'
import type { HeldLease } from '../../shared/domain/lease.js'
import type { Measurement } from '../../shared/domain/measurement.js'
import type { PastRow } from '../../shared/domain/past.js'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import type { CurvePoint } from '../../shared/domain/sweep-desk.js'
import type { SweepState } from '../../shared/domain/trial.js'
import type { PlanStatus } from '../plan/planner.js'
import type {
  ClaimFilter,
  EngineStart,
  LeaseState,
  NewTrial,
  NumberedCall,
  PlannerCall,
  RetryOrder,
  StoredAgent,
  StoredLease,
  StoredSweep,
  StoredTrial,
  SweepTotals,
  TrialCost,
} from './store-records.js'

/**
 * What the dispatcher remembers. Synchronous: a call that returned is on disk, but for what is written
 * inside `ahead`.
 *
 * Laws (test/contract/store.ts holds them over every implementation):
 * - every transition is all or nothing; a transition that its law forbids changes nothing and says
 *   so (false or undefined), it never throws for that;
 * - closing and opening again between any two calls changes no answer;
 * - a state leaves only along the arrows of shared/domain/trial.ts and {@link LeaseState}.
 *
 * Throws FmworkError DISK_FULL (nothing was changed; later it may work), STORE_CORRUPT,
 * DATA_FOLDER_UNWRITABLE.
 */
export interface Store extends SweepShelf, TrialShelf, LeaseShelf, ReportShelf, PlannerLogShelf {
  /** Several transitions as one: all of them last, or none. Never waits for a promise inside. */
  atomically<T>(work: () => T): T
  /**
   * As atomically, but the disk is not waited for: what this writes is there when {@link settled}
   * resolves, never later than what is written after it, and never without what was written before.
   * Whoever asked for it is told only then.
   */
  ahead<T>(work: () => T): T
  /**
   * Resolves when everything that was written until now is on disk.
   *
   * @throws FmworkError DATA_FOLDER_UNWRITABLE when it did not reach the disk: then nothing more can
   *   be written until the store is opened again.
   */
  settled(): Promise<void>
  close(): void
}

export interface SweepShelf {
  /** Undefined when the name is taken. Starts RUNNING. */
  insertSweep(sweep: {
    readonly name: string
    readonly text: string
    readonly hardware?: readonly string[]
    readonly createdAt: number
    /** What it starts from; kept with it. */
    readonly past?: readonly PastRow[]
  }): StoredSweep | undefined
  /** What a sweep starts from, in the order in which it was given. */
  pastOf(sweepId: string): PastRow[]
  /** What its trials measured, each by itself, in the order they were queued; of more than `limit` an even part. */
  measuredRows(sweepId: string, limit: number): Omit<PastRow, 'origin'>[]
  findSweep(idOrName: string): StoredSweep | undefined
  listSweeps(): StoredSweep[]
  /** Only the first call for a sweep has effect: its space must never change. */
  fixHardware(sweepId: string, hardware: readonly string[]): void
  /** Moves when the state is one of `from`; else false. */
  moveSweep(
    sweepId: string,
    from: readonly SweepState[],
    to: SweepState,
    note: { readonly reason: string; readonly goalReached?: boolean; readonly at: number },
  ): boolean
  /**
   * RUNNING with another goal or budget, from any state but CANCELLED; what it was and claimed until
   * then is kept. False when it was CANCELLED, or the text is the same.
   */
  extendSweep(sweepId: string, text: string, at: number): boolean
  /** Every text that a sweep had before its present one, oldest first. */
  earlierTexts(sweepId: string): string[]
  /** Kept while the sweep is not COMPLETED; afterwards the claim stands. */
  savePlanStatus(sweepId: string, status: PlanStatus): boolean
  addActiveSeconds(sweepId: string, seconds: number): void
  addCurvePoint(sweepId: string, point: CurvePoint): void
  curve(sweepId: string): CurvePoint[]
  totals(sweepId: string): SweepTotals
  /** How many trials are QUEUED, and how many LEASED or RUNNING, verification left out. */
  liveTrials(sweepId: string): { readonly queued: number; readonly inFlight: number }
}

export interface TrialShelf {
  /**
   * QUEUED. Undefined when the configuration has a live, measured or infeasible trial of the same
   * class already (explore and audit are one class, verify another), or for `repeat` a live one.
   */
  queueTrial(trial: NewTrial): StoredTrial | undefined
  findTrial(trialId: string): StoredTrial | undefined
  /** In the order they were queued. */
  trialsOf(sweepId: string, afterTrial: string | undefined, limit: number): StoredTrial[]
  /** LEASED or RUNNING under a lease, oldest first. */
  activeTrials(leaseId: string): StoredTrial[]
  /** QUEUED trials that an agent may get, oldest first. */
  claimable(filter: ClaimFilter, limit: number): StoredTrial[]
  /** QUEUED -> LEASED, under a HELD lease of the trial’s own block. */
  leaseTrial(trialId: string, lease: HeldLease): boolean
  /** LEASED -> RUNNING, under the token it was granted with. */
  startTrial(trialId: string, token: number, at: number): boolean
  /**
   * A RUNNING trial runs anew under the same token: its agent died and came back. What it cost until
   * now is charged, unless its agent has told it. False when it was not RUNNING under that token.
   */
  restartTrial(trialId: string, token: number, at: number): boolean
  /** -> SUCCEEDED, with its measurement, under the token it was last granted with. */
  succeedTrial(trialId: string, token: number, measurement: Measurement, at: number): boolean
  /** -> INFEASIBLE, as above. */
  closeInfeasible(trialId: string, token: number, reason: string, cost: TrialCost): boolean
  /** -> FAILED with a successor in the queue, as above. A refused measurement is kept for show. */
  failTrial(
    trialId: string,
    token: number,
    failure: TrialFailure,
    retry: RetryOrder,
  ): StoredTrial | undefined
  /** -> ABANDONED, as above: the attempts are spent. */
  giveUpTrial(trialId: string, token: number, failure: TrialFailure): boolean
  /**
   * QUEUED, LEASED or RUNNING -> ABANDONED: nobody wants it any more. What those that ran cost since
   * they started is charged as lost. The trials it dropped.
   */
  dropTrials(
    sweepId: string,
    which: { readonly verify: boolean; readonly inFlight: boolean },
    reason: string,
    at: number,
  ): StoredTrial[]
  /** Cost of a trial that was dropped while it ran, told late. False unless the token fits. */
  chargeDropped(trialId: string, token: number, cost: TrialCost): boolean
  /**
   * Charges what a trial cost under a lease that brought no result, in place of any estimate. False
   * when the lease is not one of its block, or its end under that lease has told the cost.
   */
  cutTrial(trialId: string, lease: HeldLease, cost: TrialCost): boolean
  /** A result that could not be read when it first came is kept with the trial that FAILED for it. */
  keepRefused(trialId: string, token: number, measurement: Measurement): boolean
  /** Configuration numbers that no trial will be made for again. */
  abandonedIndices(sweepId: string): number[]
}

export interface TrialFailure {
  readonly code: string
  readonly reason: string
  readonly cost: TrialCost
  readonly measurement?: Measurement
}

export interface LeaseShelf {
  /**
   * The wall clock jumped by so many milliseconds: what is in flight, and what rests before a retry,
   * is dated anew, so that it has run and rested as long as before. What is over stays as it was dated.
   */
  followClock(shiftMs: number): void
  /**
   * A HELD lease for an agent on a free copy of a block. Its token is larger than any before.
   * Undefined when the agent’s leases leave it too few devices for the block.
   */
  grantLease(order: {
    readonly sweepId: string
    readonly block: Block
    readonly agent: string
    readonly at: number
    readonly expiresAt: number
  }): StoredLease | undefined
  findLease(leaseId: string): StoredLease | undefined
  heldLeases(): StoredLease[]
  /** Oldest first. */
  heldLeasesOf(agent: string): StoredLease[]
  renewLeases(leases: readonly { readonly leaseId: string; readonly expiresAt: number }[]): void
  /**
   * HELD -> RELEASED, EXPIRED or REVOKED. Its LEASED and RUNNING trials go back to the queue, with
   * what they cost since they started charged as lost. False when it was not held.
   */
  endLease(leaseId: string, state: Exclude<LeaseState, 'HELD'>, at: number): boolean
}

export interface ReportShelf {
  /** Upserts the agent; answers the highest sequence of it that is recorded, 0 if none. */
  saveAgent(facts: AgentFacts, at: number): number
  listAgents(): StoredAgent[]
  /** The receipt of a batch that was recorded before, in whatever order; undefined for a new one. */
  receiptOf(agent: string, sequence: number): readonly string[] | undefined
  /** Marks a batch recorded. */
  saveReceipt(agent: string, sequence: number, refusedTrials: readonly string[]): void
  acknowledgedSequence(agent: string): number
  addSamples(trialId: string, token: number, samples: readonly Sample[]): void
  samplesOf(trialId: string): Sample[]
  addTelemetry(
    agent: string,
    trialId: string | undefined,
    readings: readonly TelemetryReading[],
  ): void
  telemetryOf(trialId: string): TelemetryReading[]
  /**
   * False when the lease is unknown or its token another. Charged to the sweep while it runs; told
   * after the lease ended, it takes its part out of what was charged as lost.
   */
  addEngineStart(start: EngineStart): boolean
  /** Machines and engines that measured a sweep, each once. */
  environmentsOf(sweepId: string): readonly {
    readonly agent: string
    readonly environment: Environment
    readonly engines: readonly EngineStart['facts'][]
  }[]
}

export interface PlannerLogShelf {
  appendPlannerCall(sweepId: string, number: number, call: PlannerCall): void
  /** In order of their numbers, those above `after`. */
  plannerCalls(sweepId: string, after: number, limit: number): NumberedCall[]
  /** 0 for an empty log. */
  lastPlannerCall(sweepId: string): number
}
