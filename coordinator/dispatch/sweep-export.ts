import type { ExportPart } from '../../shared/domain/sweep-desk.js'
import { recordOf } from './trial-record.js'
import type { DispatchTools, SweepRun } from './sweep-run.js'
import type { Verifier } from './verifier.js'

/** Surface rows per part. */
const surfacePage = 500

/**
 * Everything a report needs: text, environment, status, curve, trials that ended, the surface, and
 * the verification where there is one.
 */
export async function* exportSweep(
  run: SweepRun,
  { store }: DispatchTools,
  verifier: Verifier,
  signal: AbortSignal,
): AsyncGenerator<ExportPart> {
  const stored = store.findSweep(run.sweepId)
  if (stored === undefined) return
  yield { kind: 'text', text: stored.text }
  yield { kind: 'environment', json: JSON.stringify(store.environmentsOf(run.sweepId)) }
  yield { kind: 'status', status: run.status() }
  for (const point of store.curve(run.sweepId)) {
    signal.throwIfAborted()
    yield { kind: 'curve', point }
  }
  for (const trial of verifier.trials(run.sweepId)) {
    signal.throwIfAborted()
    if (trial.endedAt !== undefined) yield { kind: 'trial', trial: recordOf(trial) }
  }
  const { ground } = run
  if (ground === undefined || store.lastPlannerCall(run.sweepId) === 0) return
  const { planner, giveBack } = await run.ledger.borrow()
  try {
    for (let first = 0; first < ground.space.size; first += surfacePage) {
      signal.throwIfAborted()
      const count = Math.min(surfacePage, ground.space.size - first)
      yield { kind: 'surface', rows: await planner.surface(first, count) }
    }
  } finally {
    giveBack()
  }
  const verification = await verifier.verification(run)
  if (verification !== undefined) yield { kind: 'verification', verification }
}
