import { setMaxListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ListedRequest } from '../../../../../agent/run/load/load-job.js'
import { runListed } from '../../../../../agent/run/load/listed.js'
import { FakeClock } from '../../../../../shared/process/clock.js'
import { FakeEngine, inFakeTime } from './fake-engine.js'

const { signal } = new AbortController()
setMaxListeners(0, signal)

const shapes = (count: number, at?: (request: number) => number): ListedRequest[] =>
  Array.from({ length: count }, (_, request) => ({
    inputTokens: 4,
    outputTokens: 10,
    ...(at === undefined ? {} : { at: at(request) }),
  }))

function run(
  requests: readonly ListedRequest[],
  options: {
    readonly concurrency?: number
    readonly maximumSeconds?: number
    readonly failing?: boolean
    readonly signal?: AbortSignal
  } = {},
) {
  const clock = new FakeClock()
  const engine = new FakeEngine(clock, 0.1, options.failing)
  const pattern = {
    kind: 'listed' as const,
    requests,
    maximumSeconds: options.maximumSeconds ?? 1000,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  }
  const report = inFakeTime(clock, runListed(pattern, {}, engine, clock, options.signal ?? signal))
  return { report, engine, clock }
}

describe('runListed', () => {
  it('sends each request once, at its own time', async () => {
    const { report, engine } = run(shapes(5, (request) => request * 0.25))
    const { samples, ended, window } = await report
    expect(ended).toBe('requests')
    expect(engine.sentAt).toEqual(
      [0, 0.25, 0.5, 0.75, 1].map((at) => expect.closeTo(at, 9) as number),
    )
    expect(samples.map(({ request }) => request)).toEqual([0, 1, 2, 3, 4])
    expect(window.from).toBeCloseTo(0, 9)
    expect(window.to).toBeCloseTo(2, 9)
  })

  it('holds the limit and counts the wait for a slot from the scheduled time', async () => {
    const { report, engine } = run(
      shapes(6, () => 0),
      { concurrency: 2 },
    )
    const { samples } = await report
    expect(engine.mostInFlight).toBe(2)
    const last = samples.at(-1)
    expect(last?.scheduledAt).toBe(0)
    expect(last?.sentAt).toBeCloseTo(2, 9)
  })

  it('is due when a slot is free where nothing says when', async () => {
    const { report } = run(shapes(4), { concurrency: 2 })
    const { samples } = await report
    expect(samples.every(({ sentAt, scheduledAt }) => sentAt === scheduledAt)).toBe(true)
  })

  it('stops sending when its seconds are spent, and lets what is under way end', async () => {
    const { report, engine } = run(shapes(100), { concurrency: 1, maximumSeconds: 2.5 })
    const { samples, ended } = await report
    expect(ended).toBe('seconds')
    expect(samples).toHaveLength(3)
    expect(engine.inFlight).toBe(0)
  })

  it('gives up when most requests fail', async () => {
    const { report } = run(shapes(200), { concurrency: 4, failing: true })
    const { samples, ended } = await report
    expect(ended).toBe('failing')
    expect(samples.length).toBeLessThan(40)
  })

  it('sends nothing more once it is cancelled', async () => {
    const stop = new AbortController()
    const { report, clock, engine } = run(
      shapes(50, (request) => request),
      { signal: stop.signal },
    )
    clock.after(3.5, () => stop.abort())
    const { ended } = await report
    expect(ended).toBe('cancelled')
    expect(engine.sentAt.length).toBeLessThanOrEqual(4)
  })
})
