import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Clock } from '../../../shared/process/clock.js'
import { formatAddress, isLoopback, parseAddress } from '../../../shared/process/config.js'
import type { Address } from '../../../shared/process/config.js'
import {
  boundConnections,
  defaultHttpLimits,
  httpServerOptions,
  limitRequests,
} from '../../../shared/rpc/http-limits.js'
import type { HttpLimits } from '../../../shared/rpc/http-limits.js'
import type { Log } from '../../../shared/process/log.js'
import type { Gate } from '../../../shared/rpc/access/gate.js'
import { sparingWarn } from '../../../shared/rpc/sparing-log.js'
import type { ServerTls, TlsSource } from '../../../shared/rpc/tls.js'
import { tlsSource } from '../../../shared/rpc/tls.js'
import { sendBytes, sendFailure, sendJson } from './answer.js'
import { Guard } from './guard.js'
import { readJson } from './request-body.js'
import { matchPath } from './route.js'
import type { Answer, Route } from './route.js'
import { sessionRoutes } from './session-routes.js'
import type { StaticFiles } from './static-files.js'

export interface HttpDoorOptions {
  /** HOST:PORT; port 0 takes a free one. */
  readonly listen: string
  readonly routes: readonly Route[]
  readonly files: StaticFiles
  readonly log: Log
  readonly clock: Clock
  /** Who may come in, as over gRPC. The page itself is nobody’s secret. */
  readonly gate: Gate
  readonly tls?: ServerTls | TlsSource<ServerTls>
  /** Allows a bind beyond loopback without TLS, or without asking who calls. */
  readonly insecure?: boolean
  /** Instead of those of the table. */
  readonly limits?: Partial<HttpLimits>
}

export interface HttpDoor {
  /** Where a browser opens it. */
  readonly url: string
  /** Ends what runs and closes the port. Idempotent; never rejects. */
  close(): Promise<void>
}

/**
 * Opens the coordinator’s door for browsers and scripts.
 *
 * @throws FmworkError USAGE, INSECURE_BIND, PORT_IN_USE
 */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const { log, tls, gate, clock, insecure = false } = options
  const limits: HttpLimits = { ...defaultHttpLimits, ...options.limits }
  const wanted = parseAddress(options.listen, '--http')
  if (!isLoopback(wanted.host) && !insecure && (tls === undefined || !gate.guarded)) {
    throw new FmworkError(
      'INSECURE_BIND',
      `refusing to serve the dashboard on ${formatAddress(wanted)} without TLS and without asking who calls: others could read and command it`,
    )
  }
  const guard = new Guard({
    gate,
    clock,
    secure: tls !== undefined,
    boundHost: wanted.host,
  })
  const routes = [...sessionRoutes(guard), ...options.routes]
  const closing = new AbortController()
  const serve: RequestListener = (request, response) => {
    response.on('error', (error) => {
      log.debug({ err: error }, 'a browser left in the middle of an answer')
    })
    answer(request, response, { ...options, routes, guard, closing: closing.signal }).catch(
      (thrown: unknown) => sendFailure(request, response, thrown, log),
    )
  }
  const warn = sparingWarn(log, clock)
  const tooMany: RequestListener = (request, response) => {
    warn({ host: request.socket.remoteAddress }, 'too many requests')
    const error = new FmworkError('LIMIT_EXCEEDED', 'too many requests a second')
    void sendFailure(request, response, error, log)
  }
  const listener = limitRequests(limits, clock, tooMany, serve)
  const server =
    tls === undefined
      ? createServer(httpServerOptions(limits), listener)
      : secureServer(tlsSource(tls), limits, listener, log)
  boundConnections(server, limits, clock, (host) => {
    warn({ host }, 'too many connections')
  })
  const port = await bind(server, wanted)
  const address = formatAddress({ host: browsable(wanted.host), port })
  const url = `${tls === undefined ? 'http' : 'https'}://${address}/`
  log.info({ url, guarded: guard.guarded }, 'dashboard listening')
  let closed: Promise<void> | undefined
  const close = () => {
    closing.abort(new FmworkError('COORDINATOR_UNREACHABLE', 'the coordinator is shutting down'))
    return new Promise<void>((resolve) => {
      server.close(() => {
        resolve()
      })
      server.closeAllConnections()
    })
  }
  return { url, close: () => (closed ??= close()) }
}

/** Every address of this machine: people open it by the one they are at. */
const browsable = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host

function secureServer(
  source: TlsSource<ServerTls>,
  limits: HttpLimits,
  listener: RequestListener,
  log: Log,
): Server {
  const context = ({ cert, key, clientCa }: ServerTls) => ({
    cert,
    key,
    ...(clientCa === undefined ? {} : { ca: clientCa }),
  })
  let tls = source.current(log)
  const asks = tls.clientCa !== undefined
  const server = createSecureServer(
    {
      ...httpServerOptions(limits),
      handshakeTimeout: limits.openingSeconds * 1000,
      ...context(tls),
      ...(asks ? { requestCert: true, rejectUnauthorized: true } : {}),
    },
    listener,
  )
  // Before the handshake of the connection that has just come.
  server.prependListener('connection', () => {
    const newest = source.current(log)
    if (newest === tls) return
    tls = newest
    server.setSecureContext(context(newest))
  })
  return server
}

interface Serving extends HttpDoorOptions {
  readonly guard: Guard
  readonly closing: AbortSignal
}

/**
 * Put together, not resolved as a reference: `//host/path` would be another host then, and `//` none.
 *
 * @throws FmworkError MESSAGE_INVALID
 */
function targetOf({ url = '/' }: IncomingMessage): URL {
  const target = url.startsWith('/') ? `http://localhost${url}` : url
  if (URL.canParse(target)) return new URL(target)
  throw new FmworkError('MESSAGE_INVALID', 'the request names no path')
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, files, guard, closing }: Serving,
): Promise<void> {
  guard.checkOrigin(request)
  const { pathname, searchParams: query } = targetOf(request)
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (reads && files.send(pathname, request, response)) return
  const fitting = routes.flatMap((route) => {
    const params = matchPath(route.path, pathname)
    return params === undefined ? [] : [{ route, params }]
  })
  const found = fitting.find(({ route }) => route.method === request.method)
  if (found === undefined) {
    const status = fitting.length > 0 ? 405 : 404
    const message = status === 405 ? 'the method is not allowed here' : 'there is nothing here'
    const error = { code: 'NOT_FOUND', message, hint: 'See docs/DASHBOARD.md.', problems: [] }
    await sendJson(request, response, status, { error })
    return
  }
  const { route, params } = found
  if (route.open !== true) guard.checkCaller(request)
  const body = route.method === 'POST' ? await readJson(request) : undefined
  const left = new AbortController()
  response.once('close', () => {
    left.abort(new Error('the caller left'))
  })
  const signal = AbortSignal.any([left.signal, closing])
  const admitted = () => guard.admits(request)
  const call = { params, query, body, request, admitted, signal }
  await send(request, response, await route.handle(call))
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  found: Answer,
): Promise<void> {
  switch (found.kind) {
    case 'json':
      await sendJson(request, response, found.status ?? 200, found.value, found.headers)
      return
    case 'bytes':
      sendBytes(response, found.type, found.bytes, found.headers)
      return
    case 'stream':
      await found.pour(response)
  }
}

function bind(server: Server, { host, port }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const address = formatAddress({ host, port })
      if (error.code === 'EADDRINUSE') {
        const message = `${address} is in use by another program`
        reject(new FmworkError('PORT_IN_USE', message, { cause: error }))
        return
      }
      const problems = [{ field: '--http', value: address, expected: error.message }]
      reject(new FmworkError('USAGE', `cannot listen on ${address}`, { problems, cause: error }))
    })
    server.listen({ host, port }, () => {
      resolve((server.address() as AddressInfo).port)
    })
  })
}
