import { describe, expect, it } from 'vitest'
import { SuggestAhead } from '../../../../coordinator/dispatch/suggest-ahead.js'
import type { SweepRun } from '../../../../coordinator/dispatch/sweep-run.js'
import type { Store } from '../../../../coordinator/dispatch/store-port.js'
import { createLog } from '../../../../shared/process/log.js'

/** A sweep whose planner answers when it is told to. */
class Bench {
  /** How many suggestions it was asked for, each time. */
  readonly asked: number[] = []
  readonly #run: SweepRun
  readonly #ahead: SuggestAhead
  #queued = 0
  #answer: () => void = () => undefined

  constructor(inFlight = 100, blocks = 1) {
    const store = { liveTrials: () => ({ queued: this.#queued, inFlight }) } as unknown as Store
    this.#ahead = new SuggestAhead({ store, log: createLog({ name: 'test', level: 'silent' }) })
    const ground = { blocks: { count: blocks } }
    this.#run = { sweepId: 's', open: true, ground } as unknown as SweepRun
  }

  /** So many agents get one of those that are queued, as far as there are any. */
  grant(agents = 1): void {
    for (let agent = 0; agent < agents; agent += 1) {
      this.#queued = Math.max(0, this.#queued - 1)
      this.#ahead.look(this.#run, (count) => {
        this.asked.push(count)
        return new Promise((resolve) => {
          this.#answer = () => {
            this.#queued += count
            resolve()
          }
        })
      })
    }
  }

  /** An agent found none queued. */
  waits(): void {
    this.#ahead.waits(this.#run)
  }

  async answered(): Promise<void> {
    this.#answer()
    // The promise’s own turns: what follows the answer has happened then.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
  }
}

describe('suggestions made ahead', () => {
  it('are a tenth of the trials in flight where nobody waits, and renewed when a quarter is gone', async () => {
    const bench = new Bench()
    bench.grant()
    expect(bench.asked).toEqual([10])
    await bench.answered()
    bench.grant(2)
    expect(bench.asked).toEqual([10])
    bench.grant()
    expect(bench.asked).toEqual([10, 3])
  })

  it('are twice as many each time that somebody had to wait, half of those in flight at most', async () => {
    const bench = new Bench()
    for (let round = 0; round < 3; round += 1) {
      bench.grant()
      bench.waits()
      await bench.answered()
    }
    // Of 20, 9 are left; of 40, 19; of 50 instead of 80, 39.
    expect(bench.asked).toEqual([10, 11, 21])
    bench.grant(3)
    expect(bench.asked).toEqual([10, 11, 21, 13])
  })

  it('become fewer again, step by step, once nobody waits', async () => {
    const bench = new Bench()
    bench.grant()
    bench.waits()
    await bench.answered()
    const made: number[] = []
    for (let round = 0; round < 9; round += 1) {
      // All that were made are taken, and the last of them is asked for anew.
      bench.grant(100)
      await bench.answered()
      bench.grant(100)
      await bench.answered()
      made.push(bench.asked.at(-1) as number)
    }
    expect(made[0]).toBeGreaterThan(made.at(-1) as number)
    for (let k = 1; k < made.length; k += 1) {
      expect(made[k]).toBeLessThanOrEqual(made[k - 1] as number)
    }
  })

  it('are none with fewer than ten trials in flight, nor where engines would start anew', () => {
    for (const bench of [new Bench(9), new Bench(100, 2)]) {
      bench.grant()
      expect(bench.asked).toEqual([])
    }
  })
})
