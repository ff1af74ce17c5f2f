import { asFmworkError } from '../../shared/domain/errors.js'
import type { HeldLease, TrialOrder } from '../../shared/domain/lease.js'
import type { TrialOutcome } from '../../shared/domain/trial.js'
import type { Clock } from '../../shared/process/clock.js'
import type { TrialObserver, TrialRunner } from '../run/trial-runner.js'
import type { RunningEngine } from '../engine/engine.js'
import type { EngineKeeper } from './engine-keeper.js'
import type { HeldBlock } from './held-block.js'
import type { Outbox } from './outbox.js'
import { sampleRuns } from './report-size.js'
import type { BlockSigns } from './vital-signs.js'

export interface AttemptOptions {
  readonly runner: TrialRunner
  readonly keeper: EngineKeeper
  readonly outbox: Outbox
  readonly clock: Clock
  readonly signs: BlockSigns
}

export interface StopSignals {
  /** No new work: an engine that is still starting is not worth waiting for. */
  readonly stopping: AbortSignal
  /** Ends the running trial too. */
  readonly cut: AbortSignal
}

/** What one batch item may carry, so that no batch comes near the message limit. */
const runLimits = { count: 500, bytes: 256 * 1024 }

/** Tells the outbox and the heartbeat what the runner sees. */
function observerOf(
  { outbox, signs }: AttemptOptions,
  lease: HeldLease,
  trialId: string,
): TrialObserver {
  return {
    activity(activity) {
      signs.activity = activity
    },
    samples(samples) {
      for (const run of sampleRuns(samples, runLimits)) {
        outbox.add({ kind: 'trial-samples', lease, trialId, samples: run })
      }
    },
    telemetry(readings) {
      outbox.add({ kind: 'telemetry', trialId, readings })
    },
  }
}

/**
 * Runs one trial of a held block and leaves its result in the outbox, on disk. Answers the outcome,
 * or undefined when it was cut short: then only its cost is told, and the coordinator gives the trial
 * to whoever asks next.
 */
export async function attempt(
  options: AttemptOptions,
  held: HeldBlock,
  order: TrialOrder,
  stop: StopSignals,
): Promise<TrialOutcome | undefined> {
  const { outbox, clock, signs } = options
  const signal = AbortSignal.any([held.lost, stop.cut])
  const starting = AbortSignal.any([signal, stop.stopping])
  const { lease } = held
  const { trialId } = order
  outbox.add({ kind: 'trial-started', lease, trialId, at: clock.wall() })
  const outcome = await outcomeOf(options, held, order, { starting, signal })
  signs.activity = 'idle'
  if ('cut' in outcome || signal.aborted) {
    const deviceSeconds = 'cut' in outcome ? outcome.cut : costOf(outcome)
    outbox.add({ kind: 'trial-cut', lease, trialId, deviceSeconds })
    return undefined
  }
  if (outcome.kind === 'failed') options.keeper.suspect()
  await outbox.addDurably({ kind: 'trial-result', lease, trialId, outcome })
  return outcome
}

/** Ended before it ran: the device-seconds that went into an engine that never came up. */
interface Cut {
  readonly cut: number
}

const costOf = (outcome: TrialOutcome): number =>
  outcome.kind === 'measured' ? outcome.measurement.deviceSeconds : outcome.deviceSeconds

async function outcomeOf(
  options: AttemptOptions,
  held: HeldBlock,
  order: TrialOrder,
  { starting, signal }: { readonly starting: AbortSignal; readonly signal: AbortSignal },
): Promise<TrialOutcome | Cut> {
  const { keeper, runner } = options
  const spent = () => keeper.takeFruitlessSeconds() * order.configuration.tensorParallel
  let engine: RunningEngine
  try {
    const never = keeper.infeasible(order)
    if (never !== undefined) return { kind: 'infeasible', reason: never, deviceSeconds: 0 }
    engine = await keeper.ready(held.demand, order, starting)
  } catch (thrown) {
    if (starting.aborted) return { cut: spent() }
    const { code, message } = asFmworkError(thrown)
    const reason = message
    if (code === 'CONFIGURATION_INFEASIBLE') {
      return { kind: 'infeasible', reason, deviceSeconds: spent() }
    }
    return { kind: 'failed', code, reason, deviceSeconds: spent() }
  }
  return runner.run(order, engine, observerOf(options, held.lease, order.trialId), signal)
}
