import type { EngineFacts } from '../../domain/environment.js'
import type { ReportBatch, ReportItem, ReportReceipt } from '../../domain/report-item.js'
import type { TrialOutcome } from '../../domain/trial.js'
import type { EngineStarted as WireEngineStarted } from '../gen/fmwork/v1/EngineStarted.js'
import type {
  ReportItem as WireItem,
  ReportItemInput as WireItemInput,
} from '../gen/fmwork/v1/ReportItem.js'
import type {
  ReportRequest as WireRequest,
  ReportRequestInput as WireRequestInput,
} from '../gen/fmwork/v1/ReportRequest.js'
import type { ReportResponse as WireResponse } from '../gen/fmwork/v1/ReportResponse.js'
import type {
  TrialResult as WireResult,
  TrialResultInput as WireResultInput,
} from '../gen/fmwork/v1/TrialResult.js'
import { AgentService } from '../schema.js'
import { leaseFromWire, leaseToWire } from './lease.js'
import { measurementFromWire, measurementToWire } from './measurement.js'
import { defined, invalidMessage, required } from './parts.js'
import { readingFromWire, readingToWire, sampleFromWire, sampleToWire } from './sample.js'
import { scalarsFromWire, scalarsToWire } from './scalar.js'

function outcomeToWire(outcome: TrialOutcome): WireResultInput {
  switch (outcome.kind) {
    case 'measured':
      return { measured: measurementToWire(outcome.measurement) }
    case 'infeasible':
      return { infeasible: { reason: outcome.reason, deviceSeconds: outcome.deviceSeconds } }
    case 'failed': {
      const { code, reason, deviceSeconds } = outcome
      return { failed: { code, reason, deviceSeconds } }
    }
  }
}

function outcomeFromWire(wire: WireResult): TrialOutcome {
  const field = 'trial_result.outcome'
  switch (required(wire.outcome, field)) {
    case 'measured':
      return { kind: 'measured', measurement: measurementFromWire(wire.measured, field) }
    case 'infeasible': {
      const { reason, deviceSeconds } = required(wire.infeasible, field)
      return { kind: 'infeasible', reason, deviceSeconds }
    }
    case 'failed': {
      const { code, reason, deviceSeconds } = required(wire.failed, field)
      return { kind: 'failed', code, reason, deviceSeconds }
    }
  }
}

function factsFromWire(wire: WireEngineStarted): EngineFacts {
  return defined({
    kind: wire.kind,
    version: wire.version,
    effectiveArgs: scalarsFromWire(wire.effectiveArgs, 'engine_started.effective_args'),
    kvCapacityTokens: wire.kvCapacityTokens,
    maxContextTokens: wire.maxContextTokens,
    captureSizes: wire.captureSizes?.sizes,
  })
}

function itemToWire(item: ReportItem): WireItemInput {
  switch (item.kind) {
    case 'engine-started': {
      const { kind, version, effectiveArgs, captureSizes, ...facts } = item.facts
      return {
        engineStarted: defined({
          ...leaseToWire(item.lease),
          kind,
          version,
          effectiveArgs: scalarsToWire(effectiveArgs),
          kvCapacityTokens: facts.kvCapacityTokens,
          maxContextTokens: facts.maxContextTokens,
          captureSizes: captureSizes === undefined ? undefined : { sizes: [...captureSizes] },
          startUpS: item.startUpSeconds,
        }),
      }
    }
    case 'trial-started':
      return {
        trialStarted: { ...leaseToWire(item.lease), trialId: item.trialId, atMs: item.at },
      }
    case 'trial-samples':
      return {
        trialSamples: {
          ...leaseToWire(item.lease),
          trialId: item.trialId,
          samples: item.samples.map(sampleToWire),
        },
      }
    case 'trial-result':
      return {
        trialResult: {
          ...leaseToWire(item.lease),
          trialId: item.trialId,
          ...outcomeToWire(item.outcome),
        },
      }
    case 'trial-cut':
      return {
        trialCut: {
          ...leaseToWire(item.lease),
          trialId: item.trialId,
          deviceSeconds: item.deviceSeconds,
        },
      }
    case 'telemetry':
      return {
        telemetry: defined({
          trialId: item.trialId,
          readings: item.readings.map(readingToWire),
        }),
      }
  }
}

function itemFromWire(wire: WireItem): ReportItem {
  switch (required(wire.item, 'report.items.item')) {
    case 'engineStarted': {
      const started = required(wire.engineStarted, 'engine_started')
      return {
        kind: 'engine-started',
        lease: leaseFromWire(started),
        facts: factsFromWire(started),
        startUpSeconds: started.startUpS,
      }
    }
    case 'trialStarted': {
      const started = required(wire.trialStarted, 'trial_started')
      return {
        kind: 'trial-started',
        lease: leaseFromWire(started),
        trialId: started.trialId,
        at: started.atMs,
      }
    }
    case 'trialSamples': {
      const { trialId, samples, ...lease } = required(wire.trialSamples, 'trial_samples')
      return {
        kind: 'trial-samples',
        lease: leaseFromWire(lease),
        trialId,
        samples: samples.map(sampleFromWire),
      }
    }
    case 'trialResult': {
      const result = required(wire.trialResult, 'trial_result')
      return {
        kind: 'trial-result',
        lease: leaseFromWire(result),
        trialId: result.trialId,
        outcome: outcomeFromWire(result),
      }
    }
    case 'trialCut': {
      const { trialId, deviceSeconds, ...lease } = required(wire.trialCut, 'trial_cut')
      return { kind: 'trial-cut', lease: leaseFromWire(lease), trialId, deviceSeconds }
    }
    case 'telemetry': {
      const { trialId, readings } = required(wire.telemetry, 'telemetry')
      return defined({
        kind: 'telemetry' as const,
        trialId,
        readings: readings.map(readingFromWire),
      })
    }
  }
}

export function batchToWire(batch: ReportBatch): WireRequestInput {
  return { agent: batch.agent, sequence: batch.sequence, items: batch.items.map(itemToWire) }
}

/** @throws FmworkError MESSAGE_INVALID */
export function batchFromWire(wire: WireRequest): ReportBatch {
  return { agent: wire.agent, sequence: wire.sequence, items: wire.items.map(itemFromWire) }
}

export function receiptFromWire(wire: WireResponse): ReportReceipt {
  return {
    acknowledgedSequence: wire.acknowledgedSequence,
    refusedTrials: wire.refusedTrials,
  }
}

/** A batch as the bytes that go over the wire: the form in which an outbox keeps it. */
export function encodeBatch(batch: ReportBatch): Buffer {
  return AgentService.service.Report.requestSerialize(batchToWire(batch))
}

/** The message before it is a batch. @throws FmworkError MESSAGE_INVALID for bytes that are none. */
export function readReport(bytes: Buffer): WireRequest {
  try {
    return AgentService.service.Report.requestDeserialize(bytes)
  } catch (error) {
    throw invalidMessage('report', error instanceof Error ? error.message : String(error))
  }
}

/** @throws FmworkError MESSAGE_INVALID for bytes that are not a batch. */
export function decodeBatch(bytes: Buffer): ReportBatch {
  return batchFromWire(readReport(bytes))
}
