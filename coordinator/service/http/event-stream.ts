import type { ServerResponse } from 'node:http'
import type { Cancel, Clock } from '../../../shared/process/clock.js'
import { commonHeaders, toJson } from './answer.js'
import type { StreamEvents } from './api.js'

/** Seconds of silence after which a line says that it lives. */
const heartbeatSeconds = 15
/** Milliseconds that a browser waits before it comes again. */
const retryMs = 2000
/** Bytes that a slow reader may be behind before it is cut; it comes again and resumes. */
const maxBehind = 4 * 1024 * 1024

/** One browser listening to server-sent events. */
export class EventStream {
  readonly #response: ServerResponse
  readonly #admitted: () => boolean
  #cancelHeartbeat: Cancel = () => undefined

  /** @param admitted asked before every line: who is no longer let in hears nothing more. */
  constructor(response: ServerResponse, clock: Clock, admitted: () => boolean) {
    this.#response = response
    this.#admitted = admitted
    response.writeHead(200, {
      ...commonHeaders,
      'content-type': 'text/event-stream; charset=utf-8',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    })
    response.write(`retry: ${retryMs}\n\n`)
    this.#beat(clock)
  }

  send<Name extends keyof StreamEvents>(name: Name, value: StreamEvents[Name], id?: number): void {
    this.sendText(name, toJson(value), id)
  }

  /** @param text JSON of the event’s value: written once for however many listen. */
  sendText(name: keyof StreamEvents, text: string, id?: number): void {
    if (this.#response.destroyed) return
    if (this.#response.writableLength > maxBehind || !this.#admitted()) {
      this.#response.destroy()
      return
    }
    const mark = id === undefined ? '' : `id: ${id}\n`
    this.#response.write(`${mark}event: ${name}\ndata: ${text}\n\n`)
  }

  /** Resolves when the browser is gone or `signal` says that the door closes. */
  async over(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#response.once('close', resolve)
      signal.addEventListener('abort', () => {
        resolve()
      })
      if (signal.aborted || this.#response.destroyed) resolve()
    })
    this.#cancelHeartbeat()
    this.#response.end()
  }

  #beat(clock: Clock): void {
    this.#cancelHeartbeat = clock.after(heartbeatSeconds, () => {
      if (this.#response.destroyed) return
      if (!this.#admitted()) {
        this.#response.destroy()
        return
      }
      this.#response.write(': here\n\n')
      this.#beat(clock)
    })
  }
}
