import { systemClock } from '../shared/process/clock.js'
import type { Clock } from '../shared/process/clock.js'
import { HostTurns } from '../shared/process/host-turns.js'
import type { Log } from '../shared/process/log.js'
import { QuietLock } from '../shared/process/quiet-lock.js'
import { calmAllocator } from './calm-allocator.js'
import type { OpenPlanner } from './plan/planner.js'
import { quietPlanners } from './plan/quiet-planner.js'
import { openWorkerReader } from './store/worker-reader.js'
import { openCoordinator } from './service/coordinator.js'
import type { CoordinatorOptions, RunningCoordinator } from './service/coordinator.js'

export type StartCoordinatorOptions = Omit<CoordinatorOptions, 'openPlanner' | 'openReader'>

/** Loaded when a coordinator starts, not when its options are read: the model behind it is large. */
async function plannerThreads(): Promise<OpenPlanner> {
  const { openWorkerPlanner } = await import('./plan/worker-planner.js')
  return openWorkerPlanner
}

/** Planners that take turns with the CPU engines of this host, where there is a lock to share. */
function takingTurns(open: OpenPlanner, clock: Clock, log: Log): OpenPlanner {
  try {
    const lock = new QuietLock({ clock, agent: 'coordinator', computes: true, devices: ['cpu'] })
    return quietPlanners(open, new HostTurns({ clock, log, lock }))
  } catch (error) {
    log.warn({ error }, 'cannot take turns with what is measured on this host')
    return open
  }
}

/**
 * Starts a coordinator whose plans are made in worker threads, so that it never stalls, and while
 * nothing is measured on its own CPU.
 *
 * @throws the errors of openCoordinator.
 */
export async function startCoordinator(
  options: StartCoordinatorOptions,
): Promise<RunningCoordinator> {
  const { clock = systemClock, log } = options
  await calmAllocator({ log })
  return openCoordinator({
    ...options,
    openPlanner: takingTurns(await plannerThreads(), clock, log),
    openReader: (dataDir) => openWorkerReader(dataDir),
  })
}
