import type { AgentDesk } from '../../shared/domain/agent-desk.js'
import { asFmworkError } from '../../shared/domain/errors.js'
import type { SweepDesk } from '../../shared/domain/sweep-desk.js'
import type { Cancel, Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { OpenPlanner } from '../plan/planner.js'
import { AgentCounter } from './agent-counter.js'
import { AgentRegistry } from './agent-registry.js'
import { ClockWatch } from './clock-watch.js'
import { LeaseBook } from './lease-book.js'
import { Recorder } from './recorder.js'
import { ResultBell } from './result-bell.js'
import type { Store } from './store-port.js'
import { createSurfaceDesk } from './surface-desk.js'
import type { SurfaceDesk } from './surface-desk.js'
import { SweepCounter } from './sweep-counter.js'
import { SweepRegistry } from './sweep-registry.js'
import type { DispatchTools } from './sweep-run.js'
import { Verifier } from './verifier.js'
import { WorkDesk } from './work-desk.js'

export interface DispatcherOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly openPlanner: OpenPlanner
  /** How long a lease lives without renewal. */
  readonly leaseMs?: number
  /** How often an agent says that it lives. */
  readonly heartbeatMs?: number
}

/** Who measures when. The store stays the caller’s: close it after the dispatcher. */
export interface Dispatcher {
  readonly agentDesk: AgentDesk
  readonly sweepDesk: SweepDesk
  readonly surfaceDesk: SurfaceDesk
  /** Takes up what an earlier coordinator left: running sweeps, held leases. */
  start(): void
  /** Stops the timers and closes the planners; what agents hold stays theirs. */
  close(): Promise<void>
}

/** Seconds between two looks at the leases. */
const tickSeconds = 0.5
/** Ticks between two looks for planners that nobody needs. */
const restTicks = 120

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, clock, log, openPlanner, leaseMs = 30_000, heartbeatMs = 5000 } = options
  const registry = new AgentRegistry()
  const leases = new LeaseBook(store, clock, leaseMs)
  const bell = new ResultBell(clock)
  const tools: DispatchTools = { store, clock, log, openPlanner, registry, leases, bell }
  const sweeps = new SweepRegistry(tools)
  const verifier = new Verifier(tools)
  const work = new WorkDesk(tools, sweeps)
  const recorder = new Recorder(tools, sweeps)
  const clockWatch = new ClockWatch(store, clock, log)
  const watch = new LeaseWatch(tools, sweeps, clockWatch)
  return {
    agentDesk: new AgentCounter({
      ...{ tools, sweeps, work, recorder, clockWatch, leaseMs, heartbeatMs },
    }),
    sweepDesk: new SweepCounter(tools, sweeps, verifier),
    surfaceDesk: createSurfaceDesk(store, sweeps),
    start() {
      leases.adopt()
      for (const run of sweeps.load()) {
        // The plan is rebuilt now, so that the first request for work need not wait for it.
        if (run.state === 'RUNNING' && run.hardware !== undefined) run.refresh()
      }
      watch.start()
    },
    async close() {
      watch.stop()
      await sweeps.close()
    },
  }
}

/** Ends leases whose time is over, and counts the time that sweeps run. */
class LeaseWatch {
  readonly #tools: DispatchTools
  readonly #sweeps: SweepRegistry
  readonly #clockWatch: ClockWatch
  #last = 0
  #ticks = 0
  #cancel: Cancel | undefined

  constructor(tools: DispatchTools, sweeps: SweepRegistry, clockWatch: ClockWatch) {
    this.#tools = tools
    this.#sweeps = sweeps
    this.#clockWatch = clockWatch
  }

  start(): void {
    this.#last = this.#tools.clock.monotonic()
    this.#schedule()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #schedule(): void {
    this.#cancel = this.#tools.clock.after(tickSeconds, () => {
      try {
        this.#tick()
      } catch (thrown) {
        // A full disk mends itself; the next tick does what this one could not.
        const error = asFmworkError(thrown)
        this.#tools.log.error({ err: error, code: error.code }, 'leases could not be looked after')
      }
      this.#schedule()
    })
  }

  #tick(): void {
    const { leases, clock, log, registry } = this.#tools
    this.#clockWatch.look()
    const overdue = leases.overdue()
    if (overdue.length > 0) {
      leases.endAll(
        overdue.map(({ leaseId }) => leaseId),
        'EXPIRED',
      )
    }
    for (const { leaseId, agent, sweepId } of overdue) {
      log.warn(
        { sweep: sweepId, lease: leaseId, agent },
        'the lease expired: its agent did not renew it',
      )
      registry.line(agent)?.revoke(leaseId, 'the lease expired')
      if (leases.of(agent).length === 0) registry.rests(agent)
      this.#sweeps.find(sweepId).leaseEnded()
    }
    if (overdue.length > 0) registry.wakeAll()
    leases.flush()
    const now = clock.monotonic()
    this.#sweeps.age(now - this.#last)
    for (const run of this.#sweeps.running()) run.age(now - this.#last)
    this.#last = now
    this.#ticks += 1
    if (this.#ticks % restTicks === 0) this.#sweeps.rest()
  }
}
