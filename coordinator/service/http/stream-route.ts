import { FmworkError } from '../../../shared/domain/errors.js'
import type { SurfaceDesk } from '../../dispatch/surface-desk.js'
import { EventStream } from './event-stream.js'
import type { HouseBroadcast, HouseTopic } from './house-broadcast.js'
import type { Route } from './route.js'
import { SweepBroadcast } from './sweep-broadcast.js'
import type { BroadcastTools } from './sweep-broadcast.js'

/** Browsers that listen at once. */
const maxStreams = 128

/** The event a browser saw last, as it says when it comes again. */
function lastSeen(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

/** `GET /api/v1/stream?sweep=ID&topic=agents&topic=sweeps`: server-sent events, resumed by event id. */
export function streamRoute(
  tools: BroadcastTools,
  house: HouseBroadcast,
  surfaces: SurfaceDesk,
): Route {
  const broadcasts = new Map<string, SweepBroadcast>()
  let open = 0
  const broadcastOf = (sweepId: string): SweepBroadcast => {
    const known = broadcasts.get(sweepId) ?? new SweepBroadcast(tools, sweepId)
    broadcasts.set(sweepId, known)
    return known
  }
  return {
    method: 'GET',
    path: '/api/v1/stream',
    handle({ query, request, admitted, signal }) {
      if (open >= maxStreams) {
        throw new FmworkError('LIMIT_EXCEEDED', `${maxStreams} pages listen already`, {
          hint: 'Close a page of the dashboard.',
        })
      }
      const wanted = query.get('sweep')
      // Before anything is sent: an unknown sweep is an answer, not an empty stream.
      const sweepId = wanted === null ? undefined : surfaces.identify(wanted).sweepId
      const topics = new Set(
        (['agents', 'sweeps'] as const satisfies readonly HouseTopic[]).filter((topic) =>
          query.getAll('topic').includes(topic),
        ),
      )
      const since = lastSeen(request.headers['last-event-id'])
      return {
        kind: 'stream',
        async pour(response) {
          open += 1
          const stream = new EventStream(response, tools.clock, admitted)
          try {
            await house.listen(stream, topics, signal)
            if (sweepId !== undefined) {
              await broadcastOf(sweepId).listen(stream, since, signal)
            }
            await stream.over(signal)
          } finally {
            open -= 1
          }
        },
      }
    },
  }
}
