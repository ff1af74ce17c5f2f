import { FmworkError } from '../../shared/domain/errors.js'
import type { Grant, HeldLease, TrialOrder } from '../../shared/domain/lease.js'
import { requestsAtOnce } from '../../shared/domain/sweep.js'
import type { EngineDemand } from '../engine/engine.js'

/** A lease as the agent holds it: the block’s demand and the trials still to run. */
export class HeldBlock {
  readonly lease: HeldLease
  readonly sweepId: string
  readonly demand: EngineDemand
  /** Its alone while the lease is held. */
  readonly devices: readonly string[]
  readonly #queue: TrialOrder[] = []
  readonly #seen = new Set<string>()
  readonly #lost = new AbortController()
  #aliveUntil: number

  /** @param aliveUntil seconds on the monotonic clock until which the lease is surely ours. */
  constructor(grant: Grant, aliveUntil: number, devices: readonly string[]) {
    this.devices = devices
    this.sweepId = grant.sweepId
    this.lease = { leaseId: grant.leaseId, token: grant.token }
    const { block, maxLoad, maxContextTokens } = grant
    const workload = grant.trials[0]?.workload
    this.demand = {
      block,
      maxLoad: workload === undefined ? maxLoad : requestsAtOnce(workload, maxLoad),
      maxContextTokens,
      devices,
    }
    this.#aliveUntil = aliveUntil
  }

  /** Aborts when the lease is no longer ours, with LEASE_STALE that says why. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  get waiting(): number {
    return this.#queue.length
  }

  /**
   * Queues the trials of a grant that are new here; answers how many those were.
   *
   * @param done true for a trial whose result waits in the outbox.
   */
  add(trials: readonly TrialOrder[], done: (trialId: string) => boolean): number {
    const fresh = trials.filter(({ trialId }) => !this.#seen.has(trialId) && !done(trialId))
    for (const trial of fresh) {
      this.#seen.add(trial.trialId)
      this.#queue.push(trial)
    }
    return fresh.length
  }

  next(): TrialOrder | undefined {
    return this.#queue.shift()
  }

  has(trialId: string): boolean {
    return this.#seen.has(trialId)
  }

  renewed(aliveUntil: number): void {
    this.#aliveUntil = Math.max(this.#aliveUntil, aliveUntil)
  }

  /** Past this nobody here knows whose the block is: no trial may start. */
  expired(now: number): boolean {
    return now >= this.#aliveUntil
  }

  lose(reason: string): void {
    this.#queue.length = 0
    if (!this.#lost.signal.aborted) this.#lost.abort(new FmworkError('LEASE_STALE', reason))
  }
}
