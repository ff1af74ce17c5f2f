import type { SweepDesk } from '../../shared/domain/sweep-desk.js'
import type { SweepReader } from '../../shared/domain/sweep-reader.js'
import { systemClock } from '../../shared/process/clock.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { given } from '../../shared/process/program-options.js'
import { createGate } from '../../shared/rpc/access/gate.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import { tlsSource } from '../../shared/rpc/tls.js'
import type { ServerTls, TlsSource } from '../../shared/rpc/tls.js'
import { createDispatcher } from '../dispatch/create-dispatcher.js'
import type { Dispatcher } from '../dispatch/create-dispatcher.js'
import type { OpenPlanner } from '../plan/planner.js'
import { openLocalReader } from '../store/local-reader.js'
import { openStore } from '../store/open-store.js'
import type { HttpDoor } from './http/http-door.js'
import { openDashboard } from './http/open-dashboard.js'
import { prometheusRoute } from './prometheus.js'

export interface CoordinatorOptions {
  /** Folder of the database; one coordinator’s alone. */
  readonly dataDir: string
  /** HOST:PORT; port 0 takes a free one. */
  readonly listen: string
  readonly token?: string
  /** Path of the token list, and of the list of revoked certificates: read again when they change. */
  readonly tokenList?: string
  readonly revokedList?: string
  readonly tls?: ServerTls | TlsSource<ServerTls>
  /** Lets callers ask for the schema; absent: on loopback only. */
  readonly reflection?: boolean
  /** Allows a bind beyond loopback without TLS. */
  readonly insecure?: boolean
  readonly log: Log
  readonly clock?: Clock
  /** How long a lease lives without renewal, and how often agents say that they live. */
  readonly leaseMs?: number
  readonly heartbeatMs?: number
  readonly openPlanner: OpenPlanner
  /** HOST:PORT of the dashboard; none is served when absent. */
  readonly http?: string
  /** Opens what the dashboard reads by; in this thread when absent. */
  readonly openReader?: (dataDir: string) => Promise<SweepReader>
  /** Folder of the dashboard’s built pages; the package’s own when absent. */
  readonly pages?: URL
}

export interface RunningCoordinator {
  /** HOST:PORT that agents and tools reach it at. */
  readonly address: string
  /** Where a browser finds the dashboard, if it is served. */
  readonly dashboard?: string
  /** The people’s counter without a wire, for whoever runs in this process. */
  readonly sweepDesk: SweepDesk
  /** In order: no more work, agents told, streams ended, port closed, plans kept, database closed. */
  close(graceSeconds?: number): Promise<void>
}

/**
 * Opens the store, takes up what an earlier coordinator left, and listens.
 *
 * @throws FmworkError DATA_FOLDER_UNWRITABLE, DATA_FOLDER_LOCKED, STORE_CORRUPT, DISK_FULL,
 *   PORT_IN_USE, INSECURE_BIND, USAGE; nothing is left open then.
 */
export async function openCoordinator(options: CoordinatorOptions): Promise<RunningCoordinator> {
  const { dataDir, listen, log, clock = systemClock, openPlanner } = options
  const store = openStore(dataDir, { clock, log })
  const dispatcher = createDispatcher({
    store,
    clock,
    log,
    openPlanner,
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
  })
  const { agentDesk, sweepDesk } = dispatcher
  let serving: Serving | undefined
  let dashboard: HttpDoor | undefined
  try {
    // Listening first: a taken port must not cost the rebuilding of a plan. Nobody can call yet,
    // since what is accepted is served in a later turn of the event loop.
    serving = await serve({
      listen,
      desks: { agents: agentDesk, sweeps: sweepDesk },
      log,
      clock,
      ...given({
        token: options.token,
        tokenList: options.tokenList,
        revokedList: options.revokedList,
        tls: options.tls,
        reflection: options.reflection,
        insecure: options.insecure,
      }),
    })
    dispatcher.start()
    dashboard = await dashboardOf(options, dispatcher, clock)
  } catch (error) {
    await serving?.close(0)
    await dispatcher.close()
    store.close()
    throw error
  }
  let closing: Promise<void> | undefined
  const close = async (graceSeconds?: number) => {
    await dashboard?.close()
    await serving.close(graceSeconds)
    await dispatcher.close()
    store.close()
    log.info({ dataDir }, 'coordinator closed')
  }
  return {
    address: serving.address,
    ...(dashboard === undefined ? {} : { dashboard: dashboard.url }),
    sweepDesk,
    close: (graceSeconds) => (closing ??= close(graceSeconds)),
  }
}

async function dashboardOf(
  options: CoordinatorOptions,
  { sweepDesk, surfaceDesk }: Dispatcher,
  clock: Clock,
): Promise<HttpDoor | undefined> {
  const { http, dataDir, log, tls, openReader = openLocalReader } = options
  if (http === undefined) return undefined
  const { token, tokenList, revokedList } = options
  const asksCertificates = tls !== undefined && tlsSource(tls).current(log).clientCa !== undefined
  return openDashboard({
    listen: http,
    desk: sweepDesk,
    surfaces: surfaceDesk,
    openReader: () => openReader(dataDir),
    routes: [prometheusRoute(sweepDesk)],
    gate: createGate(
      { certificates: asksCertificates, ...given({ token, tokenList, revokedList }) },
      clock,
    ),
    clock,
    log,
    ...given({ tls, insecure: options.insecure, pages: options.pages }),
  })
}
