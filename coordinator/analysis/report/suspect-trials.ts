import { changesSuspecting } from '../../../shared/domain/level-change.js'
import type { LevelChange } from '../../../shared/domain/meta-metrics.js'
import type { TrialRecord } from '../../../shared/domain/sweep-desk.js'

/** Lies on the suspect side of a change in the level of its agent. */
export const isSuspectRecord = (trial: TrialRecord, changes: readonly LevelChange[]): boolean =>
  changesSuspecting({ ...trial, measuredAt: trial.measurement?.startedAt }, changes).length > 0
