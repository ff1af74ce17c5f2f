import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js'
import { HealthImplementation } from 'grpc-health-check'
import type { AgentDesk } from '../domain/agent-desk.js'
import { FmworkError } from '../domain/errors.js'
import type { SweepDesk } from '../domain/sweep-desk.js'
import { systemClock } from '../process/clock.js'
import type { Clock } from '../process/clock.js'
import { formatAddress, isLoopback, parseAddress } from '../process/config.js'
import type { Address } from '../process/config.js'
import type { Log } from '../process/log.js'
import { createGate } from './access/gate.js'
import type { Gate } from './access/gate.js'
import { guardCalls } from './access/guard.js'
import { AgentDoor } from './agent-service.js'
import { limitCalls } from './call-limits.js'
import { SweepDoor } from './control-service.js'
import { openDoorway } from './doorway.js'
import type { Doorway } from './doorway.js'
import { nothingAfterStatus } from './last-word.js'
import { defaultLimits } from './limits.js'
import type { Limits } from './limits.js'
import { addReflection } from './reflection.js'
import { rawAgentService } from './report-intake.js'
import { ControlService } from './schema.js'
import { sparingWarn } from './sparing-log.js'
import { checkServerTls, tlsSource } from './tls.js'
import type { ServerTls, TlsSource } from './tls.js'

/** Seconds between two looks at files of TLS that nobody connects by meanwhile. */
const tlsLookSeconds = 10

export interface ServeOptions {
  /** HOST:PORT; port 0 takes a free one. */
  readonly listen: string
  readonly desks: { readonly agents: AgentDesk; readonly sweeps: SweepDesk }
  readonly log: Log
  readonly clock?: Clock
  /** A source is asked at every new connection: certificates are replaced without a restart. */
  readonly tls?: ServerTls | TlsSource<ServerTls>
  /** Every call must bring it; its bearer has every role. */
  readonly token?: string
  /** Path of the token list: every call must bring a token of it. */
  readonly tokenList?: string
  /** Path of the list of revoked certificates. */
  readonly revokedList?: string
  /** Lets callers ask for the schema; absent: on loopback only. */
  readonly reflection?: boolean
  /** Allows a bind beyond loopback without TLS, or without asking who calls. */
  readonly insecure?: boolean
  /** Instead of those of the table. */
  readonly limits?: Partial<Limits>
}

export interface Serving {
  /** HOST:PORT that callers reach it at. */
  readonly address: string
  /** Who may come in: the same for every other door of this coordinator. */
  readonly gate: Gate
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
  const { desks, log, clock = systemClock, token, tokenList, revokedList } = options
  const source = options.tls === undefined ? undefined : tlsSource(options.tls)
  let tls = source?.current(log)
  const wanted = parseAddress(options.listen, '--listen')
  const gate = createGate(
    {
      certificates: tls?.clientCa !== undefined,
      ...(token === undefined ? {} : { token }),
      ...(tokenList === undefined ? {} : { tokenList }),
      ...(revokedList === undefined ? {} : { revokedList }),
    },
    clock,
  )
  if (options.insecure !== true) refuseInsecureBind(wanted, tls, gate)
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const warn = sparingWarn(log, clock)
  const server = new Server({
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.max_receive_message_length': limits.messageBytes,
    'grpc.max_send_message_length': limits.messageBytes,
    'grpc.max_concurrent_streams': limits.streamsPerConnection,
    'grpc.max_connection_idle_ms': limits.idleSeconds * 1000,
    interceptors: [
      nothingAfterStatus,
      limitCalls(limits, clock, warn, (peer) => doorway.called(peer)),
      guardCalls(gate, warn),
    ],
  })
  const agents = new AgentDoor(desks.agents, limits, clock, log)
  const sweeps = new SweepDoor(desks.sweeps, limits, log)
  const health = new HealthImplementation(
    Object.fromEntries(healthServices.map((name) => [name, 'SERVING'])),
  )
  server.addService(rawAgentService, agents.handlers())
  server.addService(ControlService.service, sweeps.handlers())
  health.addToServer(server)
  if (options.reflection ?? isLoopback(wanted.host)) addReflection(server)
  let injector = server.createConnectionInjector(serverCredentials(tls))
  /** What is connected stays with the certificate it met; the next one meets the newest. */
  const newestTls = () => {
    const newest = source?.current(log)
    if (newest === tls) return
    tls = newest
    injector = server.createConnectionInjector(serverCredentials(newest))
  }
  const doorway: Doorway = await openDoorway({
    address: wanted,
    limits,
    clock,
    warn,
    admit(connection) {
      newestTls()
      injector.injectConnection(connection)
    },
  })
  const stopLooking = source === undefined ? undefined : every(clock, tlsLookSeconds, newestTls)
  const address = formatAddress({ host: wanted.host, port: doorway.port })
  log.info({ address, tls: tls !== undefined, guarded: gate.guarded }, 'listening')

  let closing: Promise<void> | undefined
  const shutDown = async (graceSeconds: number) => {
    stopLooking?.()
    for (const name of healthServices) health.setStatus(name, 'NOT_SERVING')
    agents.drain('the coordinator is shutting down')
    const closed = doorway.close()
    // Until the connections are gone, not until gRPC says so: from Node 24 on it says so at once,
    // while what was said last is still on its way, and a cut would lose it.
    const finished = Promise.all([agents.end(), sweeps.end()])
      .then(() => shutDownGently(server))
      .then(() => closed)
    const cut = new AbortController()
    const grace = clock.sleep(graceSeconds, cut.signal).then(
      () => server.forceShutdown(),
      () => undefined, // Closed in time.
    )
    await Promise.race([finished, grace])
    cut.abort()
    doorway.cut()
    await closed
    log.info({ address }, 'closed')
  }
  return {
    address,
    gate,
    close: (graceSeconds = 2) => (closing ??= shutDown(graceSeconds)),
  }
}

/** @throws FmworkError INSECURE_BIND where others could read, or command, what happens here. */
function refuseInsecureBind(wanted: Address, tls: ServerTls | undefined, gate: Gate): void {
  if (isLoopback(wanted.host)) return
  const refuse = (why: string) =>
    new FmworkError('INSECURE_BIND', `refusing to listen on ${formatAddress(wanted)} ${why}`)
  if (tls === undefined) throw refuse('without TLS: others could read and command it')
  if (!gate.guarded) {
    throw refuse('without asking who calls (--tokens, --token-file or --tls-client-ca)')
  }
}

/** @throws FmworkError USAGE: gRPC would find out at the first connection only. */
function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure()
  checkServerTls(tls)
  const ca = tls.clientCa === undefined ? null : Buffer.from(tls.clientCa)
  const pair = { cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }
  return ServerCredentials.createSsl(ca, [pair], ca !== null)
}

/** Calls `action` again and again. @returns stops it */
function every(clock: Clock, seconds: number, action: () => void): () => void {
  const again = () => {
    cancel = clock.after(seconds, () => {
      action()
      again()
    })
  }
  let cancel = (): void => undefined
  again()
  return () => cancel()
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
