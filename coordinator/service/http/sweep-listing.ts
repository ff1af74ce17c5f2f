import type { SweepDesk } from '../../../shared/domain/sweep-desk.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { StatusView, SweepList } from './api.js'
import { statusView } from './sweep-views.js'

/** Sweeps told at a time. */
const pageSize = 50
/** Seconds for which a status is good enough for a list: of a sweep at work, and of one at rest. */
const workingSeconds = 1.5
const restingSeconds = 60

interface Known {
  readonly state: string
  readonly at: number
  readonly status: StatusView
}

/** Sweeps with their meta-metrics, the newest first. Adding a status up is dear, so it is kept. */
export class SweepListing {
  readonly #desk: SweepDesk
  readonly #clock: Clock
  readonly #known = new Map<string, Known>()

  constructor(desk: SweepDesk, clock: Clock) {
    this.#desk = desk
    this.#clock = clock
  }

  async page(offset: number, limit = pageSize): Promise<SweepList> {
    const all = (await this.#desk.list()).sort((a, b) => b.createdAt - a.createdAt)
    const sweeps = []
    for (const summary of all.slice(offset, offset + limit)) {
      sweeps.push({ summary, status: await this.#status(summary.sweepId, summary.state) })
    }
    return { total: all.length, sweeps }
  }

  async #status(sweepId: string, state: string): Promise<StatusView> {
    const now = this.#clock.monotonic()
    const known = this.#known.get(sweepId)
    const good = state === 'RUNNING' ? workingSeconds : restingSeconds
    if (known?.state === state && now - known.at < good) return known.status
    const status = statusView((await this.#desk.get(sweepId)).status)
    this.#known.set(sweepId, { state, at: now, status })
    return status
  }
}
