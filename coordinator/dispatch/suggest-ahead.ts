import type { DispatchTools, SweepRun } from './sweep-run.js'

/** One suggestion is made ahead for so many trials in flight. */
const inFlightPerAhead = 10
/** They are made anew when so large a part of them is gone: an ask for one costs as much as for many. */
const part = 1 / 4

/**
 * Keeps suggestions ready, so that a request need not wait for a planner that thinks: enough for a
 * tenth of a trial’s time, whatever the number of agents. With many trials in flight each suggestion
 * is made without their results anyway: a tenth more are little worse than the last of them. None
 * where engines would be started anew for what was suggested to another agent, which is wherever
 * there is more than one block.
 */
export class SuggestAhead {
  readonly #tools: DispatchTools
  readonly #thinking = new Set<SweepRun>()

  constructor(tools: DispatchTools) {
    this.#tools = tools
  }

  /** @param suggest asks the planner for so many and queues them. */
  look(run: SweepRun, suggest: (count: number) => Promise<void>): void {
    if (this.#thinking.has(run) || !run.open || run.ground?.blocks.count !== 1) return
    const { queued, inFlight } = this.#tools.store.liveTrials(run.sweepId)
    const depth = Math.floor(inFlight / inFlightPerAhead)
    const missing = depth - queued
    if (missing < Math.max(1, depth * part)) return
    this.#thinking.add(run)
    suggest(missing)
      .catch((error: unknown) => {
        // The disk is full: whoever asks next is told.
        this.#tools.log.debug({ err: error, sweep: run.sweepId }, 'nothing was suggested ahead')
      })
      .finally(() => this.#thinking.delete(run))
  }
}
