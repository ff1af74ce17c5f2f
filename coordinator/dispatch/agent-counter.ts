import type {
  AgentDesk,
  AgentFacts,
  AgentLine,
  AgentPulse,
} from '../../shared/domain/agent-desk.js'
import type { Beside, Grant, HeldLease, NoWork } from '../../shared/domain/lease.js'
import type { ReportBatch, ReportReceipt } from '../../shared/domain/report-item.js'
import type { ClockWatch } from './clock-watch.js'
import type { Recorder } from './recorder.js'
import type { SweepRegistry } from './sweep-registry.js'
import type { DispatchTools } from './sweep-run.js'
import type { WorkDesk } from './work-desk.js'

export interface AgentCounterParts {
  readonly tools: DispatchTools
  readonly sweeps: SweepRegistry
  readonly work: WorkDesk
  readonly recorder: Recorder
  readonly clockWatch: ClockWatch
  readonly leaseMs: number
  readonly heartbeatMs: number
}

/** Batches recorded in one transaction, and samples in them, at most: between two groups others are served. */
const largestGroup = { batches: 64, samples: 400 }

interface Arrival {
  readonly batch: ReportBatch
  readonly resolve: (receipt: ReportReceipt) => void
  readonly reject: (reason: Error) => void
}

/** The agents’ counter. */
export class AgentCounter implements AgentDesk {
  readonly leaseMs: number
  readonly heartbeatMs: number
  readonly #parts: AgentCounterParts
  readonly #arrived: Arrival[] = []

  constructor(parts: AgentCounterParts) {
    this.#parts = parts
    this.leaseMs = parts.leaseMs
    this.heartbeatMs = parts.heartbeatMs
  }

  connect(
    facts: AgentFacts,
    line: AgentLine,
  ): Promise<{ sessionId: string; acknowledgedSequence: number }> {
    return this.#soon(() => {
      const { tools, sweeps } = this.#parts
      const acknowledgedSequence = tools.store.ahead(() =>
        tools.store.saveAgent(facts, tools.clock.wall()),
      )
      const sessionId = tools.registry.connect(facts, line)
      const alive = new Set(tools.leases.renew(facts.agent, facts.held))
      for (const { leaseId } of facts.held) {
        if (!alive.has(leaseId)) line.revoke(leaseId, 'the lease ended while the agent was away')
      }
      sweeps.agentsChanged()
      return { sessionId, acknowledgedSequence }
    }, 'on disk')
  }

  disconnect(agent: string, sessionId: string): void {
    const { tools, sweeps } = this.#parts
    if (tools.registry.disconnect(agent, sessionId)) sweeps.agentsChanged()
  }

  pulse(agent: string, pulse: AgentPulse): void {
    const { tools, sweeps } = this.#parts
    tools.registry.pulse(agent, pulse)
    sweeps.agentsChanged()
  }

  requestWork(
    agent: string,
    held: HeldLease | undefined,
    capacity: number,
    beside: Beside = { leases: [] },
  ): Promise<Grant | NoWork> {
    return this.#parts.work.request(agent, held, capacity, beside)
  }

  renew(agent: string, leases: readonly HeldLease[]): Promise<string[]> {
    return this.#soon(() => this.#parts.tools.leases.renew(agent, leases))
  }

  release(agent: string, lease: HeldLease): Promise<void> {
    return this.#soon(() => {
      const { tools, sweeps } = this.#parts
      const stored = tools.leases.current(agent, lease)
      if (stored === undefined) return
      tools.leases.end(lease.leaseId, 'RELEASED')
      tools.log.info({ sweep: stored.sweepId, lease: lease.leaseId, agent }, 'lease released')
      if (tools.leases.of(agent).length === 0) tools.registry.rests(agent)
      sweeps.find(stored.sweepId).leaseEnded()
      tools.registry.wakeAll()
    }, 'on disk')
  }

  /** Batches that arrive in one turn of the event loop reach the disk together. */
  record(batch: ReportBatch): Promise<ReportReceipt> {
    return new Promise((resolve, reject) => {
      this.#arrived.push({ batch, resolve, reject })
      if (this.#arrived.length === 1) setImmediate(() => this.#recordArrived())
    })
  }

  #recordArrived(): void {
    const group = this.#arrived.splice(0, groupLength(this.#arrived))
    if (this.#arrived.length > 0) setImmediate(() => this.#recordArrived())
    this.#record(group).catch((error: unknown) => {
      for (const { reject } of group) reject(error as Error)
    })
  }

  async #record(group: readonly Arrival[]): Promise<void> {
    const { recorder, tools, clockWatch } = this.#parts
    clockWatch.look()
    const receipts = recorder.record(group.map(({ batch }) => batch))
    await tools.store.settled()
    for (const [index, { resolve, reject }] of group.entries()) {
      try {
        resolve((receipts[index] as () => ReportReceipt)())
      } catch (error) {
        reject(error as Error)
      }
    }
  }

  /** A throw becomes a rejection. With `on disk` the answer waits until what was written is there. */
  async #soon<T>(work: () => T, told: 'at once' | 'on disk' = 'at once'): Promise<T> {
    await Promise.resolve()
    this.#parts.clockWatch.look()
    const answer = work()
    if (told === 'on disk') await this.#parts.tools.store.settled()
    return answer
  }
}

/** How many of those that arrived go into one transaction: one at least. */
function groupLength(arrived: readonly Arrival[]): number {
  let samples = 0
  const end = arrived.findIndex(({ batch }, index) => {
    samples += samplesIn(batch)
    return index >= largestGroup.batches || (index > 0 && samples > largestGroup.samples)
  })
  return end === -1 ? arrived.length : end
}

const samplesIn = ({ items }: ReportBatch): number =>
  items.reduce((sum, item) => sum + (item.kind === 'trial-samples' ? item.samples.length : 0), 0)
