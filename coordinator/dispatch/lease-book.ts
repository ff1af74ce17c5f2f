import type { Block } from '../../shared/domain/configuration.js'
import type { HeldLease } from '../../shared/domain/lease.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Store } from './store-port.js'
import type { LeaseState, StoredLease } from './store-records.js'

interface Entry {
  readonly lease: StoredLease
  /** Seconds on the monotonic clock. */
  readonly since: number
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
  readonly #byAgent = new Map<string, Map<string, Entry>>()
  readonly #devices = new Map<string, number>()

  constructor(store: Store, clock: Clock, leaseMs: number) {
    this.#store = store
    this.#clock = clock
    this.#leaseMs = leaseMs
  }

  /** After a restart every held lease gets a whole term: its agent could not renew meanwhile. */
  adopt(): void {
    for (const lease of this.#store.heldLeases()) this.#enter(lease)
  }

  /** Oldest first. */
  of(agent: string): StoredLease[] {
    return [...(this.#byAgent.get(agent)?.values() ?? [])].map(({ lease }) => lease)
  }

  heldBy(sweepId: string): StoredLease[] {
    return [...this.#byId.values()]
      .map(({ lease }) => lease)
      .filter((lease) => lease.sweepId === sweepId)
  }

  /** Devices that each sweep’s leases take. */
  devicesBySweep(): ReadonlyMap<string, number> {
    return this.#devices
  }

  /** Undefined when the agent’s other leases leave it too few devices. */
  grant(sweepId: string, block: Block, agent: string): StoredLease | undefined {
    const at = this.#clock.wall()
    const expiresAt = at + this.#leaseMs
    const lease = this.#store.grantLease({ sweepId, block, agent, at, expiresAt })
    if (lease !== undefined) this.#enter(lease)
    return lease
  }

  /** For how long it has been held. */
  heldSeconds({ leaseId }: StoredLease): number {
    const entry = this.#byId.get(leaseId)
    return entry === undefined ? 0 : this.#clock.monotonic() - entry.since
  }

  /** The agent’s lease of that name, if it is held under that token. */
  current(agent: string, held: HeldLease): StoredLease | undefined {
    const lease = this.#byAgent.get(agent)?.get(held.leaseId)?.lease
    return lease?.token === held.token ? lease : undefined
  }

  /** The ids, of those named, that live on. */
  renew(agent: string, leases: readonly HeldLease[]): string[] {
    const alive = leases.filter((held) => this.current(agent, held) !== undefined)
    for (const { leaseId } of alive) {
      const entry = this.#byId.get(leaseId)
      if (entry === undefined) continue
      entry.deadline = this.#clock.monotonic() + this.#leaseMs / 1000
      entry.renewed = true
    }
    return alive.map(({ leaseId }) => leaseId)
  }

  /** False when it was not held. On disk when the store is settled. */
  end(leaseId: string, state: Exclude<LeaseState, 'HELD'>): boolean {
    return this.endAll([leaseId], state) === 1
  }

  /** All in one transaction. @returns how many were held. */
  endAll(leaseIds: readonly string[], state: Exclude<LeaseState, 'HELD'>): number {
    const at = this.#clock.wall()
    const held = this.#store.ahead(() =>
      leaseIds.filter((leaseId) => this.#store.endLease(leaseId, state, at)),
    )
    for (const leaseId of leaseIds) this.forget(leaseId)
    return held.length
  }

  /** The store has ended the lease already. */
  forget(leaseId: string): void {
    const entry = this.#byId.get(leaseId)
    this.#byId.delete(leaseId)
    if (entry === undefined) return
    const { agent, sweepId, devices } = entry.lease
    this.#devices.set(sweepId, (this.#devices.get(sweepId) ?? 0) - devices)
    const ofAgent = this.#byAgent.get(agent)
    ofAgent?.delete(leaseId)
    if (ofAgent?.size === 0) this.#byAgent.delete(agent)
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
    const renewals = renewed.map(({ lease, deadline }) => ({
      leaseId: lease.leaseId,
      expiresAt: at + (deadline - now) * 1000,
    }))
    this.#store.ahead(() => {
      this.#store.renewLeases(renewals)
    })
    for (const entry of renewed) entry.renewed = false
  }

  #enter(lease: StoredLease): void {
    const now = this.#clock.monotonic()
    const deadline = now + this.#leaseMs / 1000
    const since = now - Math.max(0, this.#clock.wall() - lease.grantedAt) / 1000
    const entry = { lease, since, deadline, renewed: false }
    this.#byId.set(lease.leaseId, entry)
    const ofAgent = this.#byAgent.get(lease.agent) ?? new Map<string, Entry>()
    this.#byAgent.set(lease.agent, ofAgent.set(lease.leaseId, entry))
    this.#devices.set(lease.sweepId, (this.#devices.get(lease.sweepId) ?? 0) + lease.devices)
  }
}
