import type { TrialOutcome } from '../../shared/domain/trial.js'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import type { AgentActivity } from '../../shared/domain/meta-metrics.js'
import type { Endpoint, RunningEngine } from '../engine/engine.js'
import { createTrialRunner } from './runner.js'
import type { TrialRunnerDeps } from './runner.js'
import type { RunnerOrder } from './trial-runner.js'

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
 * Measures one configuration on one engine with the agent’s own runner. Never rejects: a fault is an
 * outcome.
 *
 * @param onActivity told what it does now, as it goes on to something else.
 */
export async function measureOnce(
  engine: RunningEngine,
  order: RunnerOrder,
  deps: TrialRunnerDeps,
  signal: AbortSignal,
  onActivity: (activity: AgentActivity) => void = () => undefined,
): Promise<MeasuredOnce> {
  const samples: Sample[] = []
  const readings: TelemetryReading[] = []
  const keep = <T>(list: T[], more: readonly T[]) => {
    for (const each of more) list.push(each)
  }
  const outcome = await createTrialRunner(deps).run(
    order,
    engine,
    {
      activity: onActivity,
      samples: (some) => keep(samples, some),
      telemetry: (some) => keep(readings, some),
    },
    signal,
  )
  return { outcome, samples, readings }
}
