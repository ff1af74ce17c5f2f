import { FmworkError } from '../../shared/domain/errors.js'
import { SweepRun } from './sweep-run.js'
import type { DispatchTools } from './sweep-run.js'
import type { StoredLease, StoredSweep } from './store-records.js'
import { Turns } from './turns.js'

/** The sweeps of a coordinator. Ended ones are loaded when somebody asks for them. */
export class SweepRegistry {
  readonly #tools: DispatchTools
  readonly #runs = new Map<string, SweepRun>()
  /** Ids of COMPLETED sweeps whose reference is being measured. */
  readonly #verifying = new Set<string>()
  readonly #turns = new Turns()

  constructor(tools: DispatchTools) {
    this.#tools = tools
  }

  /** Loads what a coordinator before this one left unfinished. */
  load(): SweepRun[] {
    const { store } = this.#tools
    const unfinished = store.listSweeps().filter((sweep) => {
      const { verifyOrdered, verifyMeasured } = store.totals(sweep.sweepId)
      const verifying = sweep.state === 'COMPLETED' && verifyOrdered > verifyMeasured
      if (verifying) this.#verifying.add(sweep.sweepId)
      return verifying || sweep.state === 'RUNNING' || sweep.state === 'PAUSED'
    })
    return unfinished.map((sweep) => this.add(sweep))
  }

  add(sweep: StoredSweep): SweepRun {
    const run = new SweepRun(this.#tools, sweep)
    this.#runs.set(sweep.sweepId, run)
    return run
  }

  /** @param sweep id or name. @throws FmworkError SWEEP_NOT_FOUND */
  find(sweep: string): SweepRun {
    const loaded = this.#runs.get(sweep)
    if (loaded !== undefined) return loaded
    const stored = this.#tools.store.findSweep(sweep)
    if (stored === undefined) {
      throw new FmworkError('SWEEP_NOT_FOUND', `there is no sweep ${JSON.stringify(sweep)}`)
    }
    return this.#runs.get(stored.sweepId) ?? this.add(stored)
  }

  verifies(sweepId: string, verifying: boolean): void {
    if (verifying) this.#verifying.add(sweepId)
    else this.#verifying.delete(sweepId)
  }

  /** May trials of the sweep be given out. */
  serves(run: SweepRun): boolean {
    return run.state === 'RUNNING' || this.#verifying.has(run.sweepId)
  }

  /** Sweeps with work, those first that are owed most: none starves. */
  inTurn(): SweepRun[] {
    return this.#turns.order(this.#serving(), this.#tools.leases.devicesBySweep())
  }

  /** Sweeps that have no agent and more right to the devices of this lease than its own. */
  waitingFor(lease: StoredLease): SweepRun[] {
    const devices = this.#tools.leases.devicesBySweep()
    const run = this.find(lease.sweepId)
    return this.#turns
      .order(this.#serving(), devices)
      .filter((other) => other !== run && this.#turns.owes(run, other, devices, lease.devices))
  }

  /** Time passed. */
  age(seconds: number): void {
    this.#turns.age(this.#serving(), this.#tools.leases.devicesBySweep(), seconds)
  }

  #serving(): SweepRun[] {
    return [...this.#runs.values()].filter((run) => this.serves(run))
  }

  running(): SweepRun[] {
    return [...this.#runs.values()].filter(({ state }) => state === 'RUNNING')
  }

  /** Closes the planners of ended sweeps that nobody reads: each holds a thread and a surface. */
  rest(): void {
    for (const run of this.#runs.values()) {
      if (run.state !== 'RUNNING' && run.state !== 'PAUSED') void run.ledger.closeIdle()
    }
  }

  /** Something about the agents changed that every watcher sees. */
  agentsChanged(): void {
    for (const run of this.#runs.values()) run.feed.changed()
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.close()))
  }
}
