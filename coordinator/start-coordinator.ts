import type { OpenPlanner } from './plan/planner.js'
import { openWorkerReader } from './store/worker-reader.js'
import { openCoordinator } from './service/coordinator.js'
import type { CoordinatorOptions, RunningCoordinator } from './service/coordinator.js'

export type StartCoordinatorOptions = Omit<CoordinatorOptions, 'openPlanner' | 'openReader'>

/** Loaded when a coordinator starts, not when its options are read: the model behind it is large. */
async function plannerThreads(): Promise<OpenPlanner> {
  const { openWorkerPlanner } = await import('./plan/worker-planner.js')
  return openWorkerPlanner
}

/**
 * Starts a coordinator whose plans are made in worker threads, so that it never stalls.
 *
 * @throws the errors of openCoordinator.
 */
export async function startCoordinator(
  options: StartCoordinatorOptions,
): Promise<RunningCoordinator> {
  return openCoordinator({
    ...options,
    openPlanner: await plannerThreads(),
    openReader: (dataDir) => openWorkerReader(dataDir),
  })
}
