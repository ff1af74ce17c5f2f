import type { Clock } from '../../../shared/process/clock.js'
import type { LoadJob } from './load-job.js'

/** Waits for the moment at which all parts of a load start; an abort ends the wait. */
export async function untilStart(
  { startAt }: Pick<LoadJob, 'startAt'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const wait = startAt === undefined ? 0 : startAt - clock.monotonic()
  // What is sent after an abort ends as cancelled.
  if (wait > 0) await clock.sleep(wait, signal).catch(() => undefined)
}
