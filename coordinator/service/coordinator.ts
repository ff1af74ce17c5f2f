import type { SweepDesk } from '../../shared/domain/sweep-desk.js'
import { systemClock } from '../../shared/process/clock.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving, ServerTls } from '../../shared/rpc/server.js'
import { createDispatcher } from '../dispatch/create-dispatcher.js'
import type { OpenPlanner } from '../plan/planner.js'
import { openStore } from '../store/open-store.js'

export interface CoordinatorOptions {
  /** Folder of the database; one coordinator’s alone. */
  readonly dataDir: string
  /** HOST:PORT; port 0 takes a free one. */
  readonly listen: string
  readonly token?: string
  readonly tls?: ServerTls
  /** Allows a bind beyond loopback without TLS. */
  readonly insecure?: boolean
  readonly log: Log
  readonly clock?: Clock
  /** How long a lease lives without renewal, and how often agents say that they live. */
  readonly leaseMs?: number
  readonly heartbeatMs?: number
  readonly openPlanner: OpenPlanner
}

export interface RunningCoordinator {
  /** HOST:PORT that agents and tools reach it at. */
  readonly address: string
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
  let serving: Serving
  try {
    // Listening first: a taken port must not cost the rebuilding of a plan. Nobody can call yet,
    // since what is accepted is served in a later turn of the event loop.
    serving = await serve({
      listen,
      desks: { agents: agentDesk, sweeps: sweepDesk },
      log,
      clock,
      ...(options.token === undefined ? {} : { token: options.token }),
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      ...(options.insecure === undefined ? {} : { insecure: options.insecure }),
    })
    dispatcher.start()
  } catch (error) {
    await dispatcher.close()
    store.close()
    throw error
  }
  let closing: Promise<void> | undefined
  const close = async (graceSeconds?: number) => {
    await serving.close(graceSeconds)
    await dispatcher.close()
    store.close()
    log.info({ dataDir }, 'coordinator closed')
  }
  return {
    address: serving.address,
    sweepDesk,
    close: (graceSeconds) => (closing ??= close(graceSeconds)),
  }
}
