import type { TrialRecord } from '../../shared/domain/sweep-desk.js'
import type { StoredTrial } from './store-records.js'

/** A trial that ended, as people see it. */
export function recordOf(trial: StoredTrial): TrialRecord {
  const { trialId, configuration, purpose, state, reason, attempt, agent, measurement } = trial
  return {
    trialId,
    configuration,
    purpose,
    state,
    reason,
    attempt,
    agent,
    endedAt: trial.endedAt ?? 0,
    ...(measurement === undefined ? {} : { measurement }),
  }
}
