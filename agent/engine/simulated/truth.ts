import type { StepPhysics } from './physics.js'
import { StepScheduler } from './scheduler.js'

/** A static batch: all requests at once, equal lengths. */
export interface StaticBatch {
  readonly batch: number
  readonly inputTokens: number
  readonly outputTokens: number
}

/** What an ideal client measures of a static batch without noise. Seconds; means over requests. */
export interface StaticBatchTruth {
  readonly ttft: number
  /** The last request’s first token: when the whole batch is prefilled. */
  readonly batchTtft: number
  /** (e2e - ttft) / (outputTokens - 1); 0 for one token. */
  readonly tpot: number
  /** Pooled mean gap between tokens; equals tpot when all outputs are equally long. */
  readonly itl: number
  readonly e2e: number
  /** When the last token of the batch is there. */
  readonly makespan: number
  /** Tokens per second. */
  readonly outputThroughput: number
  readonly preemptions: number
}

/**
 * The exact figures of a static batch on the simulated engine with noise 0 and time scale 1.
 *
 * @param arrivalSeconds how long the engine gathers requests before its first step.
 */
export function staticBatchTruth(
  physics: StepPhysics,
  { batch, inputTokens, outputTokens }: StaticBatch,
  arrivalSeconds: number,
): StaticBatchTruth {
  const scheduler = new StepScheduler<number>(physics)
  for (let request = 0; request < batch; request += 1) {
    scheduler.add(request, inputTokens, outputTokens)
  }
  const first = new Float64Array(batch)
  const last = new Float64Array(batch)
  let now = arrivalSeconds
  for (let step = scheduler.step(); step !== undefined; step = scheduler.step()) {
    now += step.seconds
    for (const { key, index } of step.tokens) {
      if (index === 0) first[key] = now
      last[key] = now
    }
  }
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / batch
  const ttft = mean(first)
  const e2e = mean(last)
  const tpot = outputTokens > 1 ? (e2e - ttft) / (outputTokens - 1) : 0
  return {
    ttft,
    batchTtft: Math.max(...first),
    tpot,
    itl: tpot,
    e2e,
    makespan: now,
    outputThroughput: (batch * outputTokens) / now,
    preemptions: scheduler.preemptions,
  }
}
