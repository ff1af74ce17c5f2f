import type { AgentFacts } from '../../shared/domain/agent-desk.js'
import { blockOf } from '../../shared/domain/configuration.js'
import { asFmworkError } from '../../shared/domain/errors.js'
import type { Beside, Grant, HeldLease, NoWork } from '../../shared/domain/lease.js'
import { couldServe, covers } from '../../shared/domain/eligibility.js'
import { grantOf, noWork } from './grant.js'
import { KeyedQueue } from './keyed-queue.js'
import { askerOf } from './shared-ask.js'
import { exhaustedReason } from './stop-rule.js'
import type { StoredLease, StoredTrial } from './store-records.js'
import { SuggestAhead } from './suggest-ahead.js'
import type { SweepRegistry } from './sweep-registry.js'
import type { DispatchTools, SweepRun } from './sweep-run.js'

/** Trials that an agent may hold at once, whatever it asks for. */
const maxCapacity = 8
/** Seconds that a request waits for the result which its sender has just handed in by another call. */
const arrivalSeconds = 0.3
/** A lease is kept at least this long before a sweep without agents may have its devices. */
const turnSeconds = 60
/** How soon an agent should ask again, in milliseconds: while sweeps run, and while none does. */
const retryMs = { busy: 1000, idle: 5000 }

/** Who gets which trial. Requests of one agent are answered one after another. */
export class WorkDesk {
  readonly #tools: DispatchTools
  readonly #sweeps: SweepRegistry
  readonly #queue = new KeyedQueue()
  readonly #ahead: SuggestAhead

  constructor(tools: DispatchTools, sweeps: SweepRegistry) {
    this.#tools = tools
    this.#sweeps = sweeps
    this.#ahead = new SuggestAhead(tools)
  }

  /**
   * The agent’s trials under its lease, as many as `capacity` in all, those it has already first; or
   * a new lease; or the reason why there is nothing. What is granted is on disk.
   */
  request(
    agent: string,
    held: HeldLease | undefined,
    capacity: number,
    beside: Beside,
  ): Promise<Grant | NoWork> {
    return this.#queue.run(agent, async () => {
      const answer = await this.#request(agent, held, capacity, beside)
      if ('sweepId' in answer) this.#suggestAhead(agent, this.#sweeps.find(answer.sweepId))
      await this.#tools.store.settled()
      if ('sweepId' in answer) this.#noteGrant(agent, held, answer)
      return answer
    })
  }

  #noteGrant(agent: string, held: HeldLease | undefined, grant: Grant): void {
    const { log } = this.#tools
    const { sweepId, leaseId, block, trials } = grant
    const names = { sweep: sweepId, lease: leaseId, agent }
    if (leaseId !== held?.leaseId) log.info({ ...names, block }, 'lease granted')
    log.debug({ ...names, trials: trials.map(({ trialId }) => trialId) }, 'trials granted')
  }

  async #request(
    agent: string,
    held: HeldLease | undefined,
    capacity: number,
    beside: Beside,
  ): Promise<Grant | NoWork> {
    const { registry, leases, log } = this.#tools
    const facts = registry.connected(agent)
    if (facts === undefined) return noWork('the agent is not connected', retryMs.busy)
    const wanted = Math.min(Math.max(Math.floor(capacity), 1), maxCapacity)
    const named = [...(held === undefined ? [] : [held]), ...beside.leases]
    for (const each of named) {
      if (leases.current(agent, each) !== undefined) continue
      registry.line(agent)?.revoke(each.leaseId, 'the lease is no longer current')
    }
    const lease = this.#leaseAskedFor(agent, held, named)
    if (lease !== undefined) {
      leases.renew(agent, [lease])
      const grant = await this.#extend(facts, lease, wanted)
      if (grant !== undefined) return grant
      if (leases.end(lease.leaseId, 'RELEASED')) {
        const { leaseId, sweepId } = lease
        log.info({ sweep: sweepId, lease: leaseId, agent }, 'lease released')
        this.#sweeps.find(sweepId).leaseEnded()
      }
    }
    const taken = leases.of(agent).reduce((sum, { devices }) => sum + devices, 0)
    const left = facts.deviceCount - taken
    const free = Math.min(left, lease === undefined ? (beside.freeDevices ?? left) : left)
    if (free < 1) return noWork('every device is taken', retryMs.busy)
    return this.#fresh({ ...facts, deviceCount: free }, wanted)
  }

  /** The lease named; else one that was granted but, as the agent does not name it, never arrived. */
  #leaseAskedFor(
    agent: string,
    held: HeldLease | undefined,
    named: readonly HeldLease[],
  ): StoredLease | undefined {
    const { leases } = this.#tools
    const current = held === undefined ? undefined : leases.current(agent, held)
    if (current !== undefined) return current
    return leases.of(agent).find(({ leaseId }) => !named.some((each) => each.leaseId === leaseId))
  }

  /** More of the block that the agent serves; undefined when there is nothing in it for now. */
  async #extend(facts: AgentFacts, lease: StoredLease, wanted: number): Promise<Grant | undefined> {
    const { store, bell } = this.#tools
    const run = this.#sweeps.find(lease.sweepId)
    if (store.activeTrials(lease.leaseId).length >= wanted) {
      await bell.next(facts.agent, arrivalSeconds)
    }
    const missing = () => wanted - store.activeTrials(lease.leaseId).length
    if (await this.#turnIsOver(lease, facts, wanted)) return this.#grant(run, lease)
    if (missing() > 0 && this.#sweeps.serves(run)) {
      this.#claim(run, facts, lease, missing(), !this.#hasPeer(facts))
      const elsewhere =
        this.#claimable(run, facts, { evenIfAvoided: !this.#hasPeer(facts) }, 1).length > 0
      if (missing() > 0 && run.open && !elsewhere) {
        await this.#suggest(run, facts, missing(), lease.blockKey, () => {
          this.#claim(run, facts, lease, missing(), !this.#hasPeer(facts))
        })
      }
      if (missing() === wanted) this.#claim(run, facts, lease, wanted, true)
    }
    return this.#grant(run, lease)
  }

  /** Another sweep waits for these devices, has work for them, and its turn has come. */
  async #turnIsOver(lease: StoredLease, facts: AgentFacts, wanted: number): Promise<boolean> {
    if (this.#tools.leases.heldSeconds(lease) < turnSeconds) return false
    const freed = { ...facts, deviceCount: lease.devices }
    for (const run of this.#sweeps.waitingFor(lease)) {
      if (!couldServe(freed, run.spec, run.hardware ?? [])) continue
      if (await this.#has(run, freed, wanted)) return true
    }
    return false
  }

  /** A lease on the block where the agent is of most use. */
  async #fresh(facts: AgentFacts, wanted: number): Promise<Grant | NoWork> {
    const { leases, registry } = this.#tools
    const sweeps = this.#sweeps.inTurn()
    for (const run of sweeps) {
      if (run.open) run.fixHardware(registry.hardware())
      if (!couldServe(facts, run.spec, run.hardware ?? [])) continue
      const lease = await this.#lease(run, facts, wanted)
      if (lease === undefined) continue
      const grant = this.#grant(run, lease)
      if (grant !== undefined) return grant
      // Another agent took them while this one was being served.
      leases.end(lease.leaseId, 'RELEASED')
    }
    return sweeps.length === 0
      ? noWork('no sweep is running', retryMs.idle)
      : noWork('nothing to measure for this agent now', retryMs.busy)
  }

  /** A lease on the block of the first trial that the agent may get; of those suggested, if none waits. */
  async #lease(run: SweepRun, facts: AgentFacts, wanted: number): Promise<StoredLease | undefined> {
    const { store } = this.#tools
    const lease = (evenIfAvoided: boolean) =>
      store.ahead(() => this.#leaseOn(run, facts, wanted, evenIfAvoided))
    const waiting = lease(!this.#hasPeer(facts))
    if (waiting !== undefined) return waiting
    let suggested: StoredLease | undefined
    if (run.open) {
      await this.#suggest(run, facts, wanted, undefined, () => {
        suggested = this.#leaseOn(run, facts, wanted, !this.#hasPeer(facts))
      })
    }
    if (suggested !== undefined) return suggested
    if (this.#claimable(run, facts, { evenIfAvoided: true }, 1).length > 0) return lease(true)
    finishIfExhausted(run, facts)
    return undefined
  }

  /** Inside a transaction. */
  #leaseOn(
    run: SweepRun,
    facts: AgentFacts,
    wanted: number,
    evenIfAvoided: boolean,
  ): StoredLease | undefined {
    const [trial] = this.#claimable(run, facts, { evenIfAvoided }, 1)
    if (trial === undefined) return undefined
    const { leases } = this.#tools
    const lease = leases.grant(run.sweepId, blockOf(trial.configuration), facts.agent)
    if (lease !== undefined) this.#claim(run, facts, lease, wanted, true)
    return lease
  }

  /** Is there anything for these devices; the strategy is asked if nothing waits. */
  async #has(run: SweepRun, facts: AgentFacts, wanted: number): Promise<boolean> {
    const waits = (evenIfAvoided: boolean) =>
      this.#claimable(run, facts, { evenIfAvoided }, 1).length > 0
    if (waits(!this.#hasPeer(facts))) return true
    if (run.open) await this.#suggest(run, facts, wanted, undefined, () => undefined)
    if (waits(true)) return true
    finishIfExhausted(run, facts)
    return false
  }

  #suggestAhead(agent: string, run: SweepRun): void {
    const facts = this.#tools.registry.connected(agent)
    if (facts === undefined) return
    this.#ahead.look(run, (count) => this.#ask(run, facts, count, undefined, () => undefined))
  }

  /** For an agent that has nothing to do until the planner answers. */
  #suggest(
    run: SweepRun,
    facts: AgentFacts,
    count: number,
    runningBlock: string | undefined,
    queued: () => void,
  ): Promise<void> {
    this.#ahead.waits(run)
    return this.#ask(run, facts, count, runningBlock, queued)
  }

  async #ask(
    run: SweepRun,
    facts: AgentFacts,
    count: number,
    runningBlock: string | undefined,
    queued: () => void,
  ): Promise<void> {
    try {
      const asker = askerOf(facts, this.#tools.clock.wall(), runningBlock)
      await run.asks.join({ asker, count, queued })
    } catch (thrown) {
      const error = asFmworkError(thrown)
      // A full disk mends itself; the agent asks again.
      if (error.code === 'DISK_FULL') throw error
      run.fail(`the planner broke: ${error.message}`)
    }
  }

  /** Is there another agent that could run what this one can: an elsewhere for what failed here. */
  #hasPeer(facts: AgentFacts): boolean {
    return this.#tools.registry
      .allConnected()
      .some((other) => other.agent !== facts.agent && covers(other, facts))
  }

  #claimable(
    run: SweepRun,
    facts: AgentFacts,
    filter: { readonly evenIfAvoided: boolean; readonly blockKey?: string },
    limit: number,
  ): StoredTrial[] {
    const { store, clock } = this.#tools
    const { agent, hardware, deviceCount, engines } = facts
    return store.claimable(
      { sweepId: run.sweepId, agent, hardware, deviceCount, engines, now: clock.wall(), ...filter },
      limit,
    )
  }

  #claim(
    run: SweepRun,
    facts: AgentFacts,
    lease: StoredLease,
    count: number,
    evenIfAvoided: boolean,
  ): void {
    const { store } = this.#tools
    const filter = { evenIfAvoided, blockKey: lease.blockKey }
    store.ahead(() => {
      for (const { trialId } of this.#claimable(run, facts, filter, count)) {
        store.leaseTrial(trialId, lease)
      }
    })
  }

  #grant(run: SweepRun, lease: StoredLease): Grant | undefined {
    const [first, ...rest] = this.#tools.store.activeTrials(lease.leaseId)
    const { ground } = run
    if (first === undefined || ground === undefined) return undefined
    const { sweepId, spec } = run
    return grantOf(lease, { sweepId, spec, ...ground }, [first, ...rest])
  }
}

/** What no strategy suggests and nobody measures any more, nobody waits for. */
function finishIfExhausted(run: SweepRun, facts: AgentFacts): void {
  if (!run.open || !run.isExhaustedFor(facts)) return
  run.finish({ goalReached: false, reason: exhaustedReason(run.status()) })
}
