import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Cancel, Clock } from '../../../shared/process/clock.js'

/** Servers close idle connections; a closed one is only suspicious when no other can be made. */
const retrySeconds = 0.5
const retries = 3

/**
 * Notices that a server is gone without sending it anything: holds one idle TCP connection, and
 * connects again when that closes.
 */
export class PresenceWatch {
  /** Resolves with the reason when the server is gone, or when `stop` was called. */
  readonly gone: Promise<string>
  readonly #url: URL
  readonly #clock: Clock
  #socket: Socket | undefined
  #cancelRetry: Cancel = () => undefined
  #resolve: (reason: string) => void = () => undefined
  #over = false

  constructor(baseUrl: string, clock: Clock) {
    this.#url = new URL(baseUrl)
    this.#clock = clock
    this.gone = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#connect(0)
  }

  stop(reason: string): void {
    if (this.#over) return
    this.#over = true
    this.#cancelRetry()
    this.#socket?.destroy()
    this.#resolve(reason)
  }

  #connect(failures: number): void {
    const port = Number(this.#url.port || (this.#url.protocol === 'https:' ? 443 : 80))
    const host = this.#url.hostname.replace(/^\[|\]$/g, '')
    const socket = connect({ host, port })
    this.#socket = socket
    socket.unref()
    let connected = false
    let fault = 'connection closed'
    socket.once('connect', () => {
      connected = true
    })
    socket.once('error', (error) => {
      fault = error.message
    })
    socket.resume()
    socket.once('close', () => this.#reconnect(connected ? 0 : failures + 1, fault))
  }

  #reconnect(failures: number, fault: string): void {
    if (this.#over) return
    if (failures >= retries) {
      this.stop(`${this.#url.origin} no longer accepts connections: ${fault}`)
      return
    }
    this.#cancelRetry = this.#clock.after(retrySeconds, () => this.#connect(failures))
  }
}
