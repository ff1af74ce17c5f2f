import { blockKey, blockOf } from '../../shared/domain/configuration.js'
import type { Grant, HeldLease, NoWork, TrialOrder } from '../../shared/domain/lease.js'
import { harvestLengths, shorterOutputs, streams } from '../../shared/domain/harvest.js'
import type { Space } from '../../shared/domain/space.js'
import { dataOf } from '../../shared/domain/sweep.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { BlockExtents } from './block-extent.js'
import type { StoredTrial } from './store-records.js'

function orderOf(trial: StoredTrial, spec: Sweep, space: Space): TrialOrder {
  const { configuration } = trial
  const lengths = harvestLengths(spec)
  // The reference judges what was harvested, so it must not be.
  const shorter =
    lengths === undefined || trial.purpose === 'verify' || !streams(configuration)
      ? []
      : shorterOutputs(space, lengths, configuration)
  return {
    trialId: trial.trialId,
    configuration,
    workload: spec.workload,
    metrics: spec.metrics,
    plan: spec.measurement,
    seed: trial.seed,
    ...(shorter.length === 0
      ? {}
      : { harvestOutputTokens: shorter.map(({ outputTokens }) => outputTokens) }),
  }
}

/** What an agent is told: its block with what the engine must take, and its trials, oldest first. */
export function grantOf(
  lease: HeldLease,
  sweep: {
    readonly sweepId: string
    readonly spec: Sweep
    readonly blocks: BlockExtents
    readonly space: Space
  },
  trials: readonly [StoredTrial, ...StoredTrial[]],
): Grant {
  const block = blockOf(trials[0].configuration)
  const extent = sweep.blocks.of(blockKey(block))
  if (extent === undefined) throw new Error(`block ${blockKey(block)} is not in its sweep’s space`)
  return {
    leaseId: lease.leaseId,
    token: lease.token,
    sweepId: sweep.sweepId,
    block,
    maxLoad: extent.maxLoad,
    maxContextTokens: dataOf(sweep.spec.workload)?.longest_tokens ?? extent.maxContextTokens,
    trials: trials.map((trial) => orderOf(trial, sweep.spec, sweep.space)),
  }
}

export const noWork = (reason: string, retryAfterMs: number): NoWork => ({ reason, retryAfterMs })
