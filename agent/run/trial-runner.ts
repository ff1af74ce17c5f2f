import type { TrialOrder } from '../../shared/domain/lease.js'
import type { AgentActivity } from '../../shared/domain/meta-metrics.js'
import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'
import type { EngineDemand, RunningEngine } from '../engine/engine.js'
import type { LoadPattern, RequestShape } from './load/load-job.js'

/** An order with the requests themselves: those of its workload’s data file, or a person’s own. */
export interface RunnerOrder extends TrialOrder {
  /** Replaces the workload: each of these requests once. */
  readonly listed?: Omit<Extract<LoadPattern, { kind: 'listed' }>, 'kind'>
  /** What a loop goes through, again and again. */
  readonly shapes?: readonly RequestShape[]
  /** The engine may end answers before their asked length. */
  readonly mayStopEarly?: boolean
  /** Fields that every request carries besides what it asks for. */
  readonly extraBody?: Readonly<Record<string, unknown>>
  /** A static batch makes all its repetitions, however precise it is before. */
  readonly everyRepetition?: boolean
  /** Requests after which a loop ends in any case, instead of a multiple of the plan’s. */
  readonly maximumRequests?: number
}

/** No prompt of the order is made here. */
export function bringsPrompts({ listed, shapes }: RunnerOrder): boolean {
  const requests = listed?.requests ?? shapes ?? []
  return requests.length > 0 && requests.every(({ prompt }) => prompt !== undefined)
}

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
    order: RunnerOrder,
    engine: RunningEngine,
    observer: TrialObserver,
    signal: AbortSignal,
  ): Promise<TrialOutcome>
  /**
   * Brings a fresh engine to its working speed; the caller keeps the host quiet. Rejects only with
   * the signal’s reason.
   */
  runIn(engine: RunningEngine, demand: EngineDemand, signal: AbortSignal): Promise<void>
}
