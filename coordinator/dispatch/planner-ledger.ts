import { asFmworkError } from '../../shared/domain/errors.js'
import type { Log } from '../../shared/process/log.js'
import type { SurfaceRow } from '../../shared/domain/sweep-desk.js'
import type { AskerFacts, Planner, PlanStatus } from '../plan/planner.js'
import type { Suggestion } from '../plan/strategy.js'
import type { Store } from './store-port.js'
import type { PlannerCall } from './store-records.js'

/** Calls read from the log at a time. */
const replayPage = 500
/** Rows of a surface that are read at a time, so that suggestions need not wait for a whole page. */
const rowsAtATime = 32

export interface LedgerOptions {
  readonly store: Store
  readonly sweepId: string
  readonly open: () => Promise<Planner>
  readonly log: Log
  /** The planner broke: nothing more can be asked of it. */
  readonly broken: (error: unknown) => void
  /** It has learnt: it may say something else now than before. */
  readonly learnt: () => void
}

/** What may be read of a planner that is borrowed. */
export interface SurfaceReader {
  surface(first: number, count: number): Promise<SurfaceRow[]>
}

type ReadCall = Extract<PlannerCall, { kind: 'read' }>

/**
 * A planner whose every call is in the log. Calls are numbered in the order in which the planner
 * gets them, so a replay after a crash gives the same strategy state.
 */
export class PlannerLedger {
  readonly #options: LedgerOptions
  #opening: Promise<Planner> | undefined
  /** Set when the log is replayed: from then on calls go to the planner as they are noted. */
  #ready: Planner | undefined
  #next: number
  #borrowers = 0
  /** What was read since the last call that told something: reading it again changes nothing. */
  readonly #read = new Set<ReadCall['what']>()
  /** Grows with every call that may give it something to learn. */
  #told = 0
  #isLearning = false
  /** Grows with every close: a replay that was under way then opens nothing. */
  #life = 0

  constructor(options: LedgerOptions) {
    this.#options = options
    this.#next = options.store.lastPlannerCall(options.sweepId) + 1
  }

  /** The planner, brought to where the log ends. */
  planner(): Promise<Planner> {
    if (this.#opening === undefined) {
      const opening = this.#openAndReplay()
      this.#opening = opening
      opening.catch(() => {
        // What failed once may be tried again, after a resume.
        if (this.#opening === opening) this.#opening = undefined
      })
    }
    return this.#opening
  }

  /** Uses the planner for a while in which {@link closeIdle} leaves it open. */
  async borrow(): Promise<{ readonly planner: SurfaceReader; readonly giveBack: () => void }> {
    this.#borrowers += 1
    const giveBack = () => {
      this.#borrowers -= 1
    }
    try {
      const planner = await this.planner()
      const reader: SurfaceReader = {
        surface: async (first, count) => {
          const rows: SurfaceRow[] = []
          for (let done = 0; done < count; done += rowsAtATime) {
            this.#noteRead('surface')
            rows.push(...(await planner.surface(first + done, Math.min(rowsAtATime, count - done))))
          }
          return rows
        },
      }
      return { planner: reader, giveBack }
    } catch (error) {
      giveBack()
      throw error
    }
  }

  /** What the planner thinks now. */
  async status(): Promise<PlanStatus> {
    const planner = await this.planner()
    this.#noteRead('status')
    return planner.status()
  }

  /** Closes a planner that nobody has borrowed; the log brings it back when it is wanted. */
  async closeIdle(): Promise<void> {
    if (this.#borrowers === 0 && this.#ready !== undefined) await this.close()
  }

  /** Uses a planner that was opened already and has been asked nothing. */
  adopt(planner: Planner): void {
    this.#opening = Promise.resolve(planner)
    this.#ready = planner
    this.#goOnLearning()
  }

  /**
   * Asks, and hands the answer to `keep` inside the transaction that logs it: a suggestion is either
   * pending in the strategy and kept, or neither.
   */
  async ask(
    asker: AskerFacts,
    count: number,
    keep: (suggestions: readonly Suggestion[]) => void,
  ): Promise<number> {
    const planner = await this.planner()
    const number = this.#next++
    this.#read.clear()
    const suggestions = await planner.ask(asker, count)
    const { store, sweepId } = this.#options
    try {
      store.ahead(() => {
        store.appendPlannerCall(sweepId, number, { kind: 'ask', asker, count, suggestions })
        keep(suggestions)
      })
    } catch (error) {
      // Never logged, so a replay would not know of them either.
      await Promise.all(suggestions.map(({ index }) => planner.remove(index)))
      throw error
    }
    return suggestions.length
  }

  /**
   * Logs a call, inside the caller’s transaction. The caller runs what it gets as soon as the
   * transaction is over, before anything else.
   */
  note(call: Exclude<PlannerCall, { kind: 'ask' | 'read' | 'adopt' }>): () => void {
    const { store, sweepId, broken } = this.#options
    this.#read.clear()
    store.appendPlannerCall(sweepId, this.#next++, call)
    return () => {
      if (this.#ready === undefined) return
      apply(this.#ready, call).catch(broken)
      this.#goOnLearning()
    }
  }

  /** Lets the planner learn in steps between its other calls, and adopts what is ready. */
  #goOnLearning(): void {
    this.#told += 1
    const planner = this.#ready
    if (this.#isLearning || planner === undefined) return
    this.#isLearning = true
    this.#learn(planner)
      .catch((thrown: unknown) => {
        // A full disk mends itself: what is ready waits for the next call. A closed planner is no loss.
        const isFull = asFmworkError(thrown).code === 'DISK_FULL'
        if (!isFull && this.#ready === planner) this.#options.broken(thrown)
      })
      .finally(() => {
        this.#isLearning = false
        if (this.#ready !== planner) this.#goOnLearning()
      })
  }

  async #learn(planner: Planner): Promise<void> {
    const { store, sweepId, learnt } = this.#options
    for (;;) {
      const told = this.#told
      const learning = await planner.learnOn()
      if (this.#ready !== planner) return
      if (learning === 'ready') {
        store.ahead(() => {
          store.appendPlannerCall(sweepId, this.#next++, { kind: 'adopt' })
        })
        this.#read.clear()
        await planner.adopt()
        learnt()
      } else if (learning === 'idle' && told === this.#told) return
    }
  }

  #noteRead(what: ReadCall['what']): void {
    if (this.#read.has(what)) return
    const { store, sweepId } = this.#options
    store.ahead(() => {
      store.appendPlannerCall(sweepId, this.#next++, { kind: 'read', what })
    })
    this.#read.add(what)
  }

  /** Never rejects: a planner that broke may be closed too. */
  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = undefined
    this.#ready = undefined
    this.#life += 1
    try {
      await (await opening)?.close()
    } catch (error) {
      this.#options.log.debug({ err: error }, 'closed a planner that was broken')
    }
  }

  async #openAndReplay(): Promise<Planner> {
    const { store, sweepId } = this.#options
    const life = this.#life
    const planner = await this.#options.open()
    let last = 0
    for (;;) {
      const page = store.plannerCalls(sweepId, last, replayPage)
      if (page.length === 0) break
      for (const { number, call } of page) {
        if (call.kind === 'read') this.#read.add(call.what)
        else this.#read.clear()
        await this.#replay(planner, call)
        last = number
      }
    }
    // In the same turn as the empty page: a call noted from now on is not in it.
    if (this.#life === life) {
      this.#ready = planner
      this.#goOnLearning()
    }
    return planner
  }

  async #replay(planner: Planner, call: PlannerCall): Promise<void> {
    if (call.kind !== 'ask') {
      await apply(planner, call)
      return
    }
    const again = await planner.ask(call.asker, call.count)
    const key = ({ index, purpose }: Suggestion) => `${index} ${purpose}`
    const kept = new Set(call.suggestions.map(key))
    const suggested = new Set(again.map(key))
    const differing = again.filter((suggestion) => !kept.has(key(suggestion)))
    for (const { index } of differing) await planner.remove(index)
    for (const suggestion of call.suggestions) {
      if (!suggested.has(key(suggestion))) {
        await planner.tellPending(suggestion.index, suggestion.purpose)
      }
    }
    if (differing.length > 0) {
      const { log, sweepId } = this.#options
      log.warn(
        { sweep: sweepId, differing: differing.length },
        'replay: the strategy chose otherwise before',
      )
    }
  }
}

function apply(planner: Planner, call: Exclude<PlannerCall, { kind: 'ask' }>): Promise<unknown> {
  switch (call.kind) {
    case 'read':
      return call.what === 'status' ? planner.status() : planner.surface(0, 1)
    case 'adopt':
      return planner.adopt()
    case 'tell':
      return planner.tell(call.observation)
    case 'pending':
      return planner.tellPending(call.index, call.purpose)
    case 'remove':
      return planner.remove(call.index)
    case 'engine':
      return planner.tellEngine(call.blockKey, call.facts)
  }
}
