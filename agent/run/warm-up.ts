import { faultOf } from './faults.js'
import { observe } from './trial-context.js'
import type { TrialContext } from './trial-context.js'
import type { RunnerOrder } from './trial-runner.js'

/**
 * Output tokens of a warm-up: enough to run the prefill of this shape and a few decode steps, which
 * is where engines compile, capture graphs and grow buffers; the rest of the output is the same step.
 */
const warmUpOutputTokens = 4

/**
 * Requests of a warm-up: as many as will be in flight, so that the engine has seen such a batch and none
 * of them waits for a connection. How many a rate will keep in flight nobody knows: its own ramp-up
 * brings the engine to it.
 */
function atOnce({ workload, configuration, listed }: RunnerOrder): number {
  if (listed !== undefined) {
    return Math.max(1, Math.min(listed.concurrency ?? 1, listed.requests.length))
  }
  return workload.kind === 'open-loop' ? 1 : configuration.load
}

/** Runs the trial’s own shape with short outputs and throws the result away. */
export async function warmUp(context: TrialContext): Promise<void> {
  const { configuration, plan } = context.order
  const outputTokens = Math.min(configuration.outputTokens, warmUpOutputTokens)
  const batch = atOnce(context.order)
  for (let round = 0; round < plan.warmups; round += 1) {
    const { report } = await observe(
      context,
      { kind: 'static-batch', batch },
      { warmUp: true, outputTokens },
    )
    const failed = report.samples.filter((sample) => sample.outcome !== 'ok')
    if (failed.length > 0) {
      throw faultOf(failed, report.samples.length, context.engine.processIds.length === 0)
    }
  }
}
