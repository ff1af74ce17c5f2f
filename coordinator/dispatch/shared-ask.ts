import type { AgentFacts } from '../../shared/domain/agent-desk.js'
import type { AskerFacts } from '../plan/planner.js'

/** What an agent wants of a planner. */
export interface Wish {
  readonly asker: AskerFacts
  readonly count: number
  /** Runs in the transaction that queues what was suggested: takes what it finds there. */
  readonly queued: () => void
}

interface Waiting extends Wish {
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** @param at epoch milliseconds. */
export function askerOf(facts: AgentFacts, at: number, runningBlock?: string): AskerFacts {
  const { agent, hardware, deviceCount, engines } = facts
  return {
    ...{ agent, hardware, deviceCount, engines, at },
    ...(runningBlock === undefined ? {} : { runningBlock }),
  }
}

/** Equal for those who can run the same and run the same: any of them may ask for the others. */
function kindOf({ hardware, deviceCount, engines, runningBlock }: AskerFacts): string {
  return JSON.stringify([hardware, deviceCount, engines, runningBlock])
}

/**
 * Asks of one sweep’s planner. One is under way at a time; those of one kind that come meanwhile are
 * one ask, and share its transaction: however long the planner thought, all of them are answered by
 * its next answer.
 */
export class SharedAsk {
  readonly #ask: (asker: AskerFacts, count: number, queued: () => void) => Promise<void>
  #waiting: Waiting[] = []
  #isAsking = false

  /** @param ask asks the planner, queues what it says, and calls `queued` in the same transaction. */
  constructor(ask: (asker: AskerFacts, count: number, queued: () => void) => Promise<void>) {
    this.#ask = ask
  }

  /** Resolves when the planner was asked for this wish; rejects as that ask does. */
  join(wish: Wish): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...wish, resolve, reject })
      if (!this.#isAsking) void this.#go()
    })
  }

  async #go(): Promise<void> {
    this.#isAsking = true
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const kind = kindOf(first.asker)
      const together = this.#waiting.filter(({ asker }) => kindOf(asker) === kind)
      this.#waiting = this.#waiting.filter((waiting) => !together.includes(waiting))
      const count = together.reduce((sum, wish) => sum + wish.count, 0)
      try {
        await this.#ask(first.asker, count, () => {
          for (const { queued } of together) queued()
        })
        for (const { resolve } of together) resolve()
      } catch (error) {
        for (const { reject } of together) reject(error)
      }
    }
    this.#isAsking = false
  }
}
