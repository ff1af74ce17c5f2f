import type { Sample } from '../../../shared/domain/sample.js'
import type { Clock } from '../../../shared/process/clock.js'
import { failingShare } from './closed-loop.js'
import type { LoadJob, LoadPattern, LoadReport } from './load-job.js'
import type { PreparedRequest, RequestMaker } from './request-maker.js'
import { untilStart } from './start-together.js'

type Listed = Extract<LoadPattern, { kind: 'listed' }>

/** Requests whose bodies are made before the first leaves: making one delays what is under way. */
const preparedAhead = 4096
/** Requests that must have ended before failures end the run. */
const fewestToJudge = 20

/**
 * Sends a list of requests at their own times, or as slots become free. A request that is due while
 * all slots are taken waits, first come, first served: `scheduledAt` keeps when it was due, so that
 * the wait is in the latencies from the scheduled time (no coordinated omission).
 */
export async function runListed(
  pattern: Listed,
  job: Pick<LoadJob, 'startAt'>,
  maker: RequestMaker,
  clock: Clock,
  signal: AbortSignal,
): Promise<Omit<LoadReport, 'health'>> {
  const { requests, concurrency = Infinity, maximumSeconds } = pattern
  const prepared = new Map(
    requests
      .slice(0, preparedAhead)
      .map((shape, request) => [request, maker.prepare(request, shape)] as const),
  )
  const samples: Sample[] = []
  const waiting: { request: number; due: number | undefined }[] = []
  await untilStart(job, clock, signal)
  const startedAt = clock.monotonic()
  let ended: NonNullable<LoadReport['ended']> = 'requests'
  let failed = 0
  let inFlight = 0
  let allStarted = false
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const failing = () =>
    samples.length >= Math.min(fewestToJudge, requests.length) &&
    failed > samples.length * failingShare

  const take = (request: number): PreparedRequest => {
    const ready = prepared.get(request)
    prepared.delete(request)
    return ready ?? maker.prepare(request, requests[request])
  }
  const start = (request: number, due: number | undefined) => {
    const body = take(request)
    inFlight += 1
    void maker.send(body, due ?? clock.monotonic(), signal, false).then((sample) => {
      samples.push(sample)
      if (sample.outcome !== 'ok') failed += 1
      inFlight -= 1
      const next = signal.aborted || failing() ? undefined : waiting.shift()
      if (next !== undefined) start(next.request, next.due)
      else if (allStarted && inFlight === 0) finish()
    })
  }
  for (const [request, { at }] of requests.entries()) {
    const due = at === undefined ? undefined : startedAt + at
    const wait = due === undefined ? 0 : due - clock.monotonic()
    if (wait > 0) await clock.sleep(wait, signal).catch(() => undefined)
    if (signal.aborted) ended = 'cancelled'
    else if (failing()) ended = 'failing'
    else if (clock.monotonic() - startedAt > maximumSeconds) ended = 'seconds'
    if (ended !== 'requests') break
    if (inFlight < concurrency) start(request, due)
    else waiting.push({ request, due })
  }
  const limit = clock.after(Math.max(0, startedAt + maximumSeconds - clock.monotonic()), () => {
    if (waiting.splice(0).length > 0) ended = 'seconds'
  })
  allStarted = true
  if (inFlight > 0) await finished
  limit()
  if (signal.aborted) ended = 'cancelled'
  else if (failing()) ended = 'failing'
  return { samples, window: windowOf(samples, startedAt), ended }
}

/** From the first send to the last byte. */
function windowOf(samples: readonly Sample[], startedAt: number): LoadReport['window'] {
  let from = Infinity
  let to = startedAt
  for (const { sentAt, endedAt } of samples) {
    from = Math.min(from, sentAt)
    to = Math.max(to, endedAt)
  }
  return { from: Math.min(from, to), to }
}
