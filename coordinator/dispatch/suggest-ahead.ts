import type { DispatchTools, SweepRun } from './sweep-run.js'

/** Suggestions made ahead, as a share of the trials in flight: where nobody waits, and at most. */
const share = { least: 0.1, most: 0.5 }
/** What becomes of the share when somebody had to wait for the planner, and when nobody had. */
const factor = { waited: 2, none: 0.98 }
/** They are made anew when so large a part of them is gone: an ask for one costs as much as for many. */
const part = 1 / 4

type AheadTools = Pick<DispatchTools, 'store' | 'log'>
type AheadRun = Pick<SweepRun, 'sweepId' | 'open' | 'ground'>

/**
 * Keeps suggestions ready, so that a request need not wait for a planner that thinks: enough for a
 * tenth of a trial’s time, whatever the number of agents, and for up to half of it where that is too
 * little. With many trials in flight each suggestion is made without their results anyway: a tenth
 * more are little worse than the last of them. None where engines would be started anew for what was
 * suggested to another agent, which is wherever there is more than one block.
 */
export class SuggestAhead {
  readonly #tools: AheadTools
  /** Runs whose planner is asked, and whether somebody else waits for it by now. */
  readonly #asked = new Map<AheadRun, { waited: boolean }>()
  readonly #shares = new WeakMap<AheadRun, number>()

  constructor(tools: AheadTools) {
    this.#tools = tools
  }

  /** @param suggest asks the planner for so many and queues them. */
  look(run: AheadRun, suggest: (count: number) => Promise<void>): void {
    if (this.#asked.has(run) || !run.open || run.ground?.blocks.count !== 1) return
    const { queued, inFlight } = this.#tools.store.liveTrials(run.sweepId)
    const depth = Math.floor(inFlight * this.#shareOf(run))
    const missing = depth - queued
    if (missing < Math.max(1, depth * part)) return
    const ask = { waited: false }
    this.#asked.set(run, ask)
    suggest(missing)
      .catch((error: unknown) => {
        // The disk is full: whoever asks next is told.
        this.#tools.log.debug({ err: error, sweep: run.sweepId }, 'nothing was suggested ahead')
      })
      .finally(() => {
        this.#asked.delete(run)
        const next = this.#shareOf(run) * (ask.waited ? factor.waited : factor.none)
        this.#shares.set(run, Math.min(Math.max(next, share.least), share.most))
      })
  }

  /** Nothing was queued for somebody, who waits for the planner from now on. */
  waits(run: AheadRun): void {
    const ask = this.#asked.get(run)
    if (ask !== undefined) ask.waited = true
  }

  #shareOf(run: AheadRun): number {
    return this.#shares.get(run) ?? share.least
  }
}
