import { asFmworkError } from '../../shared/domain/errors.js'
import type { Grant, HeldLease, NoWork, TrialOrder } from '../../shared/domain/lease.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { AgentSession } from '../../shared/rpc/agent-link.js'
import type { Engine } from '../engine/engine.js'
import type { TrialRunner } from '../run/trial-runner.js'
import { Nap } from './nap.js'
import { EngineKeeper } from './engine-keeper.js'
import { HeldBlock } from './held-block.js'
import type { DevicePool } from './device-pool.js'
import { isAborted } from './is-aborted.js'
import type { Outbox } from './outbox.js'
import { renewForEver } from './renewal.js'
import type { SessionKeeper } from './session.js'
import { attempt } from './trial-attempt.js'
import type { BlockSigns } from './vital-signs.js'
import type { WorkGate } from './work-gate.js'

export interface WorkOptions {
  readonly sessions: Pick<SessionKeeper, 'session' | 'current'>
  readonly engines: ReadonlyMap<string, Engine>
  /** Measures on these devices. */
  readonly runnerOn: RunnerOn
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Log
  readonly signs: BlockSigns
  readonly gate: WorkGate
  readonly devices: DevicePool
  /** Waits until no neighbour measures on the devices: an engine that starts would disturb it. */
  readonly quiet: QuietOn
}

/**
 * What measures on some of the host’s devices.
 *
 * @param siblings processes of the agent’s engines on its other devices.
 */
export type RunnerOn = (
  devices: readonly string[],
  siblings: () => readonly number[],
) => TrialRunner

/** {@link Host.quiet} on some of the host’s devices. */
export type QuietOn = (
  devices: readonly string[],
  signal: AbortSignal,
  onWait: (holder: string) => void,
) => Promise<() => void>

/** Trials held at once: the one that runs and the next, so that no engine waits for a network. */
const capacity = 2
/** Failed engine starts in a row after which the block is given back. */
const maxFailedStarts = 2
/** Seconds before looking again for a device when all are in use. */
const noDeviceSeconds = 5
/** Seconds before asking again when an answer brought nothing new, or the outbox is full. */
const askAgainSeconds = 1
/** Seconds to wait before taking another block after one whose engine would not start. */
const afterFailedBlockSeconds = 5

/**
 * Holds one lease at a time and runs its trials one after another; an agent has one loop per device.
 * The coordinator decides; this loop obeys, and asks nobody anything while a trial runs.
 */
export class WorkLoop {
  readonly #options: WorkOptions
  readonly #keeper: EngineKeeper
  readonly #rest = new Nap()
  readonly #stop = new AbortController()
  readonly #cut = new AbortController()
  #held: HeldBlock | undefined
  #renewal = new Nap()
  #prefetching: Promise<void> | undefined
  #draining = false
  #failedStarts = 0

  constructor(options: WorkOptions) {
    this.#options = options
    const { engines, clock, outbox, quiet, signs, gate } = options
    gate.join(this)
    const devices = () => this.#held?.devices ?? []
    this.#keeper = new EngineKeeper({
      engines,
      clock,
      log: () => this.#blockLog(),
      async quiet(signal) {
        const release = await quiet(devices(), signal, () => {
          signs.activity = 'waiting_for_quiet'
        })
        signs.activity = 'starting_engine'
        return release
      },
      runIn: (engine, demand, signal) =>
        options.runnerOn(devices(), () => []).runIn(engine, demand, signal),
      started: (facts, startUpSeconds) => {
        const lease = this.#held?.lease
        if (lease !== undefined)
          outbox.add({ kind: 'engine-started', lease, facts, startUpSeconds })
      },
    })
  }

  /** Processes of its engine. */
  get processIds(): readonly number[] {
    return this.#keeper.processIds
  }

  /** The lease to name in a hello. */
  get held(): readonly HeldLease[] {
    return this.#held === undefined || this.#held.lost.aborted ? [] : [this.#held.lease]
  }

  /** A new session is open: what was asked to drain may work again, and the lease is in doubt. */
  welcomed(): void {
    this.#draining = false
    this.#renewal.wake()
    this.#rest.wake()
  }

  wake(): void {
    this.#rest.wake()
  }

  revoke(leaseId: string, reason: string): void {
    if (this.#held?.lease.leaseId !== leaseId) return
    this.#blockLog().warn({ reason }, 'lease revoked')
    this.#held.lose(reason)
    this.#rest.wake()
  }

  drain(): void {
    this.#draining = true
    this.#rest.wake()
  }

  /** Results refused as stale: the lease went to someone else while we did not hear of it. */
  refused(trialIds: readonly string[]): void {
    if (trialIds.some((trialId) => this.#held?.has(trialId) === true)) {
      this.#held?.lose('the coordinator calls it stale')
    }
  }

  /** Runs until `stop`; no engine is left when it resolves. Never rejects. */
  async run(): Promise<void> {
    const { log, clock, signs } = this.#options
    while (!this.#stop.signal.aborted) {
      try {
        await this.#turn(this.#stop.signal)
      } catch (thrown) {
        const { code, message } = asFmworkError(thrown)
        if (isAborted(this.#stop.signal)) break
        if (code === 'INTERNAL') log.error({ err: thrown }, 'work loop failed, going on')
        else log.info({ code, reason: message }, 'work interrupted')
        await this.#rest.sleep(clock, askAgainSeconds, this.#stop.signal)
      }
    }
    signs.activity = 'draining'
    await this.#prefetching
    await this.#keeper.stop()
  }

  /**
   * Takes no more work. The running trial may go on for `graceSeconds`, then it is cut and leaves
   * no result. Whoever called waits for `run`, then calls `handBack`.
   */
  stop(graceSeconds: number): void {
    if (this.#stop.signal.aborted) return
    this.#options.signs.activity = 'draining'
    this.#stop.abort(new Error('the agent is stopping'))
    this.#options.clock.after(graceSeconds, () => {
      this.#cut.abort(new Error('the agent is stopping'))
    })
  }

  /** Ends the running trial now. */
  cut(): void {
    this.#cut.abort(new Error('the agent is stopping'))
  }

  /** Gives the lease back once its results are stored; without a session it expires by itself. */
  async handBack(signal: AbortSignal): Promise<void> {
    const held = this.#held
    const session = this.#options.sessions.current
    if (held === undefined || held.lost.aborted || session === undefined) return
    await this.#options.outbox.drained(signal)
    await session.release(held.lease)
    this.#forget(held, 'handed back')
  }

  async #turn(stopping: AbortSignal): Promise<void> {
    const { sessions, outbox, clock } = this.#options
    await this.#dropLost()
    const session = await sessions.session(stopping)
    if (this.#draining) {
      await this.#letGo(session)
      await this.#rest.sleep(clock, askAgainSeconds, stopping)
      return
    }
    if (outbox.full) {
      await this.#rest.sleep(clock, askAgainSeconds, stopping)
      return
    }
    const asked = clock.monotonic()
    let fresh = 0
    const answer = await this.#options.gate.ask(session, this, capacity, (given) => {
      if (isGrant(given)) fresh = this.#accept(given, session, asked)
    })
    if (answer === undefined || !isGrant(answer)) {
      await this.#letGo(session)
      const seconds = answer === undefined ? noDeviceSeconds : answer.retryAfterMs / 1000
      await this.#rest.sleep(clock, seconds, stopping)
      return
    }
    if (fresh === 0 && this.#held?.waiting === 0) {
      // All of it is done here and on its way there: ask again when it has arrived.
      await this.#arrival(stopping)
      return
    }
    await this.#runQueue(stopping)
  }

  /** Answers how many new trials the grant brought to the block held now. */
  #accept(grant: Grant, session: AgentSession, asked: number): number {
    const { clock, log, outbox } = this.#options
    const leaseSeconds = session.welcome.leaseMs / 1000
    if (this.#held !== undefined && this.#held.lease.leaseId !== grant.leaseId) {
      // Not ours any more, or we would not be granted another; that one is granted again, asked again.
      this.#held.lose('the coordinator grants another lease')
      this.#rest.wake()
      return 0
    }
    if (this.#held === undefined) {
      log.info(
        { sweep: grant.sweepId, lease: grant.leaseId, token: grant.token, block: grant.block },
        'lease granted',
      )
      const devices = this.#options.devices.take(grant.block.tensorParallel)
      const held = new HeldBlock(grant, asked + leaseSeconds, devices)
      this.#held = held
      this.#renewal = new Nap()
      const { sessions, gate } = this.#options
      void renewForEver({ held, sessions, gate, clock, log: this.#blockLog(), nap: this.#renewal })
    }
    if (this.#held.lost.aborted) return 0
    return this.#held.add(grant.trials, (trialId) => outbox.holdsResult(trialId))
  }

  async #runQueue(stopping: AbortSignal): Promise<void> {
    const { clock } = this.#options
    for (;;) {
      const held = this.#held
      if (held === undefined || held.lost.aborted || stopping.aborted || this.#draining) return
      if (held.expired(clock.monotonic())) return
      const order = held.next()
      if (order === undefined) return
      if (held.waiting === 0) this.#prefetch()
      const outcome = await this.#attempt(held, order)
      await this.#prefetching
      if (outcome !== undefined) this.#judgeStart(outcome)
      if (this.#failedStarts >= maxFailedStarts) {
        await this.#giveUp()
        return
      }
    }
  }

  async #attempt(held: HeldBlock, order: TrialOrder): Promise<TrialOutcome | undefined> {
    const { runnerOn, outbox, clock, signs } = this.#options
    const log = this.#blockLog().child({ trial: order.trialId })
    log.info('trial starts')
    const siblings = () => this.#options.gate.enginesBeside(this)
    const runner = runnerOn(held.devices, siblings)
    const options = { runner, keeper: this.#keeper, outbox, clock, signs }
    const outcome = await attempt(options, held, order, {
      stopping: this.#stop.signal,
      cut: this.#cut.signal,
    })
    if (outcome === undefined) log.info('trial cut')
    else log.info({ outcome: outcome.kind }, 'trial ended')
    return outcome
  }

  /** Asks for the next trial while this one runs. Failing costs nothing: the loop asks again. */
  #prefetch(): void {
    const { sessions, clock, log, outbox } = this.#options
    const session = sessions.current
    if (session === undefined || this.#stop.signal.aborted || this.#draining || outbox.full) return
    const asked = clock.monotonic()
    const accept = (answer: Grant | NoWork) => {
      if (isGrant(answer)) this.#accept(answer, session, asked)
    }
    this.#prefetching = this.#options.gate.ask(session, this, capacity, accept).then(
      () => undefined,
      (thrown: unknown) => {
        log.debug({ reason: asFmworkError(thrown).message }, 'no answer while measuring')
      },
    )
  }

  #judgeStart(outcome: TrialOutcome): void {
    const failed = outcome.kind === 'failed' && outcome.code !== 'REQUEST_FAILED'
    this.#failedStarts = failed ? this.#failedStarts + 1 : 0
  }

  /** This engine does not work here: somebody else may have more luck with the block. */
  async #giveUp(): Promise<void> {
    const { sessions, clock } = this.#options
    this.#failedStarts = 0
    this.#blockLog().error('the engine fails again and again: giving up')
    if (sessions.current !== undefined) await this.#letGo(sessions.current)
    await this.#rest.sleep(clock, afterFailedBlockSeconds, this.#stop.signal)
  }

  /**
   * Gives the lease back: results first, then the devices, then the right to them. One that is lost
   * meanwhile need not be given back.
   */
  async #letGo(session: AgentSession): Promise<void> {
    const held = this.#held
    if (held === undefined) return
    const gone = new AbortController()
    void session.over.then((reason) => gone.abort(reason))
    const signal = AbortSignal.any([gone.signal, held.lost, this.#stop.signal])
    try {
      await this.#options.outbox.drained(signal)
    } catch (reason) {
      if (!isAborted(held.lost)) throw reason
    }
    await this.#keeper.stop()
    if (isAborted(held.lost)) {
      await this.#dropLost()
      return
    }
    await session.release(held.lease)
    this.#forget(held, 'released')
  }

  async #dropLost(): Promise<void> {
    const held = this.#held
    if (held?.lost.aborted !== true) return
    this.#blockLog().warn({ reason: asFmworkError(held.lost.reason).message }, 'lease lost')
    await this.#keeper.stop()
    this.#forget(held, 'lost')
  }

  /** Names the block held now, if there is one. */
  #blockLog(): Log {
    const { log } = this.#options
    const held = this.#held
    if (held === undefined) return log
    return log.child({ sweep: held.sweepId, lease: held.lease.leaseId })
  }

  #forget(held: HeldBlock, reason: string): void {
    held.lose(reason)
    if (this.#held === held) {
      this.#held = undefined
      this.#options.devices.giveBack(held.devices)
    }
    this.#options.signs.activity = 'idle'
  }

  async #arrival(stopping: AbortSignal): Promise<void> {
    const { outbox, clock } = this.#options
    const enough = new AbortController()
    const signal = AbortSignal.any([enough.signal, stopping])
    await Promise.race([
      outbox.drained(signal).catch(() => undefined),
      this.#rest.sleep(clock, askAgainSeconds, signal),
    ])
    enough.abort()
  }
}

const isGrant = (answer: Grant | NoWork): answer is Grant => 'leaseId' in answer
