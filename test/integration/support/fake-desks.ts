import type {
  AgentDesk,
  AgentFacts,
  AgentLine,
  AgentPulse,
} from '../../../shared/domain/agent-desk.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Grant, HeldLease, NoWork } from '../../../shared/domain/lease.js'
import type { ReportBatch, ReportReceipt } from '../../../shared/domain/report-item.js'
import type { PastRow } from '../../../shared/domain/past.js'
import type { ExportPart, SweepDesk, WatchEvent } from '../../../shared/domain/sweep-desk.js'
import { sweepStatus } from './examples.js'

/** An agents’ counter in memory that keeps the promises of the contract and remembers everything. */
export class FakeAgentDesk implements AgentDesk {
  leaseMs = 30_000
  heartbeatMs = 5000
  readonly connected: AgentFacts[] = []
  readonly disconnected: string[] = []
  readonly pulses: AgentPulse[] = []
  readonly renewals: (readonly HeldLease[])[] = []
  readonly released: HeldLease[] = []
  /** Every batch that arrived, repetitions too. */
  readonly arrived: ReportBatch[] = []
  /** What was stored: one per sequence. */
  readonly recorded: ReportBatch[] = []
  readonly lines = new Map<string, AgentLine>()
  readonly stale = new Set<string>()
  acknowledged = 0
  work: (
    held: HeldLease | undefined,
    capacity: number,
  ) => Grant | NoWork | Promise<Grant | NoWork> = () => ({
    retryAfterMs: 1000,
    reason: 'nothing to do',
  })
  /** Throws here to play a desk in trouble. */
  beforeRecord: (batch: ReportBatch) => void = () => undefined
  #waiting: { readonly met: () => boolean; readonly resolve: () => void }[] = []
  #sessions = 0

  /** Resolves as soon as the condition holds, checked after everything that happens here. */
  until(met: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ met, resolve })
      this.#happened()
    })
  }

  #happened(): void {
    const met = this.#waiting.filter((waiting) => waiting.met())
    this.#waiting = this.#waiting.filter((waiting) => !met.includes(waiting))
    for (const waiting of met) waiting.resolve()
  }

  connect(
    facts: AgentFacts,
    line: AgentLine,
  ): Promise<{ sessionId: string; acknowledgedSequence: number }> {
    this.connected.push(facts)
    this.lines.set(facts.agent, line)
    this.#sessions += 1
    this.#happened()
    return Promise.resolve({
      sessionId: `session-${this.#sessions}`,
      acknowledgedSequence: this.acknowledged,
    })
  }

  disconnect(agent: string, sessionId: string): void {
    this.disconnected.push(`${agent}/${sessionId}`)
    this.#happened()
  }

  pulse(_agent: string, pulse: AgentPulse): void {
    this.pulses.push(pulse)
    this.#happened()
  }

  async requestWork(
    _agent: string,
    held: HeldLease | undefined,
    capacity: number,
  ): Promise<Grant | NoWork> {
    const answer = await this.work(held, capacity)
    this.#happened()
    return answer
  }

  renew(_agent: string, leases: readonly HeldLease[]): Promise<string[]> {
    this.renewals.push(leases)
    this.#happened()
    return Promise.resolve(
      leases.map(({ leaseId }) => leaseId).filter((leaseId) => !this.stale.has(leaseId)),
    )
  }

  release(_agent: string, lease: HeldLease): Promise<void> {
    this.released.push(lease)
    this.#happened()
    return Promise.resolve()
  }

  async record(batch: ReportBatch): Promise<ReportReceipt> {
    this.arrived.push(batch)
    await Promise.resolve()
    this.beforeRecord(batch)
    if (batch.sequence > this.acknowledged) {
      this.recorded.push(batch)
      this.acknowledged = batch.sequence
    }
    this.#happened()
    const refusedTrials = batch.items.flatMap((item) =>
      item.kind === 'trial-result' && this.stale.has(item.lease.leaseId) ? [item.trialId] : [],
    )
    return { acknowledgedSequence: this.acknowledged, refusedTrials }
  }

  /** Trials whose results are stored, in order. */
  get results(): string[] {
    return this.recorded.flatMap(({ items }) =>
      items.flatMap((item) => (item.kind === 'trial-result' ? [item.trialId] : [])),
    )
  }
}

/** A people’s counter that knows one sweep, `first`. */
export class FakeSweepDesk implements SweepDesk {
  readonly submitted: string[] = []
  /** What sweeps were given to start from. */
  readonly given: PastRow[] = []
  /** What `watch` yields before it waits for the signal. */
  events: WatchEvent[] = [{ kind: 'status', status: sweepStatus() }]
  /** True: `watch` ends by itself after its events. */
  watchEnds = false
  watchesEnded = 0

  submit(text: string, past: readonly PastRow[] = []): ReturnType<SweepDesk['submit']> {
    this.submitted.push(text)
    this.given.push(...past)
    return Promise.resolve({ sweepId: 'sweep-1', created: true })
  }

  list(): ReturnType<SweepDesk['list']> {
    return Promise.resolve([sweepStatus().sweep])
  }

  get(sweep: string): ReturnType<SweepDesk['get']> {
    if (sweep !== 'first') {
      return Promise.reject(new FmworkError('SWEEP_NOT_FOUND', `no sweep ${sweep}`))
    }
    return Promise.resolve({ text: 'name: first', status: sweepStatus(3) })
  }

  pause(): ReturnType<SweepDesk['pause']> {
    return Promise.resolve({ ...sweepStatus().sweep, state: 'PAUSED' as const })
  }

  resume(): ReturnType<SweepDesk['resume']> {
    return Promise.resolve(sweepStatus().sweep)
  }

  cancel(): ReturnType<SweepDesk['cancel']> {
    return Promise.resolve({ ...sweepStatus().sweep, state: 'CANCELLED' as const })
  }

  verify(_sweep: string, sample: number | undefined, seed: number): Promise<number> {
    return Promise.resolve((sample ?? 100) + seed)
  }

  async *watch(_sweep: string, _trials: boolean, signal: AbortSignal): AsyncIterable<WatchEvent> {
    try {
      yield* this.events
      if (this.watchEnds) return
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    } finally {
      this.watchesEnded += 1
    }
  }

  async *export(): AsyncIterable<ExportPart> {
    await Promise.resolve()
    yield { kind: 'text', text: 'name: first' }
    yield { kind: 'status', status: sweepStatus(3) }
  }

  agents(): ReturnType<SweepDesk['agents']> {
    return Promise.resolve([])
  }
}
