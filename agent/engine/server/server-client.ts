import { exchange } from '../process/http-probe.js'
import type { ProbeAnswer } from '../process/http-probe.js'

/** Seconds to wait for an answer that costs a server no work. */
const quickSeconds = 10

/** Talks to one server on loopback, beside the load: nothing of this is measured. */
export class ServerClient {
  readonly baseUrl: string
  readonly #signal: AbortSignal

  constructor(baseUrl: string, signal: AbortSignal) {
    this.baseUrl = baseUrl
    this.#signal = signal
  }

  get(path: string, timeoutSeconds = quickSeconds): Promise<ProbeAnswer> {
    return exchange(`${this.baseUrl}${path}`, { timeoutSeconds, signal: this.#signal })
  }

  post(path: string, body: object, timeoutSeconds = quickSeconds): Promise<ProbeAnswer> {
    return exchange(`${this.baseUrl}${path}`, { body, timeoutSeconds, signal: this.#signal })
  }

  /** What a GET answers as JSON; undefined when there is no such path, no answer or no JSON. */
  async json(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
      const { status, body } = await this.get(path)
      const value: unknown = status === 200 ? JSON.parse(body) : undefined
      return typeof value === 'object' && value !== null
        ? (value as Readonly<Record<string, unknown>>)
        : undefined
    } catch {
      // Only asked for what it may tell: silence is an answer.
      return undefined
    }
  }
}
