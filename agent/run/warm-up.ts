import { faultOf } from './faults.js'
import { observe } from './trial-context.js'
import type { TrialContext } from './trial-context.js'

/**
 * Output tokens of a warm-up: enough to run the prefill of this shape and a few decode steps, which
 * is where engines compile, capture graphs and grow buffers; the rest of the output is the same step.
 */
const warmUpOutputTokens = 4

/** Runs the trial’s own shape with short outputs and throws the result away. */
export async function warmUp(context: TrialContext): Promise<void> {
  const { configuration, plan, workload } = context.order
  const outputTokens = Math.min(configuration.outputTokens, warmUpOutputTokens)
  // An open loop’s load is a rate: its own ramp-up brings the engine to it. A list has shapes of its own.
  const single = workload.kind === 'open-loop' || context.order.listed !== undefined
  const batch = single ? 1 : configuration.load
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
