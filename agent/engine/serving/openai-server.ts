import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../../shared/process/clock.js'
import { sendProblem, streamedAnswer, wholeAnswer } from './answer.js'
import type { Backend } from './backend.js'
import { parseChat, parseCompletion } from './completion-request.js'
import { HttpProblem } from './http-problem.js'
import { metricsText } from './prometheus.js'
import { readJsonBody } from './request-body.js'

/** What a server may do to a request before it reaches the backend: how faults are injected. */
export type Interceptor = (response: ServerResponse) => 'answered' | 'pass'

export interface OpenAiServerOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly intercept?: Interceptor
}

export interface OpenAiServer {
  readonly port: number
  /** Stops listening and drops every connection. */
  close(): Promise<void>
}

function sendText(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

class Handler {
  readonly #backend: Backend
  readonly #clock: Clock
  readonly #intercept: Interceptor
  #requests = 0

  constructor({ backend, clock, intercept = () => 'pass' }: OpenAiServerOptions) {
    this.#backend = backend
    this.#clock = clock
    this.#intercept = intercept
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0]
    switch (`${request.method ?? ''} ${path ?? ''}`) {
      case 'POST /v1/completions':
      case 'POST /v1/chat/completions':
        if (this.#intercept(response) === 'answered') return
        return this.#generate(request, response, path === '/v1/chat/completions')
      case 'GET /v1/models':
        sendText(response, 'application/json', this.#models())
        return
      case 'GET /health':
        sendText(response, 'application/json', '{"status":"ok"}')
        return
      case 'GET /metrics':
        sendText(
          response,
          'text/plain; version=0.0.4',
          metricsText(this.#backend.gauges(), this.#backend.model),
        )
        return
      default:
        throw new HttpProblem(404, `no such path: ${request.method ?? ''} ${path ?? ''}`)
    }
  }

  #models(): string {
    const { model, maxContextTokens } = this.#backend
    const entry = { id: model, object: 'model', created: 0, owned_by: 'fmwork' }
    return JSON.stringify({
      object: 'list',
      data: [{ ...entry, max_model_len: maxContextTokens }],
    })
  }

  async #generate(request: IncomingMessage, response: ServerResponse, chat: boolean) {
    const body = await readJsonBody(request)
    const parsed = (chat ? parseChat : parseCompletion)(body, this.#backend)
    this.#requests += 1
    const identity = {
      id: `${chat ? 'chatcmpl' : 'cmpl'}-${this.#requests}`,
      model: this.#backend.model,
      created: Math.floor(this.#clock.wall() / 1000),
    }
    const answer = (parsed.stream ? streamedAnswer : wholeAnswer)(response, parsed, identity)
    const cancel = this.#backend.submit(parsed.job, answer)
    // Also after a finished answer, where cancelling does nothing.
    response.on('close', cancel)
    // A write that crosses the client’s hanging up.
    response.on('error', cancel)
  }
}

function fault(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  return new HttpProblem(500, error instanceof Error ? error.message : String(error))
}

function answerFault(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const problem = fault(error)
  // The rest of a body that was not read would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  sendProblem(response, problem)
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Serves a backend on a free loopback port with the HTTP surface of OpenAI’s API. */
export async function startOpenAiServer(options: OpenAiServerOptions): Promise<OpenAiServer> {
  const handler = new Handler(options)
  const server = createServer((request, response) => {
    handler.handle(request, response).catch((error: unknown) => {
      answerFault(request, response, error)
    })
  })
  // A server that closes an idle connection just as a client reuses it makes a request fail that
  // was never served; the client decides when to let go.
  server.keepAliveTimeout = 0
  const port = await listen(server)
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
