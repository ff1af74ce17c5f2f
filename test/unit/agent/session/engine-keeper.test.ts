import { describe, expect, it } from 'vitest'
import type { Engine, EngineDemand, RunningEngine } from '../../../../agent/engine/engine.js'
import { EngineKeeper } from '../../../../agent/session/engine-keeper.js'
import type { TrialOrder } from '../../../../shared/domain/lease.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'

const block = { model: 'm', engine: 'vllm', engineArgs: {}, hardware: 'H100', tensorParallel: 1 }
const demand: EngineDemand = { block, maxLoad: 4, maxContextTokens: 100 }
const order: TrialOrder = {
  trialId: 't',
  configuration: { ...block, load: 4, inputTokens: 10, outputTokens: 10 },
  workload: { kind: 'static-batch' },
  metrics: ['ttft'],
  plan: { warmups: 1, repetitions: 1, precision: 0.05, max_seconds: 1, request_timeout: 1 },
  seed: 1,
}
const never = new AbortController().signal

/** An engine that generates until it is told to hang, and counts its starts and stops. */
function bench() {
  const seen = { starts: 0, stops: 0, asked: 0, hangs: false }
  const engine: Engine = {
    kind: 'vllm',
    start() {
      seen.starts += 1
      seen.hangs = false
      const running: RunningEngine = {
        facts: { kind: 'vllm', version: '1', effectiveArgs: {} },
        endpoint: {
          baseUrl: 'http://127.0.0.1:1',
          model: 'm',
          acceptsTokenIds: true,
          promptTokenRange: [1, 2],
        },
        processIds: [],
        exited: new Promise(() => undefined),
        generates() {
          seen.asked += 1
          return Promise.resolve(!seen.hangs)
        },
        resetCache: () => Promise.resolve(),
        stop() {
          seen.stops += 1
          return Promise.resolve()
        },
      }
      return Promise.resolve(running)
    },
  }
  const keeper = new EngineKeeper({
    engines: new Map([['vllm', engine]]),
    clock: new FakeClock(),
    log: () => createLog({ name: 'test', level: 'silent' }),
    quiet: () => Promise.resolve(() => undefined),
    runIn: () => Promise.resolve(),
    started: () => undefined,
  })
  return { keeper, engine, seen }
}

describe('an engine after a trial that failed', () => {
  it('is kept when it still generates, and asked once', async () => {
    const { keeper, seen } = bench()
    const first = await keeper.ready(demand, order, never)
    keeper.suspect()
    expect(await keeper.ready(demand, order, never)).toBe(first)
    expect(await keeper.ready(demand, order, never)).toBe(first)
    expect(seen).toMatchObject({ starts: 1, stops: 0, asked: 1 })
  })

  it('is replaced when it looks healthy but generates no more', async () => {
    const { keeper, seen } = bench()
    const first = await keeper.ready(demand, order, never)
    seen.hangs = true
    expect(await keeper.ready(demand, order, never)).toBe(first)
    keeper.suspect()
    expect(await keeper.ready(demand, order, never)).not.toBe(first)
    expect(seen).toMatchObject({ starts: 2, stops: 1, asked: 1 })
  })

  it('is not asked when the lease is lost meanwhile', async () => {
    const { keeper, seen } = bench()
    await keeper.ready(demand, order, never)
    keeper.suspect()
    const reason = new Error('lease lost')
    await expect(keeper.ready(demand, order, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(seen.starts).toBe(1)
  })
})

describe('the time that starts take', () => {
  /** An engine whose starts take four seconds and, so many times, end in nothing. */
  function slow(failures: number) {
    const clock = new FakeClock()
    const told: number[] = []
    let left = failures
    const { engine } = bench()
    const keeper = new EngineKeeper({
      engines: new Map([
        [
          'vllm',
          {
            kind: 'vllm',
            async start(wanted: EngineDemand, signal: AbortSignal) {
              await clock.sleep(4)
              left -= 1
              if (left >= 0) throw new FmworkError('ENGINE_FAILED', 'no luck')
              return engine.start(wanted, signal)
            },
          },
        ],
      ]),
      ...{ clock, log: () => createLog({ name: 'test', level: 'silent' }) },
      // A neighbour measures for a minute: that costs no device time.
      async quiet() {
        await clock.sleep(60)
        return () => undefined
      },
      runIn: () => Promise.resolve(),
      started: (_, seconds) => told.push(seconds),
    })
    return { keeper, clock, told }
  }

  it('is told with that of the starts before it which failed, and without the wait for quiet', async () => {
    const { keeper, clock, told } = slow(1)
    const ready = keeper.ready(demand, order, never)
    await clock.advance(200)
    await ready
    expect(told).toEqual([8])
    expect(keeper.takeFruitlessSeconds()).toBe(0)
  })

  it('is owed by the trial when no engine comes up, once', async () => {
    const { keeper, clock, told } = slow(9)
    const ready = keeper.ready(demand, order, never)
    const refused = expect(ready).rejects.toMatchObject({ code: 'ENGINE_FAILED' })
    await clock.advance(200)
    await refused
    expect(told).toEqual([])
    expect(keeper.takeFruitlessSeconds()).toBe(8)
    expect(keeper.takeFruitlessSeconds()).toBe(0)
  })
})
