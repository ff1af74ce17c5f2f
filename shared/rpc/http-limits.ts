import type { RequestListener, Server as HttpServer, ServerOptions } from 'node:http'
import type { Server, Socket } from 'node:net'
import type { Clock } from '../process/clock.js'
import { TokenBuckets } from './token-bucket.js'

/**
 * Every limit of a port that speaks HTTP/1: far above what browsers and Prometheus need, far below
 * what hurts. docs/SECURITY.md prints the table and names the test of each row.
 */
export const defaultHttpLimits = {
  /** Connections at once, and from one host: a flood from one leaves room for the others. */
  connections: 1024,
  connectionsPerHost: 256,
  /** New connections per second from one host, and how many may come at once. */
  connectsPerSecond: 200,
  connectsAtOnce: 1000,
  /** Seconds for a TLS handshake, and for the headers of a request from its connection’s start. */
  openingSeconds: 10,
  /** Seconds for a whole request: a body of 1 MiB from a slow network. */
  requestSeconds: 30,
  /** Seconds in which nothing moves, in either direction, after which a connection is closed. */
  stillSeconds: 120,
  /** Requests per second from one host, and how many may come at once, in one connection or many. */
  requestsPerSecond: 1000,
  requestsAtOnce: 2000,
  /** Seconds between two looks at what is late. */
  lookSeconds: 5,
}

export type HttpLimits = Readonly<typeof defaultHttpLimits>

/** What a server is made with, so that whoever is slow on purpose is cut. */
export const httpServerOptions = (limits: HttpLimits): ServerOptions => ({
  headersTimeout: limits.openingSeconds * 1000,
  requestTimeout: limits.requestSeconds * 1000,
  connectionsCheckingInterval: limits.lookSeconds * 1000,
})

/**
 * Closes connections beyond the limits, or that come too fast, before a byte is read, and those on
 * which nothing moves.
 */
export function boundConnections(
  server: HttpServer,
  limits: HttpLimits,
  clock: Clock,
  refused: (host: string) => void = () => undefined,
): void {
  const perHost = new Map<string, number>()
  const connects = new TokenBuckets(limits.connectsPerSecond, limits.connectsAtOnce)
  let open = 0
  server.setTimeout(limits.stillSeconds * 1000)
  // A server of TLS has this event for the bare connection, before its handshake.
  ;(server as Server).prependListener('connection', (connection: Socket) => {
    const host = connection.remoteAddress ?? 'unknown'
    const fromHost = perHost.get(host) ?? 0
    const isRoom = open < limits.connections && fromHost < limits.connectionsPerHost
    if (!isRoom || !connects.take(host, clock.monotonic())) {
      refused(host)
      connection.destroy()
      return
    }
    open += 1
    perHost.set(host, fromHost + 1)
    connection.once('close', () => {
      open -= 1
      const left = (perHost.get(host) ?? 1) - 1
      if (left > 0) perHost.set(host, left)
      else perHost.delete(host)
    })
  })
}

/**
 * Serves requests as fast as the limits allow. The first beyond them is told so and ends its connection;
 * what came behind it there (requests can be sent ahead of their answers) is dropped.
 */
export function limitRequests(
  limits: HttpLimits,
  clock: Clock,
  refuse: RequestListener,
  serve: RequestListener,
): RequestListener {
  const hosts = new TokenBuckets(limits.requestsPerSecond, limits.requestsAtOnce)
  const refused = new WeakSet<Socket>()
  return (request, response) => {
    const { socket } = request
    if (refused.has(socket)) return
    if (hosts.take(socket.remoteAddress ?? 'unknown', clock.monotonic())) {
      serve(request, response)
      return
    }
    refused.add(socket)
    response.setHeader('connection', 'close')
    refuse(request, response)
  }
}
