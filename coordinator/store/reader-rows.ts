import type { Doubt, MetricEstimate } from '../../shared/domain/measurement.js'
import type { SweepEvent, TrialLine } from '../../shared/domain/sweep-reader.js'
import type { Ids } from './ids.js'
import { fromJson } from './json.js'
import { number, optionalText, text } from './row.js'
import type { Row } from './statements.js'
import { trialOf } from './trial-row.js'

/** @param row of the view trial_record. */
export function trialLineOf(row: Row, ids: Ids): TrialLine {
  const trial = trialOf(row, ids)
  const metrics = optionalText(row, 'metrics')
  const doubts = optionalText(row, 'doubts')
  return {
    trialId: trial.trialId,
    index: trial.index,
    configuration: trial.configuration,
    purpose: trial.purpose,
    state: trial.state,
    attempt: trial.attempt,
    agent: trial.agent,
    queuedAt: number(row, 'queued_at'),
    deviceSeconds: trial.deviceSeconds,
    reason: trial.reason,
    why: text(row, 'why'),
    ...(trial.endedAt === undefined ? {} : { endedAt: trial.endedAt }),
    ...(trial.measurement === undefined ? {} : { measuredAt: trial.measurement.startedAt }),
    figures:
      metrics === undefined
        ? []
        : (fromJson(metrics) as MetricEstimate[]).map(({ metric, value, low, high }) => ({
            metric,
            value,
            low,
            high,
          })),
    doubts:
      doubts === undefined
        ? []
        : (fromJson(doubts) as Doubt[]).map(({ kind, severity }) => ({ kind, severity })),
  }
}

const letters = { sweep: 's', trial: 't', lease: 'l' } as const

/** @param row of the statements events-before and events-after. */
export function eventOf(row: Row, ids: Ids): SweepEvent {
  const entity = text(row, 'entity') as SweepEvent['entity']
  return {
    id: number(row, 'id'),
    at: number(row, 'at'),
    entity,
    entityId: ids.format(letters[entity], number(row, 'entity_id')),
    from: text(row, 'old_state'),
    to: text(row, 'new_state'),
    agent: text(row, 'agent'),
    subject: text(row, 'subject'),
    reason: text(row, 'reason'),
  }
}
