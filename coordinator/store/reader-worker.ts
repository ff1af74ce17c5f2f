import { parentPort, workerData } from 'node:worker_threads'
import type { SweepReader } from '../../shared/domain/sweep-reader.js'
import { carryError } from '../plan/planner-messages.js'
import { openLocalReader } from './local-reader.js'
import type { ReaderAnswer, ReaderRequest } from './reader-messages.js'

/** A reader’s thread: serves calls in the order in which they arrive. */

const port = parentPort
if (port === null) throw new Error('reader-worker runs in a worker thread only')
const answer = (message: ReaderAnswer) => port.postMessage(message)

function call(reader: SweepReader, request: ReaderRequest): Promise<unknown> {
  switch (request.method) {
    case 'trials':
      return reader.trials(...request.arguments)
    case 'next':
      return reader.next(...request.arguments)
    case 'trial':
      return reader.trial(...request.arguments)
    case 'events':
      return reader.events(...request.arguments)
    case 'eventsSince':
      return reader.eventsSince(...request.arguments)
    case 'curve':
      return reader.curve(...request.arguments)
    case 'marks':
      return reader.marks(...request.arguments)
    case 'pastCosts':
      return reader.pastCosts(...request.arguments)
    case 'close':
      return reader.close()
  }
}

async function serve(reader: SweepReader, request: ReaderRequest): Promise<void> {
  const { id, method } = request
  try {
    answer({ id, value: await call(reader, request) })
  } catch (error) {
    answer({ id, error: carryError(error) })
  }
  if (method === 'close') port?.close()
}

try {
  const reader = await openLocalReader(workerData as string)
  let turn = Promise.resolve()
  port.on('message', (request: ReaderRequest) => {
    turn = turn.then(() => serve(reader, request))
  })
  answer({ id: 0, value: undefined })
} catch (error) {
  answer({ id: 0, error: carryError(error) })
  port.close()
}
