import { asFmworkError } from '../../shared/domain/errors.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { HeldBlock } from './held-block.js'
import { isAborted } from './is-aborted.js'
import type { Nap } from './nap.js'
import type { SessionKeeper } from './session.js'
import type { WorkGate } from './work-gate.js'

export interface RenewalOptions {
  readonly held: HeldBlock
  readonly sessions: Pick<SessionKeeper, 'current'>
  readonly gate: Pick<WorkGate, 'renew'>
  readonly clock: Clock
  readonly log: Log
  /** Woken when a session opens: the lease may have gone while there was none. */
  readonly nap: Nap
}

/** Seconds between looks for a session when there is none. */
const noSessionSeconds = 1

/** Renews a lease at half its life until it is lost or given back. Never rejects. */
export async function renewForEver(options: RenewalOptions): Promise<void> {
  const { held, sessions, gate, clock, log, nap } = options
  while (!held.lost.aborted) {
    const session = sessions.current
    const leaseSeconds = session === undefined ? undefined : session.welcome.leaseMs / 1000
    await nap.sleep(
      clock,
      leaseSeconds === undefined ? noSessionSeconds : leaseSeconds / 2,
      held.lost,
    )
    const now = sessions.current
    if (isAborted(held.lost) || now === undefined) continue
    // Counted from the question: the coordinator’s own count starts later.
    const asked = clock.monotonic()
    try {
      const alive = await gate.renew(now, [held.lease])
      if (alive.includes(held.lease.leaseId)) {
        held.renewed(asked + now.welcome.leaseMs / 1000)
      } else held.lose('the coordinator did not renew it')
    } catch (thrown) {
      log.info({ reason: asFmworkError(thrown).message }, 'lease not renewed yet')
    }
  }
}
