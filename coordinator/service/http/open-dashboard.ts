import type { SweepDesk } from '../../../shared/domain/sweep-desk.js'
import type { SweepReader } from '../../../shared/domain/sweep-reader.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import type { Gate } from '../../../shared/rpc/access/gate.js'
import type { ServerTls, TlsSource } from '../../../shared/rpc/tls.js'
import type { SurfaceDesk } from '../../dispatch/surface-desk.js'
import { AgentHistory } from './agent-history.js'
import { HouseBroadcast } from './house-broadcast.js'
import { openHttpDoor } from './http-door.js'
import type { HttpDoor } from './http-door.js'
import { json } from './route.js'
import type { Route } from './route.js'
import { readStaticFiles } from './static-files.js'
import { streamRoute } from './stream-route.js'
import { SurfaceShelf } from './surface-shelf.js'
import { SweepListing } from './sweep-listing.js'
import { sweepRoutes } from './sweep-routes.js'

export interface DashboardOptions {
  /** HOST:PORT; port 0 takes a free one. */
  readonly listen: string
  readonly desk: SweepDesk
  readonly surfaces: SurfaceDesk
  readonly openReader: () => Promise<SweepReader>
  readonly clock: Clock
  readonly log: Log
  readonly gate: Gate
  readonly tls?: ServerTls | TlsSource<ServerTls>
  readonly insecure?: boolean
  /** Folder of the built pages; the package’s own when absent. */
  readonly pages?: URL
  /** Routes of others on the same door. */
  readonly routes?: readonly Route[]
}

/**
 * Opens the dashboard and its JSON.
 *
 * @throws FmworkError USAGE, INSECURE_BIND, PORT_IN_USE; those of the reader; nothing is left open then.
 */
export async function openDashboard(options: DashboardOptions): Promise<HttpDoor> {
  const { desk, surfaces, clock, log } = options
  const files = readStaticFiles(options.pages ?? new URL('../../dashboard/', import.meta.url))
  const reader = await options.openReader()
  const shelf = new SurfaceShelf(surfaces, reader, clock)
  const listing = new SweepListing(desk, clock)
  const history = new AgentHistory(() => desk.agents(), clock, log)
  const house = new HouseBroadcast({ desk, listing, history, clock, log })
  const routes: Route[] = [
    ...sweepRoutes({ desk, surfaces, shelf, reader, listing }),
    {
      method: 'GET',
      path: '/api/v1/agents',
      handle: async () => json(await history.view()),
    },
    streamRoute({ desk, surfaces, reader, clock, log }, house, surfaces),
    ...(options.routes ?? []),
  ]
  const rest = async () => {
    history.stop()
    shelf.close()
    await reader.close()
  }
  let door: HttpDoor
  try {
    door = await openHttpDoor({
      listen: options.listen,
      routes,
      files,
      log,
      clock,
      gate: options.gate,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      ...(options.insecure === undefined ? {} : { insecure: options.insecure }),
    })
  } catch (error) {
    await rest()
    throw error
  }
  history.start()
  return {
    url: door.url,
    async close() {
      await door.close()
      await rest()
    },
  }
}
