import type { Space } from '../../shared/domain/space.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { SurfaceRow } from '../../shared/domain/sweep-desk.js'
import type { SweepRegistry } from './sweep-registry.js'
import type { Store } from './store-port.js'

/** The surfaces of a coordinator’s sweeps, for those who look at them in its own process. */
export interface SurfaceDesk {
  /** @throws FmworkError SWEEP_NOT_FOUND */
  identify(sweep: string): { readonly sweepId: string; readonly spec: Sweep }
  /** Undefined until an agent told which hardware the space spans. @throws as identify */
  space(sweep: string): Space | undefined
  /** Grows with everything that its planner is told; 0 before the first. @throws as identify */
  revision(sweep: string): number
  /**
   * Hands rows first … first + count - 1 of the surface to `take`, page by page, between which the
   * planner serves others. @throws as identify; the errors of the planner; the signal’s reason.
   */
  read(
    sweep: string,
    pageRows: number,
    take: (rows: readonly SurfaceRow[]) => void,
    signal: AbortSignal,
  ): Promise<void>
}

export function createSurfaceDesk(store: Store, sweeps: SweepRegistry): SurfaceDesk {
  return {
    identify(sweep) {
      const { sweepId, spec } = sweeps.find(sweep)
      return { sweepId, spec }
    },
    space: (sweep) => sweeps.find(sweep).ground?.space,
    revision: (sweep) => store.lastPlannerCall(sweeps.find(sweep).sweepId),
    async read(sweep, pageRows, take, signal) {
      const run = sweeps.find(sweep)
      const { ground } = run
      if (ground === undefined) return
      const { planner, giveBack } = await run.ledger.borrow()
      try {
        for (let first = 0; first < ground.space.size; first += pageRows) {
          signal.throwIfAborted()
          take(await planner.surface(first, Math.min(pageRows, ground.space.size - first)))
        }
      } finally {
        giveBack()
      }
    },
  }
}
