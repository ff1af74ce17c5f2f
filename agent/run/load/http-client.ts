import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Sample } from '../../../shared/domain/sample.js'
import type { Clock } from '../../../shared/process/clock.js'
import { errorMessage, readCompletionEvent } from './completion-event.js'
import type { Usage } from './completion-event.js'
import { SseReader } from './sse-reader.js'

/** What became of one request: the part of a sample that only the wire knows. */
export type Exchange = Pick<
  Sample,
  | 'sentAt'
  | 'firstEventAt'
  | 'chunkAt'
  | 'chunkTokens'
  | 'endedAt'
  | 'inputTokens'
  | 'outputTokens'
  | 'cachedTokens'
  | 'outcome'
  | 'error'
>

export interface ClientOptions {
  readonly clock: Clock
  /** Root without /v1. */
  readonly baseUrl: string
  /** Such as `/v1/completions`. */
  readonly path: string
  readonly apiKey?: string
}

/** Bytes of an error body worth keeping. */
const errorBodyBytes = 64 * 1024

/**
 * Streaming POSTs over kept-alive connections. Arrival times are taken first thing when a socket is
 * read, before any parsing, so chunks that arrive in one read carry one time.
 */
export class StreamingClient {
  readonly #clock: Clock
  /** Taken apart once: a URL given to every request would be taken apart by each. */
  readonly #target: RequestOptions
  readonly #secure: boolean
  readonly #headers: Readonly<Record<string, string>>
  readonly #agent: HttpAgent
  /** When each connection was last read from. */
  readonly #readAt = new WeakMap<Socket, { at: number }>()

  constructor(options: ClientOptions) {
    this.#clock = options.clock
    const url = new URL(options.baseUrl.replace(/\/+$/, '') + options.path)
    const { protocol, hostname, port, pathname, search } = url
    this.#secure = protocol === 'https:'
    this.#target = {
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      path: pathname + search,
      method: 'POST',
      ...(port === '' ? {} : { port }),
    }
    this.#headers = {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
    }
    const keep = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: Infinity, noDelay: true }
    this.#agent = this.#secure ? new HttpsAgent(keep) : new HttpAgent(keep)
  }

  /**
   * Sends one request and follows its stream to the end. Never rejects.
   *
   * @param timeoutSeconds for the whole exchange; then the socket is closed.
   */
  send(body: Buffer, timeoutSeconds: number, signal: AbortSignal): Promise<Exchange> {
    return new Promise((resolve) => {
      const exchange = new ExchangeUnderWay(this.#clock, resolve)
      if (signal.aborted) {
        exchange.end('cancelled', 'cancelled before it was sent')
        return
      }
      const stop = (outcome: 'timeout' | 'cancelled', reason: string) => {
        exchange.end(outcome, reason)
        current.destroy()
      }
      const onAbort = () => stop('cancelled', 'cancelled')
      const cancelTimer = this.#clock.after(timeoutSeconds, () =>
        stop('timeout', `no complete answer within ${timeoutSeconds} s`),
      )
      signal.addEventListener('abort', onAbort, { once: true })
      exchange.onEnd = () => {
        cancelTimer()
        signal.removeEventListener('abort', onAbort)
      }
      let current = this.#attempt(body, exchange, () => {
        current = this.#attempt(body, exchange, undefined)
      })
    })
  }

  /** Closes every kept connection. */
  close(): void {
    this.#agent.destroy()
  }

  /**
   * @param retry called when a reused connection turned out to be closed already: nothing of the
   *   answer was received, so the request never reached the engine’s queue.
   */
  #attempt(
    body: Buffer,
    exchange: ExchangeUnderWay,
    retry: (() => void) | undefined,
  ): ClientRequest {
    const send = this.#secure ? httpsRequest : httpRequest
    const request = send({
      ...this.#target,
      agent: this.#agent,
      headers: { ...this.#headers, 'content-length': body.length },
    })
    request.once('socket', (socket) => {
      this.#stampReads(socket)
      if (!socket.connecting) exchange.sent()
      else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', exchange.sent)
    })
    request.once('response', (response) => {
      exchange.follow(response, this.#readAt.get(response.socket))
      response.once('close', () => {
        // A stream that failed half way must not leave its connection in the pool.
        if (!response.complete) request.destroy()
      })
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      const gone = error.code === 'ECONNRESET' || error.code === 'EPIPE'
      if (retry !== undefined && gone && request.reusedSocket && !exchange.answered) {
        if (!exchange.ended) retry()
        return
      }
      exchange.end('error', `${error.code ?? 'CONNECTION'} ${error.message}`)
    })
    request.end(body)
    return request
  }

  #stampReads(socket: Socket): void {
    if (this.#readAt.has(socket)) return
    const stamp = { at: 0 }
    this.#readAt.set(socket, stamp)
    socket.prependListener('data', () => {
      stamp.at = this.#clock.monotonic()
    })
  }
}

/** Collects one exchange; resolves once. */
class ExchangeUnderWay {
  answered = false
  ended = false
  onEnd: () => void = () => undefined
  readonly #clock: Clock
  readonly #resolve: (exchange: Exchange) => void
  readonly #startedAt: number
  #sentAt: number | undefined
  #firstEventAt: number | undefined
  readonly #chunkAt: number[] = []
  readonly #chunkTokens: number[] = []
  #allCounted = true
  #usage: Usage | undefined
  #failure: string | undefined

  constructor(clock: Clock, resolve: (exchange: Exchange) => void) {
    this.#clock = clock
    this.#resolve = resolve
    this.#startedAt = clock.monotonic()
  }

  readonly sent = (): void => {
    this.#sentAt = this.#clock.monotonic()
  }

  follow(response: IncomingMessage, stamp: { readonly at: number } | undefined): void {
    this.answered = true
    const status = response.statusCode ?? 0
    const type = response.headers['content-type'] ?? ''
    if (status !== 200 || !type.includes('text/event-stream')) {
      this.#refuse(response, status, type)
      return
    }
    const reader = new SseReader((payload) => {
      this.#event(payload, stamp?.at ?? this.#clock.monotonic())
    })
    response.on('data', (bytes: Buffer) => {
      if (this.ended) return
      try {
        reader.push(bytes)
      } catch (error) {
        this.#fail(error instanceof Error ? error.message : String(error))
      }
      if (this.#failure !== undefined) {
        this.end('error', this.#failure)
        response.destroy()
      }
    })
    response.once('end', () => {
      reader.end()
      if (this.#failure !== undefined) this.end('error', this.#failure)
      else if (this.#chunkAt.length === 0) this.end('error', 'STREAM_EMPTY no text arrived')
      else this.end('ok', undefined, stamp?.at)
    })
    response.once('error', (error) => this.end('error', `STREAM_BROKEN ${error.message}`))
    response.once('close', () => {
      if (!response.complete) this.end('error', 'STREAM_BROKEN the server closed mid-stream')
    })
  }

  end(outcome: Sample['outcome'], error?: string, at?: number): void {
    if (this.ended) return
    this.ended = true
    this.onEnd()
    const endedAt = at ?? this.#clock.monotonic()
    this.#resolve({
      sentAt: this.#sentAt ?? this.#startedAt,
      ...(this.#firstEventAt === undefined ? {} : { firstEventAt: this.#firstEventAt }),
      chunkAt: this.#chunkAt,
      chunkTokens: this.#allCounted
        ? this.#chunkTokens
        : spreadTokens(this.#chunkTokens, this.#usage?.completionTokens ?? null),
      endedAt,
      inputTokens: this.#usage?.promptTokens ?? null,
      outputTokens: this.#usage?.completionTokens ?? null,
      cachedTokens: this.#usage?.cachedTokens ?? null,
      outcome,
      ...(error === undefined ? {} : { error }),
    })
  }

  #event(payload: Buffer, at: number): void {
    const event = readCompletionEvent(payload)
    switch (event.kind) {
      case 'done':
        return
      case 'error':
        this.#fail(`STREAM_ERROR ${event.message}`)
        return
      case 'malformed':
        this.#fail(`STREAM_MALFORMED ${payload.toString('utf8', 0, 120)}`)
        return
      case 'chunk':
        if (event.usage !== undefined) this.#usage = event.usage
        if (event.text || event.usage === undefined) this.#firstEventAt ??= at
        if (!event.text) return
        this.#chunkAt.push(at)
        this.#chunkTokens.push(event.tokens ?? 1)
        if (event.tokens === undefined) this.#allCounted = false
    }
  }

  #fail(reason: string): void {
    this.#failure ??= reason
  }

  #refuse(response: IncomingMessage, status: number, type: string): void {
    const pieces: Buffer[] = []
    let bytes = 0
    response.on('data', (piece: Buffer) => {
      if (bytes < errorBodyBytes) pieces.push(piece)
      bytes += piece.length
    })
    const finish = () => {
      const text = Buffer.concat(pieces).toString('utf8')
      const said = messageOf(text)
      this.end(
        'error',
        status === 200
          ? `NOT_A_STREAM the endpoint answered ${type || 'no content type'} instead of an event stream`
          : `HTTP ${status} ${said}`,
      )
    }
    response.once('end', finish)
    response.once('close', finish)
    response.once('error', finish)
  }
}

function messageOf(body: string): string {
  try {
    const value: unknown = JSON.parse(body)
    const found = errorMessage(value) ?? detailOf(value)
    if (found !== undefined) return found
  } catch {
    // Not JSON: the text itself is the message.
  }
  return body.slice(0, 500)
}

/** FastAPI’s `{"detail": …}` and vLLM’s older `{"object":"error","message":…}`. */
function detailOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { message, detail } = value as { message?: unknown; detail?: unknown }
  if (typeof message === 'string') return message
  if (detail === undefined) return undefined
  return typeof detail === 'string' ? detail : JSON.stringify(detail)
}

/**
 * How many tokens each chunk brought when the server only tells the total: as even as whole numbers
 * allow, the later chunks taking the remainder. Chunks beyond the total bring none.
 */
export function spreadTokens(chunks: readonly number[], total: number | null): readonly number[] {
  const { length } = chunks
  if (total === null || length === 0 || total === length) return chunks
  if (total < length) return chunks.map((_, index) => (index < total ? 1 : 0))
  const each = Math.floor(total / length)
  const larger = length - (total - each * length)
  return chunks.map((_, index) => (index < larger ? each : each + 1))
}
