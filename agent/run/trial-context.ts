import type { Sample } from '../../shared/domain/sample.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { Neighbour } from '../../shared/process/quiet-lock.js'
import type { RunningEngine } from '../engine/engine.js'
import type { HostSnapshot, HostWatch } from '../host/host-watch.js'
import type { NoiseThresholds } from '../host/noise.js'
import type { LoadGenerator, LoadJob, LoadPattern, LoadReport } from './load/load-job.js'
import type { NoiseHistory } from './metrics/noise-history.js'
import type { RunnerOrder } from './trial-runner.js'

/** What the steps of one trial share. */
export interface TrialContext {
  readonly order: RunnerOrder
  readonly engine: RunningEngine
  readonly clock: Clock
  readonly log: Log
  readonly load: LoadGenerator
  readonly watch: HostWatch
  readonly cpuCount: number
  readonly thresholds: NoiseThresholds
  readonly history: NoiseHistory
  /** Others that measure on this host now. */
  readonly lookAround: () => readonly Neighbour[]
  /** Those seen beside the measured windows, by device. */
  readonly neighbours: Map<string, string>
  /** Aborts when the trial is to end early; its reason says why. */
  readonly signal: AbortSignal
  readonly onSamples: (samples: readonly Sample[]) => void
  /** Words per prompt, once calibrated; only where prompts go as text. */
  promptWords: number | undefined
  /** Number of the next unused prompt. */
  nextPrompt: number
  /** Number of the next repetition; warm-ups count for themselves. */
  nextRepetition: number
}

/** One job as it went, with the host’s counters on both sides of it. */
export interface Observed {
  readonly report: LoadReport
  readonly before: HostSnapshot
  readonly after: HostSnapshot
}

/** Seconds beyond a job’s own deadlines after which the load generator itself counts as hung. */
const generatorGraceSeconds = 15

function noteNeighbours(context: TrialContext, warmUp: boolean): void {
  if (warmUp) return
  for (const { agent, device } of context.lookAround()) context.neighbours.set(device, agent)
}

function secondsOf(pattern: LoadPattern): number {
  switch (pattern.kind) {
    case 'static-batch':
      return 0
    case 'closed-loop':
    case 'open-loop':
      return pattern.stop.maximumSeconds
    case 'listed':
      return pattern.maximumSeconds
  }
}

/** Runs one job of a trial, counted and bracketed. */
export async function observe(
  context: TrialContext,
  pattern: LoadPattern,
  options: { readonly warmUp: boolean; readonly outputTokens?: number },
): Promise<Observed> {
  const { order, engine, watch, clock } = context
  const { configuration, plan } = order
  const job: LoadJob = {
    endpoint: engine.endpoint,
    pattern,
    inputTokens: configuration.inputTokens,
    outputTokens: options.outputTokens ?? configuration.outputTokens,
    ...(options.warmUp || order.shapes === undefined ? {} : { shapes: order.shapes }),
    ...(context.promptWords === undefined ? {} : { promptWords: context.promptWords }),
    ...(order.mayStopEarly === undefined ? {} : { mayStopEarly: order.mayStopEarly }),
    ...(order.extraBody === undefined ? {} : { extraBody: order.extraBody }),
    requestTimeoutSeconds: plan.request_timeout,
    seed: order.seed,
    firstPrompt: context.nextPrompt,
    repetition: options.warmUp ? 0 : context.nextRepetition++,
    warmUp: options.warmUp,
  }
  const loopSeconds = secondsOf(pattern)
  const deadline = new AbortController()
  const seconds = loopSeconds + plan.request_timeout + generatorGraceSeconds
  const cancel = clock.after(seconds, () =>
    deadline.abort(new Error(`the load generator gave no answer within ${seconds} s`)),
  )
  try {
    noteNeighbours(context, options.warmUp)
    const before = watch.snapshot()
    const report = await context.load.run(job, AbortSignal.any([context.signal, deadline.signal]))
    const after = watch.snapshot()
    noteNeighbours(context, options.warmUp)
    context.nextPrompt += report.samples.length
    context.onSamples(report.samples)
    return { report, before, after }
  } finally {
    cancel()
  }
}
