import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  LoadGenerator,
  LoadJob,
  LoadPattern,
  LoadReport,
} from '../../../../../agent/run/load/load-job.js'
import { splitJob } from '../../../../../agent/run/load/split-job.js'
import { ThreadedLoad, threadsFor } from '../../../../../agent/run/load/threaded-load.js'
import { FakeClock } from '../../../../../shared/process/clock.js'
import { sampleOf } from '../sample.js'

const stop = {
  metrics: ['ttft'],
  precision: 0.05,
  minimumRequests: 40,
  maximumRequests: 80,
  maximumSeconds: 100,
} as const
const jobOf = (pattern: LoadPattern): LoadJob => ({
  endpoint: { baseUrl: '', model: 'm', acceptsTokenIds: true, promptTokenRange: [0, 10] },
  pattern,
  inputTokens: 4,
  outputTokens: 10,
  requestTimeoutSeconds: 10,
  seed: 1,
  firstPrompt: 5,
  repetition: 0,
  warmUp: false,
})
const listed = (count: number, concurrency?: number): LoadPattern => ({
  kind: 'listed',
  requests: Array.from({ length: count }, (_, at) => ({ at, inputTokens: 1, outputTokens: 1 })),
  maximumSeconds: 100,
  ...(concurrency === undefined ? {} : { concurrency }),
})
const closed = (concurrency: number): LoadPattern => ({ kind: 'closed-loop', concurrency, stop })

describe('splitJob', () => {
  it('shares out what the whole asks, no more and no less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 2000 }), fc.integer({ min: 1, max: 8 }), (load, of) => {
        const batches = splitJob(jobOf({ kind: 'static-batch', batch: load }), of)
        const slots = splitJob(jobOf(closed(load)), of)
        const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
        const sizes = batches.map(({ job }) =>
          job.pattern.kind === 'static-batch' ? job.pattern.batch : 0,
        )
        const counts = slots.map(({ job }) =>
          job.pattern.kind === 'closed-loop' ? job.pattern.concurrency : 0,
        )
        expect([sum(sizes), sum(counts)]).toEqual([load, load])
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        // The prompts of a batch stay one range without a gap.
        expect(batches.map(({ job }) => job.firstPrompt)).toEqual(
          sizes.map((_, at) => 5 + sum(sizes.slice(0, at))),
        )
      }),
    )
  })

  it('sends every request of a list once, at its own time, with its own number', () => {
    const parts = splitJob(jobOf(listed(11, 6)), 3)
    const numbers = parts.flatMap(({ job, requestOf }) =>
      job.pattern.kind === 'listed'
        ? job.pattern.requests.map(({ at }, local) => [at, requestOf(local)])
        : [],
    )
    expect(numbers.every(([at, number]) => at === number)).toBe(true)
    expect(numbers.map(([at]) => at).sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual([
      ...Array(11).keys(),
    ])
  })

  it('splits Poisson arrivals, and leaves those whole that are no sum', () => {
    const open = (arrivals: 'poisson' | 'constant'): LoadPattern => ({
      kind: 'open-loop',
      rate: 900,
      arrivals,
      burstiness: 1,
      stop,
    })
    expect(splitJob(jobOf(open('poisson')), 3).map(({ job }) => job.pattern)).toMatchObject(
      Array(3).fill({ rate: 300 }),
    )
    expect(splitJob(jobOf(open('constant')), 3)).toHaveLength(1)
  })
})

/** A thread that notes its job and answers with one sample once it is told that it is enough. */
class FakeThread implements LoadGenerator {
  readonly jobs: LoadJob[] = []
  ended = false
  closed = false
  readonly #report: Partial<LoadReport>
  readonly #waits: boolean

  constructor(report: Partial<LoadReport>, waits: boolean) {
    this.#report = report
    this.#waits = waits
  }

  async run(job: LoadJob, _signal: AbortSignal, enough?: AbortSignal): Promise<LoadReport> {
    this.jobs.push(job)
    if (this.#waits) {
      await new Promise<void>((resolve) => enough?.addEventListener('abort', () => resolve()))
      this.ended = true
    }
    return {
      samples: [sampleOf({ request: 0 })],
      window: { from: 0, to: 1 },
      health: { eventLoopUtilization: 0, loopDelayMean: 0, loopDelayP99: 0, loopDelayMax: 0 },
      ...this.#report,
    }
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
}

describe('ThreadedLoad', () => {
  const health = { eventLoopUtilization: 0.9, loopDelayMean: 1, loopDelayP99: 2, loopDelayMax: 3 }
  function threads() {
    const made = [
      new FakeThread({ window: { from: 1, to: 9 }, ended: 'precision', health }, false),
      new FakeThread({ window: { from: 2, to: 12 }, ended: 'seconds' }, true),
    ]
    let next = 0
    const load = new ThreadedLoad(new FakeClock(), 2, () => made[next++] as FakeThread)
    return { made, load }
  }
  const { signal } = new AbortController()

  it('takes one thread for what one serves with ease', async () => {
    const { made, load } = threads()
    await load.run(jobOf(closed(256)), signal)
    expect(made.map(({ jobs }) => jobs.length)).toEqual([1, 0])
    expect(made[0]?.jobs[0]?.startAt).toBeUndefined()
  })

  it('starts parts together, ends a loop in all when it ends in one, and tells the worst', async () => {
    const { made, load } = threads()
    const report = await load.run(jobOf(closed(1000)), signal)
    expect(new Set(made.map(({ jobs }) => jobs[0]?.startAt)).size).toBe(1)
    expect(made[1]?.ended).toBe(true)
    expect(report.window).toEqual({ from: 2, to: 9 })
    expect(report.health).toEqual(health)
    expect(report.ended).toBe('seconds')
    expect(report.samples.map(({ request }) => request)).toEqual([0, 1])
    await load.close()
    expect(made.every(({ closed: gone }) => gone)).toBe(true)
  })

  it('leaves most CPUs to the engine', () => {
    expect([1, 2, 8, 64].map(threadsFor)).toEqual([1, 1, 2, 16])
  })
})
