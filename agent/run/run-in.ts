import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { median } from '../../shared/stats/quantile.js'
import type { EngineDemand, RunningEngine } from '../engine/engine.js'
import type { LoadGenerator, LoadJob } from './load/load-job.js'

export interface RunInTools {
  readonly load: LoadGenerator
  readonly clock: Clock
  readonly log: Log
}

/** Kinds that play their times back instead of computing. */
const playedKinds = ['simulated', 'recorded']
/** Rounds whose medians are compared: fewer would call chance a trend. */
const roundsPerWindow = 8
/** A window this much faster than the one before: not settled yet. */
const settled = 0.98
/** Compilers take their time after code has become hot; a window may look settled before they act. */
const fewestSeconds = 3
/** A large engine’s rounds are long; its code settles in few. */
const mostSeconds = 5
const shape = { batch: 8, inputTokens: 64, outputTokens: 32 }
const requestTimeoutSeconds = 60

/**
 * Brings a fresh engine, and the client’s own code, to their working speed before anything is
 * measured: just-in-time compilers, caches and clocks make the first seconds slower by up to a half.
 * Rounds of a small batch until they get no faster, or time is up. A round that fails ends it: the
 * first trial will find the same and say it better.
 *
 * @throws the signal’s reason.
 */
export async function runIn(
  engine: RunningEngine,
  demand: EngineDemand,
  { load, clock, log }: RunInTools,
  signal: AbortSignal,
): Promise<void> {
  // A remote engine has run before, and its owner asked for no more load than is measured.
  if (engine.processIds.length === 0 || playedKinds.includes(engine.facts.kind)) return
  const batch = Math.min(shape.batch, demand.maxLoad)
  const inputTokens = Math.max(1, Math.min(shape.inputTokens, demand.maxContextTokens >> 1))
  const outputTokens = Math.max(1, Math.min(shape.outputTokens, demand.maxContextTokens >> 1))
  const begun = clock.monotonic()
  const seconds: number[] = []
  const elapsed = () => clock.monotonic() - begun
  while (elapsed() < fewestSeconds || (!isSettled(seconds) && elapsed() < mostSeconds)) {
    const job: LoadJob = {
      endpoint: engine.endpoint,
      pattern: { kind: 'static-batch', batch },
      inputTokens,
      outputTokens,
      requestTimeoutSeconds,
      seed: 0,
      firstPrompt: seconds.length * batch,
      repetition: 0,
      warmUp: true,
    }
    const round = await load.run(job, signal).catch((error: unknown) => {
      log.warn({ err: error }, 'running in ended early')
      return undefined
    })
    signal.throwIfAborted()
    if (round?.samples.every(({ outcome }) => outcome === 'ok') !== true) return
    seconds.push(round.window.to - round.window.from)
  }
  log.debug({ rounds: seconds.length, seconds: elapsed() }, 'engine run in')
}

function isSettled(seconds: readonly number[]): boolean {
  if (seconds.length < 2 * roundsPerWindow) return false
  const last = median(seconds.slice(-roundsPerWindow))
  const before = median(seconds.slice(-2 * roundsPerWindow, -roundsPerWindow))
  return last >= settled * before
}
