import type { Configuration } from '../../shared/domain/configuration.js'
import type { Measurement } from '../../shared/domain/measurement.js'
import type { TrialPurpose, TrialState } from '../../shared/domain/trial.js'
import type { StoredTrial } from '../dispatch/store-records.js'
import type { Ids } from './ids.js'
import { fromJson, toJson } from './json.js'
import { number, optionalNumber, optionalText, text } from './row.js'
import type { Parameters, Row } from './statements.js'

function measurementOf(row: Row): Measurement {
  const energyJoules = optionalNumber(row, 'energy_joules')
  const harvest = optionalText(row, 'harvest')
  return {
    metrics: fromJson(text(row, 'metrics')) as Measurement['metrics'],
    doubts: fromJson(text(row, 'doubts')) as Measurement['doubts'],
    timing: {
      setUp: number(row, 'set_up_seconds'),
      warmUp: number(row, 'warm_up_seconds'),
      measured: number(row, 'measured_seconds'),
      gaps: number(row, 'gap_seconds'),
    },
    deviceSeconds: number(row, 'measurement_device_seconds'),
    repetitions: number(row, 'repetitions'),
    requests: number(row, 'requests'),
    startedAt: number(row, 'window_started_at'),
    ...(energyJoules === undefined ? {} : { energyJoules }),
    ...(harvest === undefined
      ? {}
      : { harvest: fromJson(harvest) as NonNullable<Measurement['harvest']> }),
  }
}

/** @param row of the view trial_record. */
export function trialOf(row: Row, ids: Ids): StoredTrial {
  const retryOf = optionalNumber(row, 'retry_of')
  const lease = optionalNumber(row, 'lease_id')
  const code = optionalText(row, 'code')
  const startedAt = optionalNumber(row, 'started_at')
  const endedAt = optionalNumber(row, 'ended_at')
  return {
    trialId: ids.format('t', number(row, 'id')),
    sweepId: ids.format('s', number(row, 'sweep_id')),
    index: number(row, 'configuration_index'),
    configuration: fromJson(text(row, 'configuration')) as Configuration,
    purpose: text(row, 'purpose') as TrialPurpose,
    state: text(row, 'state') as TrialState,
    attempt: number(row, 'attempt'),
    seed: number(row, 'seed'),
    agent: optionalText(row, 'agent') ?? '',
    reason: text(row, 'reason'),
    notBefore: number(row, 'not_before'),
    deviceSeconds: number(row, 'device_seconds'),
    ...(retryOf === undefined ? {} : { retryOf: ids.format('t', retryOf) }),
    ...(lease === undefined ? {} : { lease: { leaseId: ids.format('l', lease), token: lease } }),
    ...(code === undefined ? {} : { code }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(number(row, 'has_measurement') === 1 ? { measurement: measurementOf(row) } : {}),
  }
}

export function measurementParameters(trial: number, measurement: Measurement): Parameters {
  return {
    id: trial,
    started_at: measurement.startedAt,
    device_seconds: measurement.deviceSeconds,
    set_up: measurement.timing.setUp,
    warm_up: measurement.timing.warmUp,
    measured: measurement.timing.measured,
    gaps: measurement.timing.gaps,
    energy: measurement.energyJoules ?? null,
    repetitions: measurement.repetitions,
    requests: measurement.requests,
    metrics: toJson(measurement.metrics),
    doubts: toJson(measurement.doubts),
    harvest: measurement.harvest === undefined ? null : toJson(measurement.harvest),
  }
}
