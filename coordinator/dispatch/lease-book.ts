import type { Block } from '../../shared/domain/configuration.js'
import type { HeldLease } from '../../shared/domain/lease.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Store } from './store-port.js'
import type { LeaseState, StoredLease } from './store-records.js'

interface Entry {
  readonly lease: StoredLease
  /** Seconds on the monotonic clock: a wall clock that jumps ends no lease. */
  deadline: number
  renewed: boolean
}

/**
 * Who holds which block until when. The store has the last word on who; the deadlines live here and
 * reach the store in bulk, so that what is stored is never later than what was promised.
 */
export class LeaseBook {
  readonly #store: Store
  readonly #clock: Clock
  readonly #leaseMs: number
  readonly #byId = new Map<string, Entry>()
  readonly #byAgent = new Map<string, Entry>()

  constructor(store: Store, clock: Clock, leaseMs: number) {
    this.#store = store
    this.#clock = clock
    this.#leaseMs = leaseMs
  }

  /** After a restart every held lease gets a whole term: its agent could not renew meanwhile. */
  adopt(): void {
    for (const lease of this.#store.heldLeases()) this.#enter(lease)
  }

  of(agent: string): StoredLease | undefined {
    return this.#byAgent.get(agent)?.lease
  }

  heldBy(sweepId: string): StoredLease[] {
    return [...this.#byId.values()]
      .map(({ lease }) => lease)
      .filter((lease) => lease.sweepId === sweepId)
  }

  /** Undefined while the agent holds another. */
  grant(sweepId: string, block: Block, agent: string): StoredLease | undefined {
    const at = this.#clock.wall()
    const expiresAt = at + this.#leaseMs
    const lease = this.#store.grantLease({ sweepId, block, agent, at, expiresAt })
    const held = lease ?? this.#store.heldLeaseOf(agent)
    if (held !== undefined) this.#enter(held)
    return lease
  }

  /** Is this the agent’s lease, under its present token. */
  isCurrent(agent: string, held: HeldLease): boolean {
    const lease = this.#byAgent.get(agent)?.lease
    return lease?.leaseId === held.leaseId && lease.token === held.token
  }

  /** The ids, of those named, that live on. */
  renew(agent: string, leases: readonly HeldLease[]): string[] {
    const alive = leases.filter((held) => this.isCurrent(agent, held))
    for (const { leaseId } of alive) {
      const entry = this.#byId.get(leaseId)
      if (entry === undefined) continue
      entry.deadline = this.#clock.monotonic() + this.#leaseMs / 1000
      entry.renewed = true
    }
    return alive.map(({ leaseId }) => leaseId)
  }

  /** False when it was not held. */
  end(leaseId: string, state: Exclude<LeaseState, 'HELD'>): boolean {
    const ended = this.#store.endLease(leaseId, state, this.#clock.wall())
    this.forget(leaseId)
    return ended
  }

  /** The store has ended the lease already. */
  forget(leaseId: string): void {
    const entry = this.#byId.get(leaseId)
    this.#byId.delete(leaseId)
    if (entry !== undefined && this.#byAgent.get(entry.lease.agent) === entry) {
      this.#byAgent.delete(entry.lease.agent)
    }
  }

  /** Leases whose time is over. */
  overdue(): StoredLease[] {
    const now = this.#clock.monotonic()
    return [...this.#byId.values()]
      .filter(({ deadline }) => deadline <= now)
      .map(({ lease }) => lease)
  }

  /** Tells the store what was renewed since the last time. */
  flush(): void {
    const renewed = [...this.#byId.values()].filter((entry) => entry.renewed)
    if (renewed.length === 0) return
    const [now, at] = [this.#clock.monotonic(), this.#clock.wall()]
    this.#store.renewLeases(
      renewed.map(({ lease, deadline }) => ({
        leaseId: lease.leaseId,
        expiresAt: at + (deadline - now) * 1000,
      })),
    )
    for (const entry of renewed) entry.renewed = false
  }

  #enter(lease: StoredLease): void {
    const deadline = this.#clock.monotonic() + this.#leaseMs / 1000
    const entry = { lease, deadline, renewed: false }
    this.#byId.set(lease.leaseId, entry)
    this.#byAgent.set(lease.agent, entry)
  }
}
