import type { SweepDesk } from '../../../shared/domain/sweep-desk.js'
import type { SweepReader } from '../../../shared/domain/sweep-reader.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import type { SurfaceDesk } from '../../dispatch/surface-desk.js'
import { toJson } from './answer.js'
import type { EventStream } from './event-stream.js'
import { statusView } from './sweep-views.js'

/** Seconds between two states told. */
const pace = 0.75
/** Trials to come that are told, and events at a time. */
export const nextShown = 40
export const eventsAtATime = 200

export interface BroadcastTools {
  readonly desk: SweepDesk
  readonly surfaces: SurfaceDesk
  readonly reader: SweepReader
  readonly clock: Clock
  readonly log: Log
}

/** One sweep’s news, worked out once for all who listen, and only while somebody does. */
export class SweepBroadcast {
  readonly #tools: BroadcastTools
  readonly #sweepId: string
  readonly #listeners = new Set<EventStream>()
  #stop: AbortController | undefined
  #lastEvent: number | undefined
  #lastRevision = -1

  constructor(tools: BroadcastTools, sweepId: string) {
    this.#tools = tools
    this.#sweepId = sweepId
  }

  /**
   * Tells a stream all there is, then what changes, until `signal` aborts.
   *
   * @param since the last event that the browser has seen; undefined for a new one.
   */
  async listen(stream: EventStream, since: number | undefined, signal: AbortSignal): Promise<void> {
    const { reader, surfaces } = this.#tools
    stream.send('next', await reader.next(this.#sweepId, nextShown))
    stream.send('surface', { revision: surfaces.revision(this.#sweepId) })
    if (since !== undefined) {
      const missed = await reader.eventsSince(this.#sweepId, since, eventsAtATime)
      stream.send('events', missed, missed.at(-1)?.id)
    }
    if (signal.aborted) return
    this.#listeners.add(stream)
    signal.addEventListener('abort', () => {
      this.#listeners.delete(stream)
      if (this.#listeners.size === 0) this.#stop?.abort()
    })
    // A watch under way has told the present state already.
    stream.send('status', statusView((await this.#tools.desk.get(this.#sweepId)).status))
    if (this.#stop === undefined || this.#stop.signal.aborted) this.#start()
  }

  #start(): void {
    const stop = new AbortController()
    this.#stop = stop
    this.#watch(stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) {
        this.#tools.log.warn({ err: error, sweep: this.#sweepId }, 'the dashboard lost a sweep')
      }
    })
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { desk, clock, reader, surfaces } = this.#tools
    const newest = await reader.events(this.#sweepId, undefined, 1)
    this.#lastEvent ??= newest[0]?.id ?? 0
    for await (const event of desk.watch(this.#sweepId, false, signal)) {
      if (event.kind !== 'status') continue
      this.#tell('status', statusView(event.status))
      this.#tell('next', await reader.next(this.#sweepId, nextShown))
      const moved = await reader.eventsSince(this.#sweepId, this.#lastEvent, eventsAtATime)
      this.#lastEvent = moved.at(-1)?.id ?? this.#lastEvent
      if (moved.length > 0) {
        this.#tell('events', moved, this.#lastEvent)
        this.#tell('trials', { moved: moved.length })
      }
      const revision = surfaces.revision(this.#sweepId)
      if (revision !== this.#lastRevision) this.#tell('surface', { revision })
      this.#lastRevision = revision
      await clock.sleep(pace, signal)
    }
  }

  #tell(name: Parameters<EventStream['sendText']>[0], value: unknown, id?: number): void {
    const text = toJson(value)
    for (const stream of this.#listeners) stream.sendText(name, text, id)
  }
}
