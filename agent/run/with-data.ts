import { FmworkError } from '../../shared/domain/errors.js'
import type { TrialOrder } from '../../shared/domain/lease.js'
import { dataOf, replays } from '../../shared/domain/sweep.js'
import { replaySeconds } from '../../shared/domain/workload-data.js'
import { createRandom, shuffled } from '../../shared/stats/random.js'
import type { RunnerOrder } from './trial-runner.js'
import { replayedAt } from './workload/data-file.js'
import type { DataShelf } from './workload/data-shelf.js'

/**
 * An order with the requests of its workload’s data file: a trace’s at its own times, stretched to the
 * rate asked; those of a loop in an order that the trial’s seed draws, so that a trial which is precise
 * early has seen a fair part of them.
 *
 * @throws FmworkError DATA_MISSING, DATA_DIFFERS
 */
export async function withData(
  order: TrialOrder,
  shelf: DataShelf | undefined,
): Promise<RunnerOrder> {
  const { workload, configuration, plan, seed } = order
  const data = dataOf(workload)
  if (data === undefined) return order
  if (shelf === undefined) {
    throw new FmworkError(
      'DATA_MISSING',
      `the workload takes its requests from ${data.file}; this agent was given no folder of data`,
    )
  }
  const requests = await shelf.requests(data)
  if (replays(workload)) {
    const seconds = replaySeconds(data, configuration.load)
    return {
      ...order,
      listed: {
        requests: replayedAt(requests, data, configuration.load),
        maximumSeconds: seconds + plan.request_timeout,
      },
    }
  }
  const shapes = requests.map(({ inputTokens, outputTokens, prompt }) => ({
    inputTokens,
    outputTokens,
    ...(prompt === undefined ? {} : { prompt }),
  }))
  return { ...order, shapes: shuffled(shapes, createRandom(seed).fork('data')) }
}
