import type { DecisionGoal, Extension } from '../../domain/sweep-desk.js'
import { decisionObjectives } from '../../domain/sweep.js'
import type { DecisionGoal as WireDecisionGoal } from '../gen/fmwork/v1/DecisionGoal.js'
import type { ResumeSweepRequest } from '../gen/fmwork/v1/ResumeSweepRequest.js'
import type { ResumeSweepRequestInput } from '../gen/fmwork/v1/ResumeSweepRequest.js'
import { defined, wordOf } from './parts.js'

export function extensionToWire(extension: Extension): Omit<ResumeSweepRequestInput, 'sweep'> {
  const { decision } = extension
  return defined({
    goalAccuracy: extension.accuracy,
    goalConfidence: extension.confidence,
    budgetDeviceHours: extension.deviceHours,
    budgetCostUsd: extension.costUsd,
    budgetTrials: extension.trials,
    budgetWallTimeS: extension.wallTimeSeconds,
    goalDecision: decision === 'none' ? undefined : decision,
    dropDecision: decision === 'none' ? true : undefined,
  })
}

function decisionFromWire(wire: WireDecisionGoal): DecisionGoal {
  const { objective } = wire
  return defined({
    objective:
      objective === undefined
        ? undefined
        : wordOf(decisionObjectives, objective, 'goal_decision.objective'),
    inputTokens: wire.inputTokens,
    outputTokens: wire.outputTokens,
    probability: wire.probability,
    tolerance: wire.tolerance,
  })
}

/**
 * Undefined for a plain resume.
 *
 * @throws FmworkError MESSAGE_INVALID for an objective that is none.
 */
export function extensionFromWire(wire: Omit<ResumeSweepRequest, 'sweep'>): Extension | undefined {
  const extension = defined({
    accuracy: wire.goalAccuracy,
    confidence: wire.goalConfidence,
    deviceHours: wire.budgetDeviceHours,
    costUsd: wire.budgetCostUsd,
    trials: wire.budgetTrials,
    wallTimeSeconds: wire.budgetWallTimeS,
    decision: wire.dropDecision
      ? ('none' as const)
      : wire.goalDecision == null
        ? undefined
        : decisionFromWire(wire.goalDecision),
  })
  return Object.keys(extension).length === 0 ? undefined : extension
}
