import type { Clock } from '../../shared/process/clock.js'

/** Seconds between two states shown to one watcher. */
const pace = 0.25
/** Trials that a slow watcher may be behind; older ones it finds in the export. */
const backlog = 10_000

export interface FeedNews {
  /** Ids of trials that ended since the last news. */
  readonly ended: readonly string[]
}

interface Watcher {
  changed: boolean
  ended: string[]
  wake: () => void
}

/** Tells watchers of one sweep that something changed; many changes in a short time are one. */
export class SweepFeed {
  readonly #clock: Clock
  readonly #watchers = new Set<Watcher>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  changed(): void {
    for (const watcher of this.#watchers) {
      watcher.changed = true
      watcher.wake()
    }
  }

  trialEnded(trialId: string): void {
    for (const watcher of this.#watchers) {
      if (watcher.ended.length < backlog) watcher.ended.push(trialId)
    }
    this.changed()
  }

  /** News now and after every change, at most four times a second, until the signal aborts. */
  async *news(signal: AbortSignal): AsyncGenerator<FeedNews> {
    const me: Watcher = { changed: true, ended: [], wake: () => undefined }
    const onAbort = () => {
      me.wake()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    this.#watchers.add(me)
    try {
      while (!signal.aborted) {
        if (!me.changed) {
          await new Promise<void>((resolve) => {
            me.wake = resolve
          })
          continue
        }
        me.changed = false
        yield { ended: me.ended.splice(0) }
        await this.#clock.sleep(pace, signal).catch(() => undefined)
      }
    } finally {
      this.#watchers.delete(me)
      signal.removeEventListener('abort', onAbort)
    }
  }
}
