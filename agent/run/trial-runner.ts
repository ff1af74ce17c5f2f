import type { TrialOrder } from '../../shared/domain/lease.js'
import type { AgentActivity } from '../../shared/domain/meta-metrics.js'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'
import type { RunningEngine } from '../engine/engine.js'

/** Where a runner says what it sees while it works. Calls return at once. */
export interface TrialObserver {
  activity(activity: AgentActivity): void
  samples(samples: readonly Sample[]): void
  telemetry(readings: readonly TelemetryReading[]): void
}

/**
 * Runs one trial on a running engine: wait for a quiet host, warm up, measure, judge. Asks nobody
 * anything while it measures. Never rejects: a fault is an outcome. An abort ends it early with
 * outcome `failed`.
 */
export interface TrialRunner {
  run(
    order: TrialOrder,
    engine: RunningEngine,
    observer: TrialObserver,
    signal: AbortSignal,
  ): Promise<TrialOutcome>
}
