import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { systemClock } from '../../shared/process/clock.js'

/** What a server does with one request. */
export interface Script {
  /** Seconds after the request at which token i is to leave. */
  readonly tokenAt?: (token: number) => number
  /** Replaces the whole answer. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => void
  readonly promptTokens?: (asked: number) => number
  readonly completionTokens?: (asked: number) => number
  readonly cachedTokens?: number
  readonly usage?: boolean
}

/** A request as the server saw it; times in seconds of the monotonic clock. */
export interface Seen {
  readonly receivedAt: number
  /** When each token was really written. */
  readonly wroteAt: number[]
  readonly body: Readonly<Record<string, unknown>>
  closed: boolean
}

/** An OpenAI-compatible server that sends tokens at times known exactly, on the tests’ own clock. */
export class KnownServer {
  readonly seen: Seen[] = []
  readonly sockets = new Set<Socket>()
  script: (index: number) => Script
  readonly #server = createServer((request, response) => this.#serve(request, response))

  constructor(script: Script | ((index: number) => Script) = {}) {
    this.script = typeof script === 'function' ? script : () => script
    this.#server.on('connection', (socket) => {
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket))
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(pieces).toString('utf8')) as Record<string, unknown>
      const seen: Seen = { receivedAt: systemClock.monotonic(), wroteAt: [], body, closed: false }
      this.seen.push(seen)
      response.once('close', () => (seen.closed = true))
      const script = this.script(this.seen.length - 1)
      if (script.answer !== undefined) script.answer(request, response)
      else void this.#stream(seen, script, response)
    })
  }

  async #stream(seen: Seen, script: Script, response: ServerResponse): Promise<void> {
    const { prompt, max_tokens: asked } = seen.body as { prompt: unknown; max_tokens: number }
    const length = Array.isArray(prompt) ? prompt.length : String(prompt).split(' ').length
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const total = script.completionTokens?.(asked) ?? asked
    for (let token = 0; token < total; token += 1) {
      const due = seen.receivedAt + (script.tokenAt?.(token) ?? 0.002 * (token + 1))
      const wait = due - systemClock.monotonic()
      if (wait > 0) await systemClock.sleep(wait)
      if (response.destroyed) return
      seen.wroteAt.push(systemClock.monotonic())
      response.write(`data: {"choices":[{"index":0,"text":"w${token} "}],"usage":null}\n\n`)
    }
    const usage = {
      prompt_tokens: script.promptTokens?.(length) ?? length,
      completion_tokens: total,
      ...(script.cachedTokens === undefined
        ? {}
        : { prompt_tokens_details: { cached_tokens: script.cachedTokens } }),
    }
    if (script.usage !== false) {
      response.write(`data: ${JSON.stringify({ choices: [], usage })}\n\n`)
    }
    response.end('data: [DONE]\n\n')
  }
}
