import type { Extension } from '../../domain/sweep-desk.js'
import type { ResumeSweepRequest } from '../gen/fmwork/v1/ResumeSweepRequest.js'
import type { ResumeSweepRequestInput } from '../gen/fmwork/v1/ResumeSweepRequest.js'
import { defined } from './parts.js'

export function extensionToWire(extension: Extension): Omit<ResumeSweepRequestInput, 'sweep'> {
  return defined({
    goalAccuracy: extension.accuracy,
    goalConfidence: extension.confidence,
    budgetDeviceHours: extension.deviceHours,
    budgetCostUsd: extension.costUsd,
    budgetTrials: extension.trials,
    budgetWallTimeS: extension.wallTimeSeconds,
  })
}

/** Undefined for a plain resume. */
export function extensionFromWire(wire: Omit<ResumeSweepRequest, 'sweep'>): Extension | undefined {
  const extension = defined({
    accuracy: wire.goalAccuracy,
    confidence: wire.goalConfidence,
    deviceHours: wire.budgetDeviceHours,
    costUsd: wire.budgetCostUsd,
    trials: wire.budgetTrials,
    wallTimeSeconds: wire.budgetWallTimeS,
  })
  return Object.keys(extension).length === 0 ? undefined : extension
}
