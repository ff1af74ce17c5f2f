import type { Sample } from '../../../shared/domain/sample.js'
import type { Clock } from '../../../shared/process/clock.js'
import { createRandom } from '../../../shared/stats/random.js'
import { preciseEnough } from '../metrics/loop-estimate.js'
import { arrivalTimes } from './arrivals.js'
import { failingShare } from './closed-loop.js'
import type { LoadJob, LoadPattern, LoadReport } from './load-job.js'
import { rateCourse } from './rate-course.js'
import type { RequestMaker } from './request-maker.js'
import { SaturationWatch } from './saturation.js'
import { untilStart } from './start-together.js'

type OpenLoop = Extract<LoadPattern, { kind: 'open-loop' }>

/** Share of the planned time that fills the engine before the window opens. */
const rampUpShare = 0.2
/** Requests whose bodies are made ahead of their time. */
const preparedAhead = 8

/** More arrivals than ever come when this many are expected: ten standard deviations above. */
const mostArrivals = (expected: number, burstiness: number) =>
  Math.ceil(expected + 10 * Math.sqrt(expected / Math.min(1, burstiness)) + 10)

/**
 * Sends requests at times drawn beforehand, whether or not earlier ones have ended: a slow engine
 * does not slow the arrivals. Intended times are kept in `scheduledAt`.
 */
export async function runOpenLoop(
  pattern: OpenLoop,
  job: LoadJob,
  maker: RequestMaker,
  clock: Clock,
  signal: AbortSignal,
  enough?: AbortSignal,
): Promise<Omit<LoadReport, 'health'>> {
  const { rate, ramp, stop } = pattern
  const secondsAt = (meanRate: number) =>
    Math.min(stop.maximumSeconds, stop.maximumRequests / meanRate)
  const course = rateCourse(rate, ramp, secondsAt)
  const plannedSeconds = secondsAt(course.meanRate)
  const expected = course.meanRate * plannedSeconds
  const random = createRandom(job.seed).fork('arrivals')
  const times = arrivalTimes(
    pattern.arrivals,
    1,
    pattern.burstiness,
    Math.min(stop.maximumRequests, mostArrivals(expected, pattern.burstiness)),
    random,
  )
    .map((arrivals) => course.timeOf(arrivals))
    .filter((time) => time <= plannedSeconds)
  const samples: Sample[] = []
  const underWay = new Set<Promise<void>>()
  const saturation = new SaturationWatch((at) => course.rateAt(at))
  const prepared = times.slice(0, preparedAhead).map((_, request) => maker.prepare(request))
  await untilStart(job, clock, signal)
  const startedAt = clock.monotonic()
  // All of a ramp is what was asked, from an engine with nothing to do on.
  const windowFrom = startedAt + (ramp === undefined ? plannedSeconds * rampUpShare : 0)
  let ended: NonNullable<LoadReport['ended']> = 'requests'
  let nextCheck = stop.minimumRequests
  let sent = 0
  let failed = 0
  for (const time of times) {
    const due = startedAt + time
    const wait = due - clock.monotonic()
    if (wait > 0) await clock.sleep(wait, signal).catch(() => undefined)
    if (signal.aborted) {
      ended = 'cancelled'
      break
    }
    if (enough?.aborted === true) {
      ended = 'precision'
      break
    }
    const request = prepared.shift() ?? maker.prepare(sent)
    const exchange = maker.send(request, due, signal, due < windowFrom).then((sample) => {
      samples.push(sample)
      if (sample.outcome !== 'ok') failed += 1
      underWay.delete(exchange)
    })
    underWay.add(exchange)
    sent += 1
    if (sent - 1 + preparedAhead < times.length)
      prepared.push(maker.prepare(sent - 1 + preparedAhead))
    const now = clock.monotonic()
    if (saturation.rising(now - startedAt, underWay.size)) {
      ended = 'over-saturated'
      break
    }
    if (samples.length >= stop.minimumRequests && failed > samples.length * failingShare) {
      ended = 'failing'
      break
    }
    // The end of a ramp is another load than its begin: precision cannot end it early.
    if (ramp === undefined && samples.length >= nextCheck) {
      nextCheck = Math.ceil(samples.length * 1.25)
      if (preciseEnough(samples, { from: windowFrom, to: now }, stop)) {
        ended = 'precision'
        break
      }
    }
  }
  const to = clock.monotonic()
  await Promise.all(underWay)
  return { samples, window: { from: Math.min(windowFrom, to), to }, ended }
}
