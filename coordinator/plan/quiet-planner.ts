import type { OpenPlanner, Planner } from './planner.js'

/** Lets work that disturbs measurements on this host wait for its turn. */
export interface Turns {
  /** Pieces are started in the order in which they are given. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Starts what waits at once. */
  flush(): void
}

/**
 * Planners that compute while nothing is measured on their host: on the core beside they would take
 * cache and memory bandwidth from the engine (docs/adr/004).
 */
export function quietPlanners(open: OpenPlanner, turns: Turns): OpenPlanner {
  return async (...opening): Promise<Planner> => {
    const planner = await turns.during(() => open(...opening))
    return {
      ask: (...given) => turns.during(() => planner.ask(...given)),
      tell: (...given) => turns.during(() => planner.tell(...given)),
      tellPending: (...given) => turns.during(() => planner.tellPending(...given)),
      remove: (...given) => turns.during(() => planner.remove(...given)),
      tellEngine: (...given) => turns.during(() => planner.tellEngine(...given)),
      status: (...given) => turns.during(() => planner.status(...given)),
      surface: (...given) => turns.during(() => planner.surface(...given)),
      learnOn: () => turns.during(() => planner.learnOn()),
      adopt: () => turns.during(() => planner.adopt()),
      close() {
        turns.flush()
        return planner.close()
      },
    }
  }
}
