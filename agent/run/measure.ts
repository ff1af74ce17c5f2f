import type { TrialOrder } from '../../shared/domain/lease.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import type { Endpoint, RunningEngine } from '../engine/engine.js'
import { createTrialRunner } from './runner.js'
import type { TrialRunnerDeps } from './runner.js'

/** What one measurement without a coordinator gives: the outcome, and all it was made from. */
export interface MeasuredOnce {
  readonly outcome: TrialOutcome
  /** Every request, warm-ups too (`warmUp`). */
  readonly samples: readonly Sample[]
  readonly readings: readonly TelemetryReading[]
}

/** An endpoint that somebody else runs, as an engine that nobody here starts or stops. */
export function attachedEngine(endpoint: Endpoint): RunningEngine {
  return {
    facts: { kind: 'openai', version: 'unknown', effectiveArgs: {} },
    endpoint,
    processIds: [],
    exited: new Promise(() => undefined),
    resetCache: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  }
}

/**
 * Measures one configuration of one endpoint with the agent’s own runner. Never rejects: a fault is
 * an outcome.
 */
export async function measureOnce(
  endpoint: Endpoint,
  order: TrialOrder,
  deps: TrialRunnerDeps,
  signal: AbortSignal,
): Promise<MeasuredOnce> {
  const samples: Sample[] = []
  const readings: TelemetryReading[] = []
  const outcome = await createTrialRunner(deps).run(
    order,
    attachedEngine(endpoint),
    {
      activity: () => undefined,
      samples: (some) => samples.push(...some),
      telemetry: (some) => readings.push(...some),
    },
    signal,
  )
  return { outcome, samples, readings }
}
