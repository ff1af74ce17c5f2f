import { serveThread } from '../../shared/process/thread/serve-thread.js'
import { openLocalPlanner } from './local-planner.js'
import type { PlannerOpening } from './worker-planner.js'

/** A planner’s thread. */
await serveThread((opening) => {
  const { sweep, hardware } = opening as PlannerOpening
  return openLocalPlanner(sweep, hardware)
})
