import type { Sample } from '../../../shared/domain/sample.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { LoadJob, LoadWindow } from './load-job.js'
import type { RequestMaker } from './request-maker.js'
import { untilStart } from './start-together.js'

/** Sends `batch` requests at once and waits for all of them: the FMwork paper’s workload. */
export async function runStaticBatch(
  batch: number,
  job: Pick<LoadJob, 'startAt'>,
  maker: RequestMaker,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ samples: Sample[]; window: LoadWindow }> {
  const prepared = Array.from({ length: batch }, (_, request) => maker.prepare(request))
  await untilStart(job, clock, signal)
  const scheduledAt = clock.monotonic()
  const samples = await Promise.all(
    prepared.map((request) => maker.send(request, scheduledAt, signal)),
  )
  const from = Math.min(...samples.map((sample) => sample.sentAt))
  const to = Math.max(...samples.map((sample) => sample.chunkAt.at(-1) ?? sample.endedAt))
  return { samples, window: { from, to } }
}
