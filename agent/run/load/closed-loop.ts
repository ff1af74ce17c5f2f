import type { Sample } from '../../../shared/domain/sample.js'
import { createRandom } from '../../../shared/stats/random.js'
import type { Clock } from '../../../shared/process/clock.js'
import { preciseEnough } from '../metrics/loop-estimate.js'
import type { LoadJob, LoadPattern, LoadReport, RequestShape } from './load-job.js'
import type { RequestMaker } from './request-maker.js'
import { untilStart } from './start-together.js'

type ClosedLoop = Extract<LoadPattern, { kind: 'closed-loop' }>

/** Share of failed requests above which a loop is not worth going on with. */
export const failingShare = 0.5
/** Failures in a row, with no success yet, that end a loop before its window opens. */
const failuresBeforeGivingUp = 3

/**
 * Keeps `concurrency` requests in flight. The first request of each slot gets a random share of the
 * output length, so that slots are spread over a request’s life as in a loop that has run for ever;
 * these are ramp-up, marked `warmUp`. The window opens when the last of them has ended and closes
 * when the stop rule says so; the requests then in flight are let finish (ramp-down).
 */
export async function runClosedLoop(
  pattern: ClosedLoop,
  job: LoadJob,
  maker: RequestMaker,
  clock: Clock,
  signal: AbortSignal,
  enough?: AbortSignal,
): Promise<Omit<LoadReport, 'health'>> {
  const { concurrency, stop } = pattern
  const random = createRandom(job.seed).fork('ramp-up')
  await untilStart(job, clock, signal)
  const startedAt = clock.monotonic()
  const samples: Sample[] = []
  let nextRequest = 0
  let rampingUp = concurrency
  let windowFrom = Infinity
  let ended: NonNullable<LoadReport['ended']> | undefined
  let windowTo = Infinity
  let nextCheck = stop.minimumRequests
  let inWindow = 0
  let failures = 0

  const close = (reason: NonNullable<LoadReport['ended']>) => {
    ended ??= reason
    windowTo = Math.min(windowTo, clock.monotonic())
  }
  const judge = () => {
    const now = clock.monotonic()
    if (signal.aborted) close('cancelled')
    else if (enough?.aborted === true) close('precision')
    else if (failures >= failuresBeforeGivingUp && failures > samples.length * failingShare) {
      close('failing')
    } else if (now - startedAt >= stop.maximumSeconds) close('seconds')
    else if (inWindow >= stop.maximumRequests) close('requests')
    else if (inWindow >= nextCheck) {
      // Checked at growing counts: the check itself costs the client time.
      nextCheck = Math.ceil(inWindow * 1.25)
      const window = { from: windowFrom, to: now }
      if (preciseEnough(samples, window, stop)) close('precision')
    }
  }
  const slot = async () => {
    let warmUp = true
    let changed: Partial<RequestShape> = {
      outputTokens: 1 + random.below(maker.shapeOf(nextRequest).outputTokens),
    }
    while (ended === undefined) {
      const prepared = maker.prepare(nextRequest++, changed)
      const sample = await maker.send(prepared, clock.monotonic(), signal, warmUp)
      samples.push(sample)
      if (sample.outcome !== 'ok') failures += 1
      if (warmUp) {
        rampingUp -= 1
        if (rampingUp === 0) windowFrom = clock.monotonic()
      } else if (sample.endedAt <= windowTo && sample.sentAt >= windowFrom) inWindow += 1
      warmUp = rampingUp > 0
      changed = {}
      judge()
    }
  }
  enough?.addEventListener('abort', judge, { once: true })
  const cancelTimer = clock.after(stop.maximumSeconds, judge)
  await Promise.all(Array.from({ length: concurrency }, slot))
  cancelTimer()
  enough?.removeEventListener('abort', judge)
  const to = Math.min(windowTo, clock.monotonic())
  return {
    samples,
    window: { from: Math.min(windowFrom, to), to },
    ended: ended ?? 'requests',
  }
}
