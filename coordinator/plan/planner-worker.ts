import { serveThread } from '../../shared/process/thread/serve-thread.js'
import { openAsidePlanner } from './local-planner.js'
import type { PlannerOpening } from './worker-planner.js'

/** A planner’s thread: what takes long it learns in steps, between two calls. */
await serveThread((opening) => {
  const { sweep, hardware, past } = opening as PlannerOpening
  return openAsidePlanner(sweep, hardware, past)
})
