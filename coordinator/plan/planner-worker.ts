import { parentPort, workerData } from 'node:worker_threads'
import { openLocalPlanner } from './local-planner.js'
import type { Planner } from './planner.js'
import { carryError } from './planner-messages.js'
import type { PlannerAnswer, PlannerOpening, PlannerRequest } from './planner-messages.js'

/** A planner’s thread: serves one planner’s calls in the order in which they arrive. */

const port = parentPort
if (port === null) throw new Error('planner-worker runs in a worker thread only')
const answer = (message: PlannerAnswer) => port.postMessage(message)

function call(planner: Planner, request: PlannerRequest): Promise<unknown> {
  switch (request.method) {
    case 'ask':
      return planner.ask(...request.arguments)
    case 'tell':
      return planner.tell(...request.arguments)
    case 'tellPending':
      return planner.tellPending(...request.arguments)
    case 'remove':
      return planner.remove(...request.arguments)
    case 'tellEngine':
      return planner.tellEngine(...request.arguments)
    case 'status':
      return planner.status()
    case 'surface':
      return planner.surface(...request.arguments)
    case 'close':
      return planner.close()
  }
}

async function serve(planner: Planner, request: PlannerRequest): Promise<void> {
  const { id, method } = request
  try {
    answer({ id, value: await call(planner, request) })
  } catch (error) {
    answer({ id, error: carryError(error) })
  }
  if (method === 'close') port?.close()
}

const { sweep, hardware } = workerData as PlannerOpening
try {
  const planner = await openLocalPlanner(sweep, hardware)
  let turn = Promise.resolve()
  port.on('message', (request: PlannerRequest) => {
    turn = turn.then(() => serve(planner, request))
  })
  answer({ id: 0, value: undefined })
} catch (error) {
  answer({ id: 0, error: carryError(error) })
  port.close()
}
