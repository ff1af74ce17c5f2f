import { metricNames } from '../../domain/metric.js'
import type { MetricName } from '../../domain/metric.js'
import type { Interval } from '../../domain/meta-metrics.js'
import type {
  ExportPart,
  SurfaceRow,
  TrialRecord,
  Verification,
  WatchEvent,
} from '../../domain/sweep-desk.js'
import { trialStates } from '../../domain/trial.js'
import type {
  ExportSweepResponse as WirePart,
  ExportSweepResponseInput as WirePartInput,
} from '../gen/fmwork/v1/ExportSweepResponse.js'
import type {
  SurfacePoint as WirePoint,
  SurfacePointInput as WirePointInput,
} from '../gen/fmwork/v1/SurfacePoint.js'
import type {
  TrialEnded as WireTrial,
  TrialEndedInput as WireTrialInput,
} from '../gen/fmwork/v1/TrialEnded.js'
import type {
  Verification as WireVerification,
  VerificationInput as WireVerificationInput,
} from '../gen/fmwork/v1/Verification.js'
import type {
  WatchSweepResponse as WireEvent,
  WatchSweepResponseInput as WireEventInput,
} from '../gen/fmwork/v1/WatchSweepResponse.js'
import { configurationFromWire, configurationToWire } from './configuration.js'
import { measurementFromWire, measurementToWire } from './measurement.js'
import {
  accuracyFromWire,
  accuracyToWire,
  intervalFromWire,
  intervalToWire,
  statusFromWire,
  statusToWire,
} from './meta-metrics.js'
import { defined, required, wordOf } from './parts.js'

const purposes = ['explore', 'audit', 'repeat', 'verify'] as const

function trialToWire(trial: TrialRecord): WireTrialInput {
  const { trialId, configuration, purpose, state, reason, attempt, measurement } = trial
  return defined({
    trialId,
    configuration: configurationToWire(configuration),
    purpose,
    state,
    reason,
    attempt,
    measurement: measurement === undefined ? undefined : measurementToWire(measurement),
    agent: trial.agent,
    endedAtMs: trial.endedAt,
  })
}

function trialFromWire(wire: WireTrial | null | undefined): TrialRecord {
  const trial = required(wire, 'trial')
  return defined({
    trialId: trial.trialId,
    configuration: configurationFromWire(trial.configuration, 'trial.configuration'),
    purpose: wordOf(purposes, trial.purpose, 'trial.purpose'),
    state: wordOf(trialStates, trial.state, 'trial.state'),
    reason: trial.reason,
    attempt: trial.attempt,
    measurement:
      trial.measurement === null || trial.measurement === undefined
        ? undefined
        : measurementFromWire(trial.measurement, 'trial.measurement'),
    agent: trial.agent,
    endedAt: trial.endedAtMs,
  })
}

function rowToWire(row: SurfaceRow): WirePointInput {
  const { index, configuration, measured, harvested = false, feasible, estimates } = row
  return {
    index,
    configuration: configurationToWire(configuration),
    measured,
    harvested,
    feasible,
    estimates: (Object.entries(estimates) as [MetricName, Interval][]).map(
      ([metric, interval]) => ({ metric, ...intervalToWire(interval) }),
    ),
  }
}

function rowFromWire(wire: WirePoint): SurfaceRow {
  return {
    index: wire.index,
    configuration: configurationFromWire(wire.configuration, 'surface.points.configuration'),
    measured: wire.measured,
    ...(wire.harvested ? { harvested: true } : {}),
    feasible: wire.feasible,
    estimates: Object.fromEntries(
      wire.estimates.map(({ metric, ...interval }) => [
        wordOf(metricNames, metric, 'surface.points.estimates.metric'),
        intervalToWire(interval),
      ]),
    ),
  }
}

function verificationToWire(verification: Verification): WireVerificationInput {
  const { sampled, of, metrics, referenceDeviceSeconds, sweepDeviceSeconds, trueGain } =
    verification
  return {
    sampled,
    of,
    metrics: metrics.map((each) => ({
      ...each,
      claimedAccuracy: intervalToWire(each.claimedAccuracy),
      trueAccuracy: intervalToWire(each.trueAccuracy),
    })),
    referenceDeviceS: referenceDeviceSeconds,
    sweepDeviceS: sweepDeviceSeconds,
    trueGain: intervalToWire(trueGain),
  }
}

function verificationFromWire(wire: WireVerification): Verification {
  return {
    sampled: wire.sampled,
    of: wire.of,
    metrics: wire.metrics.map((each) => ({
      metric: wordOf(metricNames, each.metric, 'verification.metrics.metric'),
      claimedAccuracy: intervalFromWire(each.claimedAccuracy, 'verification.claimed_accuracy'),
      trueAccuracy: intervalFromWire(each.trueAccuracy, 'verification.true_accuracy'),
      trueWithin5: each.trueWithin5,
      trueP95Error: each.trueP95Error,
      trueBias: each.trueBias,
      insideClaim: each.insideClaim,
    })),
    referenceDeviceSeconds: wire.referenceDeviceS,
    sweepDeviceSeconds: wire.sweepDeviceS,
    trueGain: intervalFromWire(wire.trueGain, 'verification.true_gain'),
  }
}

export function watchEventToWire(event: WatchEvent): WireEventInput {
  switch (event.kind) {
    case 'status':
      return { status: statusToWire(event.status) }
    case 'trial-ended':
      return { trialEnded: trialToWire(event.trial) }
  }
}

export function watchEventFromWire(wire: WireEvent): WatchEvent {
  switch (required(wire.event, 'watch.event')) {
    case 'status':
      return { kind: 'status', status: statusFromWire(wire.status) }
    case 'trialEnded':
      return { kind: 'trial-ended', trial: trialFromWire(wire.trialEnded) }
  }
}

export function exportPartToWire(part: ExportPart): WirePartInput {
  switch (part.kind) {
    case 'text':
      return { text: part.text }
    case 'status':
      return { status: statusToWire(part.status) }
    case 'environment':
      return { environmentJson: part.json }
    case 'trial':
      return { trial: trialToWire(part.trial) }
    case 'surface':
      return { surface: { points: part.rows.map(rowToWire) } }
    case 'curve': {
      const { deviceSeconds, measured, accuracy } = part.point
      return {
        curve: { deviceS: deviceSeconds, measured, accuracy: accuracy.map(accuracyToWire) },
      }
    }
    case 'verification':
      return { verification: verificationToWire(part.verification) }
  }
}

export function exportPartFromWire(wire: WirePart): ExportPart {
  switch (required(wire.part, 'export.part')) {
    case 'text':
      return { kind: 'text', text: required(wire.text, 'export.text') }
    case 'status':
      return { kind: 'status', status: statusFromWire(wire.status) }
    case 'environmentJson':
      return { kind: 'environment', json: required(wire.environmentJson, 'export.environment') }
    case 'trial':
      return { kind: 'trial', trial: trialFromWire(wire.trial) }
    case 'surface':
      return {
        kind: 'surface',
        rows: required(wire.surface, 'export.surface').points.map(rowFromWire),
      }
    case 'curve': {
      const { deviceS, measured, accuracy } = required(wire.curve, 'export.curve')
      return {
        kind: 'curve',
        point: { deviceSeconds: deviceS, measured, accuracy: accuracy.map(accuracyFromWire) },
      }
    }
    case 'verification':
      return {
        kind: 'verification',
        verification: verificationFromWire(required(wire.verification, 'export.verification')),
      }
  }
}
