import { ThreadCalls } from '../../shared/process/thread/thread-calls.js'
import type { PastRow } from '../../shared/domain/past.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { OpenPlanner, Planner } from './planner.js'

/** What a planner’s thread is started with. */
export interface PlannerOpening {
  readonly sweep: Sweep
  readonly hardware: readonly string[]
  readonly past?: readonly PastRow[]
}

/** A sweep that runs holds a planner: with half of Node’s 48 MiB it is as quick and takes a tenth less. */
const youngMebibytes = 24

/** Opens planners in threads that run `entry`, the compiled planner-worker. */
export function workerPlanners(entry: URL): OpenPlanner {
  return async (sweep, hardware, past): Promise<Planner> => {
    const opening: PlannerOpening = {
      ...{ sweep, hardware },
      ...(past === undefined ? {} : { past }),
    }
    const name = `planner ${sweep.name}`
    const thread = new ThreadCalls<Planner>({
      ...{ entry, opening, name, youngMebibytes },
      what: 'planner',
    })
    await thread.opened()
    return {
      ask: (...given) => thread.call('ask', given),
      tell: (...given) => thread.call('tell', given),
      tellPending: (...given) => thread.call('tellPending', given),
      remove: (...given) => thread.call('remove', given),
      tellEngine: (...given) => thread.call('tellEngine', given),
      status: (...given) => thread.call('status', given),
      surface: (...given) => thread.call('surface', given),
      learnOn: () => thread.call('learnOn', []),
      adopt: () => thread.call('adopt', []),
      close: () => thread.close(),
    }
  }
}

/**
 * Opens a sweep’s planner in a thread of its own.
 *
 * @throws FmworkError as openLocalPlanner.
 */
export const openWorkerPlanner: OpenPlanner = workerPlanners(
  new URL('./planner-worker.js', import.meta.url),
)
