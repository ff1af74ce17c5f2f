import type { AgentFacts } from '../../shared/domain/agent-desk.js'
import { asFmworkError } from '../../shared/domain/errors.js'
import type { SweepStatus } from '../../shared/domain/meta-metrics.js'
import { harvestLengths } from '../../shared/domain/harvest.js'
import { changeWords } from '../../shared/domain/level-change.js'
import { spanSpace } from '../../shared/domain/space.js'
import type { Space } from '../../shared/domain/space.js'
import { parseSweep } from '../../shared/domain/sweep-file.js'
import { dataOf } from '../../shared/domain/sweep.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { SweepState } from '../../shared/domain/trial.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { spentOf } from '../analysis/meta-metrics.js'
import type { AskerFacts, OpenPlanner, Planner, PlanStatus } from '../plan/planner.js'
import type { AgentRegistry } from './agent-registry.js'
import { BlockExtents } from './block-extent.js'
import { canRun } from '../plan/capability.js'
import type { LeaseBook } from './lease-book.js'
import { PlanRefresh } from './plan-refresh.js'
import { PlannerLedger } from './planner-ledger.js'
import type { ResultBell } from './result-bell.js'
import { FailureStreak } from './retry-policy.js'
import { SharedAsk } from './shared-ask.js'
import { budgetStop, stopOf } from './stop-rule.js'
import type { Stop } from './stop-rule.js'
import type { Store } from './store-port.js'
import type { StoredSweep } from './store-records.js'
import { SuggestionQueue, trialSeed } from './suggestion-queue.js'
import type { Wanted } from './suggestion-queue.js'
import { SweepFeed } from './sweep-feed.js'
import { statusOf } from './sweep-status.js'

/** What every sweep of one coordinator shares. */
export interface DispatchTools {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly openPlanner: OpenPlanner
  readonly registry: AgentRegistry
  readonly leases: LeaseBook
  readonly bell: ResultBell
}

interface Ground {
  readonly space: Space
  readonly blocks: BlockExtents
}

/**
 * One sweep at work: its planner, its queue, and its end. RUNNING it asks for more until something
 * says stop; then it finishes what is in flight (paid for already) and is COMPLETED.
 */
export class SweepRun {
  readonly sweepId: string
  readonly createdAt: number
  readonly ledger: PlannerLedger
  readonly feed: SweepFeed
  readonly streak = new FailureStreak()
  /** Asks the planner and queues what it says. */
  readonly asks: SharedAsk
  readonly #tools: DispatchTools
  readonly #queue: SuggestionQueue
  readonly #planView: PlanRefresh
  #spec: Sweep
  #state: SweepState
  #hardware: readonly string[] | undefined
  #activeSeconds: number
  #plan: PlanStatus | undefined
  #ground: Ground | undefined
  #finishing: Stop | undefined
  /** The latest ask brought suggestions, wanted or not. */
  #hasSuggested = false
  #closed = false

  constructor(tools: DispatchTools, stored: StoredSweep) {
    this.#tools = tools
    this.sweepId = stored.sweepId
    this.#spec = parseSweep(stored.text)
    this.createdAt = stored.createdAt
    this.#state = stored.state
    this.#hardware = stored.hardware
    this.#activeSeconds = stored.activeSeconds
    this.#plan = stored.planStatus
    this.feed = new SweepFeed(tools.clock)
    const broken = (message: string) => {
      this.fail(`the planner broke: ${message}`)
    }
    this.#planView = new PlanRefresh({
      clock: tools.clock,
      look: async () => {
        this.#learn(await this.ledger.status())
      },
      broken,
    })
    this.ledger = new PlannerLedger({
      store: tools.store,
      sweepId: stored.sweepId,
      open: () => this.#openPlanner(),
      log: tools.log,
      broken: (error) => {
        broken(asFmworkError(error).message)
      },
      learnt: () => {
        this.refresh()
      },
    })
    this.#queue = new SuggestionQueue(tools, stored.sweepId, (call) => this.ledger.note(call))
    this.asks = new SharedAsk((asker, count, queued) => this.#suggest(asker, count, queued))
  }

  get spec(): Sweep {
    return this.#spec
  }

  get state(): SweepState {
    return this.#state
  }

  get priority(): number {
    return this.spec.priority ?? 1
  }

  /** Wants more trials. */
  get open(): boolean {
    return this.#state === 'RUNNING' && this.#finishing === undefined && !this.#closed
  }

  /** Retries are of use. */
  get retries(): boolean {
    return this.#finishing === undefined && this.#state !== 'CANCELLED' && this.#state !== 'FAILED'
  }

  get hardware(): readonly string[] | undefined {
    return this.#hardware
  }

  /** The space and its blocks; undefined until the hardware is known. */
  get ground(): Ground | undefined {
    if (this.#ground === undefined && this.#hardware !== undefined) {
      const space = spanSpace(this.spec, this.#hardware)
      this.#ground = { space, blocks: new BlockExtents(space) }
    }
    return this.#ground
  }

  /** Where shorter outputs are looked up; undefined where none are harvested. */
  get harvestSpace(): Space | undefined {
    return harvestLengths(this.spec) === undefined ? undefined : this.ground?.space
  }

  /** Says which classes the space spans, where the sweep file leaves that to the agents. Once. */
  fixHardware(classes: readonly string[]): void {
    if (this.#hardware !== undefined || classes.length === 0) return
    this.#tools.store.fixHardware(this.sweepId, classes)
    this.#hardware = classes
  }

  seedFor(index: number, purpose: string, attempt: number): number {
    return trialSeed(this.spec.strategy.seed, index, purpose, attempt)
  }

  /**
   * No trial is live, and this agent, which could run anything of the space, got no suggestion. Not
   * while the planner has yet to say what it makes of the results: it may call its goal reached.
   */
  isExhaustedFor(agent: AgentFacts): boolean {
    const { ground } = this
    // What was given up is suggested once more, and turned down: there may be more behind it.
    if (ground === undefined || this.#planView.stale || this.#hasSuggested) return false
    const { queued, inFlight } = this.#tools.store.liveTrials(this.sweepId)
    if (queued + inFlight > 0) return false
    return ground.blocks.representatives().every((configuration) => canRun(agent, configuration))
  }

  abandon(index: number): void {
    this.#queue.abandon(index)
  }

  /** Stops asking; what is in flight ends, the rest is dropped; then COMPLETED. */
  finish(stop: Stop): void {
    if (!this.open) return
    this.#finishing = stop
    this.#queue.drop(stop.reason)
    this.refresh()
  }

  /** A lease of this sweep ended: what it returned to the queue may not be wanted any more. */
  leaseEnded(): void {
    if (this.#finishing !== undefined) {
      this.#queue.drop(this.#finishing.reason)
      this.refresh()
    }
    this.feed.changed()
  }

  /** @returns false when it was in none of these states. */
  move(from: readonly SweepState[], to: SweepState, reason: string, goalReached = false): boolean {
    const { store, clock } = this.#tools
    const note = { reason, goalReached, at: clock.wall() }
    if (!store.moveSweep(this.sweepId, from, to, note)) return false
    this.#moved(to)
    return true
  }

  /**
   * Goes on with the same space to another goal or budget, from any state but CANCELLED. The plan is
   * rebuilt from its log.
   *
   * @returns false when it is CANCELLED, or the text is the same.
   */
  async extend(text: string): Promise<boolean> {
    const { store, clock } = this.#tools
    await this.ledger.close()
    if (!store.extendSweep(this.sweepId, text, clock.wall())) return false
    this.#spec = parseSweep(text)
    // Its stop was judged by the old goal.
    this.#plan = undefined
    this.#moved('RUNNING')
    return true
  }

  /** Why the budget of this spec is spent already, if it is. */
  spentBudget(spec: Sweep): string | undefined {
    const totals = this.#tools.store.totals(this.sweepId)
    return budgetStop(spec.budget, {
      spent: spentOf(totals, spec.prices),
      attempts: totals.attempts,
      activeSeconds: this.#activeSeconds,
    })
  }

  /** Ends the sweep at once: leases revoked, live trials dropped, all in one transaction. */
  abort(from: readonly SweepState[], to: 'CANCELLED' | 'FAILED', reason: string): boolean {
    const { store, clock, leases, registry } = this.#tools
    const at = clock.wall()
    const held = leases.heldBy(this.sweepId)
    const after = store.atomically(() => {
      if (!store.moveSweep(this.sweepId, from, to, { reason, at })) return undefined
      for (const { leaseId } of held) store.endLease(leaseId, 'REVOKED', at)
      return this.#queue.noteDropped(reason)
    })
    if (after === undefined) return false
    for (const { leaseId, agent } of held) {
      leases.forget(leaseId)
      registry.line(agent)?.revoke(leaseId, reason)
    }
    for (const effect of after) effect()
    this.#moved(to)
    return true
  }

  revokeLeases(reason: string): void {
    const { leases, registry } = this.#tools
    for (const { leaseId, agent } of leases.heldBy(this.sweepId)) {
      leases.end(leaseId, 'REVOKED')
      registry.line(agent)?.revoke(leaseId, reason)
    }
  }

  fail(reason: string): void {
    if (this.#closed || !this.abort(['RUNNING'], 'FAILED', reason)) return
    this.#tools.log.error({ sweep: this.sweepId, reason }, 'the sweep failed')
  }

  /** Time passed while it was RUNNING. */
  age(seconds: number): void {
    if (this.#state !== 'RUNNING') return
    const { store } = this.#tools
    store.ahead(() => {
      store.addActiveSeconds(this.sweepId, seconds)
    })
    this.#activeSeconds += seconds
    this.#planView.retry()
    if (this.spec.budget.wall_time !== undefined) this.#judge()
  }

  status(): SweepStatus {
    const { store, registry } = this.#tools
    const sweep = store.findSweep(this.sweepId)
    if (sweep === undefined) throw new Error(`sweep ${this.sweepId} is gone from the store`)
    const { ground } = this
    return statusOf({
      sweep,
      spec: this.spec,
      totals: store.totals(this.sweepId),
      configurations: ground?.space.size ?? sweep.planStatus?.configurations ?? 0,
      blocks: ground?.blocks.count ?? 0,
      goalReached: sweep.goalReached || this.#finishing?.goalReached === true,
      agents: registry.statuses(dataOf(this.spec.workload)?.sha256),
    })
  }

  /** Learns the planner’s view after a result. */
  refresh(): void {
    // With nothing in flight somebody may wait for what it says: the end of the sweep.
    this.#planView.request(this.#tools.store.liveTrials(this.sweepId).inFlight === 0)
  }

  async close(): Promise<void> {
    this.#closed = true
    const looked = this.#planView.close()
    await this.ledger.close()
    await looked
  }

  #learn(plan: PlanStatus): void {
    // The claim of a completed sweep stands.
    if (this.#closed || this.#state === 'COMPLETED') return
    const { store } = this.#tools
    const totals = store.totals(this.sweepId)
    const { deviceSeconds } = spentOf(totals, this.spec.prices)
    store.ahead(() => {
      store.savePlanStatus(this.sweepId, plan)
      if (totals.attempts > 0) {
        const { measured } = totals
        store.addCurvePoint(this.sweepId, { deviceSeconds, measured, accuracy: plan.accuracy })
      }
    })
    this.#logChanges(plan)
    this.#plan = plan
    this.feed.changed()
    this.#judge()
  }

  /** Whose level changed since the last look: somebody may want to see to that agent now. */
  #logChanges({ changes = [] }: PlanStatus): void {
    const known = this.#plan?.changes ?? []
    for (const change of changes) {
      if (known.some((each) => each.agent === change.agent && each.by === change.by)) continue
      const { suspect, after, by } = change
      this.#tools.log.warn(
        { sweep: this.sweepId, agent: change.agent, after, by, suspect },
        `a level changed: ${changeWords(change)}`,
      )
    }
  }

  /** Begins to finish when something says stop; completes when nothing is in flight any more. */
  #judge(): void {
    if (this.#state !== 'RUNNING') return
    const totals = this.#tools.store.totals(this.sweepId)
    if (this.#finishing === undefined) {
      const stop = stopOf(this.spec.budget, this.#plan, {
        spent: spentOf(totals, this.spec.prices),
        attempts: totals.attempts,
        activeSeconds: this.#activeSeconds,
      })
      if (stop !== undefined) this.finish(stop)
      return
    }
    if (totals.inFlight > 0 || this.#planView.due) return
    const { goalReached, reason } = this.#finishing
    this.move(['RUNNING'], 'COMPLETED', reason, goalReached)
    this.#tools.log.info({ sweep: this.sweepId, reason, goalReached }, 'the sweep is complete')
  }

  async #suggest(asker: AskerFacts, count: number, queued: () => void): Promise<void> {
    const after: (() => void)[] = []
    await this.ledger.ask(asker, count, (suggestions) => {
      this.#hasSuggested = suggestions.length > 0
      for (const suggestion of suggestions) after.push(...this.#queue.add(suggestion, this.#wanted))
      queued()
    })
    for (const effect of after) effect()
    this.feed.changed()
  }

  get #wanted(): Wanted | undefined {
    const { ground } = this
    if (!this.open || ground === undefined) return undefined
    return { seed: this.spec.strategy.seed, at: (index) => ground.space.at(index) }
  }

  #moved(to: SweepState): void {
    this.#state = to
    this.#finishing = undefined
    this.streak.success()
    this.feed.changed()
  }

  #openPlanner(): Promise<Planner> {
    const hardware = this.#hardware
    if (hardware === undefined) throw new Error('no hardware class is known yet')
    const { openPlanner, store } = this.#tools
    return openPlanner(this.spec, hardware, store.pastOf(this.sweepId))
  }
}
