import { describe, expect, it } from 'vitest'
import type { EngineDemand, RunningEngine } from '../../../../agent/engine/engine.js'
import type { LoadGenerator, LoadJob } from '../../../../agent/run/load/load-job.js'
import { runIn } from '../../../../agent/run/run-in.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'

const demand = { maxLoad: 16, maxContextTokens: 512 } as EngineDemand
const log = createLog({ name: 'test', level: 'silent' })

function engine(kind = 'embedded', processIds: readonly number[] = [1]): RunningEngine {
  return {
    facts: { kind, version: '1', effectiveArgs: {} },
    endpoint: {
      baseUrl: 'http://127.0.0.1:1',
      model: 'm',
      acceptsTokenIds: true,
      promptTokenRange: [0, 10],
    },
    processIds,
    exited: new Promise(() => undefined),
    resetCache: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  }
}

/** Rounds that take as long as `secondsOf` says. */
function load(clock: FakeClock, secondsOf: (round: number) => number, failing = false) {
  const jobs: LoadJob[] = []
  const generator: LoadGenerator = {
    async run(job) {
      jobs.push(job)
      const from = clock.monotonic()
      await clock.advance(secondsOf(jobs.length))
      const outcome = failing ? 'error' : 'ok'
      return {
        samples: [{ outcome }],
        window: { from, to: clock.monotonic() },
      } as unknown as Awaited<ReturnType<LoadGenerator['run']>>
    },
    close: () => Promise.resolve(),
  }
  return { jobs, generator }
}

const roundsOf = async (secondsOf: (round: number) => number, failing = false): Promise<number> => {
  const clock = new FakeClock()
  const { jobs, generator } = load(clock, secondsOf, failing)
  await runIn(engine(), demand, { load: generator, clock, log }, new AbortController().signal)
  return jobs.length
}

describe('running an engine in', () => {
  it('ends when rounds get no faster', async () => {
    expect(await roundsOf(() => 0.25)).toBe(16)
    const warming = await roundsOf((round) => (round < 50 ? 0.12 - 0.001 * round : 0.07))
    expect(warming).toBeGreaterThan(50)
  })

  it('gives compilers their time, however settled it looks', async () => {
    expect(await roundsOf(() => 0.0625)).toBe(48)
  })

  it('ends when its time is up, however slow the engine', async () => {
    expect(await roundsOf((round) => 10 / round)).toBe(1)
    expect(await roundsOf(() => 1)).toBe(5)
  })

  it('leaves a failing engine to the first trial, which says it better', async () => {
    expect(await roundsOf(() => 0.02, true)).toBe(1)
  })

  it('asks for no more than the engine was started for, and measures nothing', async () => {
    const clock = new FakeClock()
    const { jobs, generator } = load(clock, () => 0.02)
    const small = { maxLoad: 2, maxContextTokens: 20 } as EngineDemand
    await runIn(engine(), small, { load: generator, clock, log }, new AbortController().signal)
    expect(jobs[0]).toMatchObject({
      pattern: { kind: 'static-batch', batch: 2 },
      inputTokens: 10,
      outputTokens: 10,
      warmUp: true,
    })
  })

  it('spares engines that play their times back, and those of others', async () => {
    const clock = new FakeClock()
    const { jobs, generator } = load(clock, () => 0.02)
    const tools = { load: generator, clock, log }
    await runIn(engine('simulated'), demand, tools, new AbortController().signal)
    await runIn(engine('openai', []), demand, tools, new AbortController().signal)
    expect(jobs).toEqual([])
  })

  it('ends at once when it is aborted', async () => {
    const clock = new FakeClock()
    const { generator } = load(clock, () => 0.02)
    const signal = AbortSignal.abort(new Error('drain'))
    await expect(runIn(engine(), demand, { load: generator, clock, log }, signal)).rejects.toThrow(
      'drain',
    )
  })
})
