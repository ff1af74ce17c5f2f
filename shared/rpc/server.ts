import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js'
import { HealthImplementation } from 'grpc-health-check'
import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { AgentDesk } from '../domain/agent-desk.js'
import { FmworkError } from '../domain/errors.js'
import type { SweepDesk } from '../domain/sweep-desk.js'
import { systemClock } from '../process/clock.js'
import type { Clock } from '../process/clock.js'
import { formatAddress, isLoopback, parseAddress } from '../process/config.js'
import type { Address } from '../process/config.js'
import type { Log } from '../process/log.js'
import { AgentDoor } from './agent-service.js'
import { requireToken } from './auth.js'
import { maxMessageBytes, unusableTls } from './channel.js'
import { SweepDoor } from './control-service.js'
import { AgentService, ControlService } from './schema.js'

/** PEM texts. With `clientCa` only agents and tools that show a certificate of it are let in. */
export interface ServerTls {
  readonly cert: string
  readonly key: string
  readonly clientCa?: string
}

export interface ServeOptions {
  /** HOST:PORT; port 0 takes a free one. */
  readonly listen: string
  readonly desks: { readonly agents: AgentDesk; readonly sweeps: SweepDesk }
  readonly log: Log
  readonly clock?: Clock
  readonly tls?: ServerTls
  /** Every call must bring it. */
  readonly token?: string
  /** Allows a bind beyond loopback without TLS. */
  readonly insecure?: boolean
}

export interface Serving {
  /** HOST:PORT that callers reach it at. */
  readonly address: string
  /**
   * Takes no more work, tells the agents, ends sessions and streams, then closes the port. What
   * still runs after `graceSeconds` (2 when absent) is cut. Idempotent; never rejects.
   */
  close(graceSeconds?: number): Promise<void>
}

// A failed bind is ours to report, once; GRPC_VERBOSITY brings the library’s own lines back.
if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE)

const healthServices = ['', 'fmwork.v1.AgentService', 'fmwork.v1.ControlService']

/**
 * Opens both doors of a coordinator on one address.
 *
 * @throws FmworkError USAGE, INSECURE_BIND, PORT_IN_USE
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { desks, log, clock = systemClock, tls, token, insecure = false } = options
  const wanted = parseAddress(options.listen, '--listen')
  if (!isLoopback(wanted.host) && tls === undefined && !insecure) {
    throw new FmworkError(
      'INSECURE_BIND',
      `refusing to listen on ${formatAddress(wanted)} without TLS: others could read and command it`,
    )
  }
  const server = new Server({
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    ...(token === undefined ? {} : { interceptors: [requireToken(token)] }),
  })
  const agents = new AgentDoor(desks.agents, clock, log)
  const sweeps = new SweepDoor(desks.sweeps, log)
  const health = new HealthImplementation(
    Object.fromEntries(healthServices.map((name) => [name, 'SERVING'])),
  )
  server.addService(AgentService.service, agents.handlers())
  server.addService(ControlService.service, sweeps.handlers())
  health.addToServer(server)
  const port = await bind(server, wanted, serverCredentials(tls))
  const address = formatAddress({ host: wanted.host, port })
  log.info({ address, tls: tls !== undefined, guarded: token !== undefined }, 'listening')

  let closing: Promise<void> | undefined
  const shutDown = async (graceSeconds: number) => {
    for (const name of healthServices) health.setStatus(name, 'NOT_SERVING')
    agents.drain('the coordinator is shutting down')
    const finished = Promise.all([agents.end(), sweeps.end()]).then(() => shutDownGently(server))
    const cut = new AbortController()
    const grace = clock.sleep(graceSeconds, cut.signal).then(
      () => server.forceShutdown(),
      () => undefined, // Closed in time.
    )
    await Promise.race([finished, grace])
    cut.abort()
    log.info({ address }, 'closed')
  }
  return {
    address,
    close: (graceSeconds = 2) => (closing ??= shutDown(graceSeconds)),
  }
}

function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure()
  const ca = tls.clientCa === undefined ? null : Buffer.from(tls.clientCa)
  const pair = { cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }
  try {
    // gRPC would find out at the first bind only, and call it a problem of the address.
    if (ca !== null) new X509Certificate(ca)
    createSecureContext({ cert: tls.cert, key: tls.key, ...(ca === null ? {} : { ca }) })
    return ServerCredentials.createSsl(ca, [pair], ca !== null)
  } catch (error) {
    throw unusableTls('--tls-cert, --tls-key', error)
  }
}

function bind(server: Server, wanted: Address, secrets: ServerCredentials): Promise<number> {
  const address = formatAddress(wanted)
  return new Promise((resolve, reject) => {
    server.bindAsync(address, secrets, (error, port) => {
      if (error === null) resolve(port)
      else reject(bindError(error, address))
    })
  })
}

function bindError(error: Error, address: string): FmworkError {
  if (error.message.includes('EADDRINUSE')) {
    return new FmworkError('PORT_IN_USE', `${address} is in use by another program`, {
      cause: error,
    })
  }
  return new FmworkError('USAGE', `cannot listen on ${address}`, {
    problems: [{ field: '--listen', value: address, expected: error.message }],
    cause: error,
  })
}

function shutDownGently(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.tryShutdown((error) => {
      // An error says only that it was shut already.
      if (error !== undefined) server.forceShutdown()
      resolve()
    })
  })
}
