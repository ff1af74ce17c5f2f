import { setMaxListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { runClosedLoop } from '../../../../../agent/run/load/closed-loop.js'
import type { LoadJob, StopRule } from '../../../../../agent/run/load/load-job.js'
import { rateCourse } from '../../../../../agent/run/load/rate-course.js'
import { runOpenLoop } from '../../../../../agent/run/load/open-loop.js'
import { SaturationWatch } from '../../../../../agent/run/load/saturation.js'
import { runStaticBatch } from '../../../../../agent/run/load/static-batch.js'
import { FakeClock } from '../../../../../shared/process/clock.js'
import { FakeEngine, inFakeTime } from './fake-engine.js'

const stop: StopRule = {
  metrics: ['ttft'],
  precision: 0.05,
  minimumRequests: 40,
  maximumRequests: 80,
  maximumSeconds: 100,
}

const job: LoadJob = {
  endpoint: { baseUrl: '', model: 'm', acceptsTokenIds: true, promptTokenRange: [0, 10] },
  pattern: { kind: 'static-batch', batch: 1 },
  inputTokens: 4,
  outputTokens: 10,
  requestTimeoutSeconds: 10,
  seed: 1,
  firstPrompt: 0,
  repetition: 0,
  warmUp: false,
}

const { signal } = new AbortController()
setMaxListeners(0, signal)

describe('runStaticBatch', () => {
  it('sends all at once and spans from the first send to the last token', async () => {
    const clock = new FakeClock()
    const engine = new FakeEngine(clock)
    const { samples, window } = await inFakeTime(
      clock,
      runStaticBatch(3, {}, engine, clock, signal),
    )
    expect(engine.mostInFlight).toBe(3)
    expect(samples.map((sample) => sample.request)).toEqual([0, 1, 2])
    expect(window.to - window.from).toBeCloseTo(1, 9)
  })
})

describe('runClosedLoop', () => {
  const run = (clock: FakeClock, engine: FakeEngine, rule = stop) =>
    inFakeTime(
      clock,
      runClosedLoop(
        { kind: 'closed-loop', concurrency: 4, stop: rule },
        job,
        engine,
        clock,
        signal,
      ),
    )

  it('keeps the asked number in flight and opens the window when every slot is past its first', async () => {
    const clock = new FakeClock()
    const engine = new FakeEngine(clock)
    const report = await run(clock, engine)
    expect(engine.mostInFlight).toBe(4)
    expect(report.ended).toBe('precision')
    const measured = report.samples.filter((sample) => !sample.warmUp)
    expect(measured.every((sample) => sample.sentAt >= report.window.from)).toBe(true)
    expect(measured.length).toBeGreaterThanOrEqual(40)
    expect(engine.inFlight).toBe(0)
  })

  it('spreads the slots over a request’s life', async () => {
    const clock = new FakeClock()
    const report = await run(clock, new FakeEngine(clock))
    const firsts = report.samples.filter((sample) => sample.request < 4)
    expect(new Set(firsts.map((sample) => sample.outputTokensAsked)).size).toBeGreaterThan(1)
  })

  it('goes through the requests of a data set, the first of a slot cut short', async () => {
    const clock = new FakeClock()
    const lengths = [3, 12, 30]
    const shapes = lengths.map((outputTokens) => ({ inputTokens: 4, outputTokens }))
    const report = await run(clock, new FakeEngine(clock, 0.1, false, shapes))
    const later = report.samples.filter(({ request }) => request >= 4)
    expect(later.length).toBeGreaterThan(10)
    for (const { request, outputTokensAsked } of later) {
      expect(outputTokensAsked).toBe(lengths[request % 3])
    }
    const firsts = report.samples.filter(({ request }) => request < 4)
    for (const { request, outputTokensAsked } of firsts) {
      expect(outputTokensAsked).toBeLessThanOrEqual(lengths[request % 3] as number)
    }
  })

  it('ends by its seconds when it cannot become precise', async () => {
    const clock = new FakeClock()
    const report = await run(clock, new FakeEngine(clock), { ...stop, maximumSeconds: 3 })
    expect(report.ended).toBe('seconds')
    expect(report.window.to).toBeLessThanOrEqual(3.1)
  })

  it('gives up when everything fails', async () => {
    const clock = new FakeClock()
    const report = await run(clock, new FakeEngine(clock, 0.1, true))
    expect(report.ended).toBe('failing')
    expect(report.samples.length).toBeLessThan(10)
  })
})

describe('runOpenLoop', () => {
  const pattern = (rate: number, rule = stop) =>
    ({ kind: 'open-loop', rate, arrivals: 'constant', burstiness: 1, stop: rule }) as const

  it('keeps intended times and does not wait for answers', async () => {
    const clock = new FakeClock()
    const engine = new FakeEngine(clock)
    const report = await inFakeTime(clock, runOpenLoop(pattern(10), job, engine, clock, signal))
    const early = report.samples.slice(0, 5)
    expect(early.map((sample) => sample.scheduledAt)).toEqual(
      early.map((_, index) => expect.closeTo(index / 10, 6) as number),
    )
    expect(engine.mostInFlight).toBeGreaterThan(5)
    expect(report.samples.some((sample) => sample.warmUp)).toBe(true)
  })

  it('stops early when the engine cannot keep up', async () => {
    const clock = new FakeClock()
    const engine = new FakeEngine(clock, 1000)
    const rule = { ...stop, minimumRequests: 4000, maximumRequests: 16_000 }
    const report = await inFakeTime(
      clock,
      Promise.race([
        runOpenLoop(pattern(20, rule), { ...job, outputTokens: 2 }, engine, clock, signal),
        clock.sleep(190).then(() => undefined),
      ]),
    )
    // The engine holds every request for ever: the loop has stopped sending long before its end.
    expect(report).toBeUndefined()
    expect(engine.sentAt.length).toBeLessThan(400)
  })
})

describe('a ramp', () => {
  const ramp = { kind: 'linear', from: 0.2 } as const

  it('grows to its rate, and precision does not end it', async () => {
    const clock = new FakeClock()
    const engine = new FakeEngine(clock, 0.001)
    const rule = { ...stop, maximumSeconds: 20, maximumRequests: 1000 }
    const pattern = { kind: 'open-loop', rate: 10, arrivals: 'constant', burstiness: 1 } as const
    const report = await inFakeTime(
      clock,
      runOpenLoop({ ...pattern, ramp, stop: rule }, job, engine, clock, signal),
    )
    const inSeconds = (from: number, to: number) =>
      engine.sentAt.filter((at) => at >= from && at < to).length
    // 10 requests/s * (1 + 0.2) / 2 over 20 s.
    expect(engine.sentAt.length).toBeGreaterThan(115)
    expect(engine.sentAt.length).toBeLessThan(125)
    expect(inSeconds(18, 20)).toBeGreaterThan(3 * inSeconds(0, 2))
    expect(report.ended).toBe('requests')
    expect(report.samples.every(({ warmUp }) => !warmUp)).toBe(true)
  })

  it.each(['linear', 'exponential'] as const)('%s: its times are those of its rate', (kind) => {
    const course = rateCourse(8, { kind, from: 0.25 }, () => 30)
    expect(course.rateAt(0)).toBeCloseTo(2, 9)
    expect(course.rateAt(30)).toBeCloseTo(8, 9)
    expect(course.timeOf(course.meanRate * 30)).toBeCloseTo(30, 6)
    for (const arrivals of [1, 20, 70]) {
      const at = course.timeOf(arrivals)
      const rate = 0.001 / (course.timeOf(arrivals + 0.001) - at)
      expect(rate / course.rateAt(at)).toBeCloseTo(1, 3)
    }
  })

  it('that is served in time is not taken for a queue that grows', () => {
    const course = rateCourse(20, { kind: 'linear', from: 0.1 }, () => 60)
    const watch = new SaturationWatch((at) => course.rateAt(at))
    const latency = 8
    const verdicts = Array.from({ length: 60 }, (_, at) =>
      watch.rising(at, latency * course.rateAt(at)),
    )
    expect(verdicts).not.toContain(true)
  })
})

describe('SaturationWatch', () => {
  it('does not take a burst for a trend', () => {
    const watch = new SaturationWatch(() => 10)
    const verdicts = Array.from({ length: 200 }, (_, check) =>
      watch.rising(check, 10 + (check % 4) * 10),
    )
    expect(verdicts).not.toContain(true)
  })
})
