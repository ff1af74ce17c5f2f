import { parentPort } from 'node:worker_threads'
import { systemClock } from '../../../shared/process/clock.js'
import { InlineLoad } from './inline-load.js'
import type { LoadAnswer, LoadOrder } from './worker-protocol.js'

/** The load generator’s own thread: what the agent does meanwhile cannot delay the times taken here. */
const port = parentPort
if (port === null) throw new Error('load-worker runs as a worker thread only')

const load = new InlineLoad(systemClock)
const running = new Map<number, { stop: AbortController; enough: AbortController }>()
const answer = (message: LoadAnswer) => port.postMessage(message)

port.on('message', (order: LoadOrder) => {
  switch (order.kind) {
    case 'run': {
      const stop = new AbortController()
      const enough = new AbortController()
      running.set(order.id, { stop, enough })
      load
        .run(order.job, stop.signal, enough.signal)
        .then(
          (report) => answer({ kind: 'report', id: order.id, report }),
          (error: unknown) =>
            answer({
              kind: 'failed',
              id: order.id,
              reason: error instanceof Error ? error.message : String(error),
            }),
        )
        .finally(() => running.delete(order.id))
      return
    }
    case 'abort':
      running.get(order.id)?.stop.abort(new Error('aborted'))
      return
    case 'enough':
      running.get(order.id)?.enough.abort()
      return
    case 'pulse':
      load.pulse(order.at)
      return
    case 'close':
      for (const { stop } of running.values()) stop.abort(new Error('closed'))
      void load.close().then(() => port.close())
  }
})
