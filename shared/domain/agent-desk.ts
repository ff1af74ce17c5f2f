import type { Environment } from './environment.js'
import type { Beside, Grant, HeldLease, NoWork } from './lease.js'
import type { AgentActivity } from './meta-metrics.js'
import type { ReportBatch, ReportReceipt } from './report-item.js'

/** What an agent says of itself when it connects. */
export interface AgentFacts {
  readonly agent: string
  readonly hardware: string
  readonly deviceCount: number
  readonly engines: readonly string[]
  readonly environment: Environment
  /** SHA-256 of the data files that a workload may use there; none when absent. */
  readonly data?: readonly string[]
  readonly clockOffsetMs: number
  readonly held: readonly HeldLease[]
}

export interface AgentPulse {
  readonly activity: AgentActivity
  readonly eventLoopLagMs: number
  readonly utilizationPercent?: number
  readonly memoryBytes?: number
  readonly powerWatts?: number
  readonly clockOffsetMs: number
}

/** How the dispatcher reaches a connected agent. Calls return at once; a dead line is a no-op. */
export interface AgentLine {
  revoke(leaseId: string, reason: string): void
  drain(reason: string): void
  /** Work may be there now: ask again. */
  wake(): void
}

/** The agents’ counter. Every method is durable when its promise resolves. */
export interface AgentDesk {
  readonly leaseMs: number
  readonly heartbeatMs: number
  /** A second session under one name replaces the first. Held leases that are still current live on. */
  connect(
    facts: AgentFacts,
    line: AgentLine,
  ): Promise<{ sessionId: string; acknowledgedSequence: number }>
  /** Leases stay until they expire: the agent may come back. */
  disconnect(agent: string, sessionId: string): void
  pulse(agent: string, pulse: AgentPulse): void
  /**
   * More trials for the lease named, or a lease when none is. Idempotent: asked again before its
   * trials ended, an agent gets the same ones again, and a lease it does not name is granted again.
   */
  requestWork(
    agent: string,
    held: HeldLease | undefined,
    capacity: number,
    beside?: Beside,
  ): Promise<Grant | NoWork>
  /** The leases, of those named, that live on. */
  renew(agent: string, leases: readonly HeldLease[]): Promise<string[]>
  release(agent: string, lease: HeldLease): Promise<void>
  /** @throws FmworkError DISK_FULL, STORE_CORRUPT. Stale results are refused one by one, not thrown. */
  record(batch: ReportBatch): Promise<ReportReceipt>
}
