import { describe, expect, it } from 'vitest'
import { BlockExtents } from '../../../../coordinator/dispatch/block-extent.js'
import { couldServe, covers } from '../../../../shared/domain/eligibility.js'
import { canRun } from '../../../../coordinator/plan/capability.js'
import { KeyedQueue } from '../../../../coordinator/dispatch/keyed-queue.js'
import { observationOf } from '../../../../coordinator/dispatch/observation.js'
import { ResultBell } from '../../../../coordinator/dispatch/result-bell.js'
import {
  backoffMs,
  FailureStreak,
  invalidCode,
  isPermanent,
} from '../../../../coordinator/dispatch/retry-policy.js'
import { exhaustedReason, stopOf } from '../../../../coordinator/dispatch/stop-rule.js'
import { runsOf } from '../../../../coordinator/dispatch/verifier.js'
import type { StoredTrial } from '../../../../coordinator/dispatch/store-records.js'
import { blockKey } from '../../../../shared/domain/configuration.js'
import { spanSpace } from '../../../../shared/domain/space.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { sweepText } from '../../../fixtures/dispatch-bench.js'
import { measurementOf } from '../../../fixtures/fake-agent.js'

describe('BlockExtents', () => {
  const text = sweepText()
    .replace('{kind: simulated}', '{kind: simulated, args: {seats: [64, 128]}}')
    .replace('hardware: cpu', 'hardware: [A100, H100]\n  tensor_parallel: [1, 2]')

  it('finds every block and what its engine must take', () => {
    const space = spanSpace(parseSweep(text))
    const blocks = new BlockExtents(space)
    expect(blocks.count).toBe(8)
    for (const representative of blocks.representatives()) {
      expect(blocks.of(blockKey(representative))).toMatchObject({
        count: 12,
        maxLoad: 4,
        maxContextTokens: 48,
      })
    }
    expect(blocks.of('nothing')).toBeUndefined()
    expect(blocks.representative('nothing')).toBeUndefined()
  })

  it('looks at the constraint, block by block', () => {
    const where =
      'where: "tensor_parallel == 2 || batch_size * (input_tokens + output_tokens) <= 64"'
    const space = spanSpace(parseSweep(text.replace('  hardware:', `  ${where}\n  hardware:`)))
    const blocks = new BlockExtents(space)
    const extents = blocks.representatives().map((configuration) => {
      const { maxLoad, maxContextTokens } = blocks.of(blockKey(configuration)) ?? {}
      return `tp${configuration.tensorParallel}: ${maxLoad} x ${maxContextTokens}`
    })
    // 4 x (16 + 8) = 96 is too much; 2 x (16 + 16) and 1 x (32 + 16) are not.
    expect(new Set(extents)).toEqual(new Set(['tp1: 2 x 48', 'tp2: 4 x 48']))
  })
})

describe('eligibility', () => {
  const agent = { hardware: 'H100', deviceCount: 2, engines: ['vllm'] }
  const place = { hardware: 'H100', tensorParallel: 2, engine: 'vllm:tuned' }

  it('needs the class, the devices and the engine', () => {
    expect(canRun(agent, place)).toBe(true)
    expect(canRun(agent, { ...place, hardware: 'A100' })).toBe(false)
    expect(canRun(agent, { ...place, tensorParallel: 4 })).toBe(false)
    expect(canRun(agent, { ...place, engine: 'sglang' })).toBe(false)
  })

  it('knows who can stand in for whom', () => {
    expect(covers({ ...agent, deviceCount: 8, engines: ['vllm', 'tgi'] }, agent)).toBe(true)
    expect(covers({ ...agent, deviceCount: 1 }, agent)).toBe(false)
    expect(covers({ ...agent, engines: [] }, agent)).toBe(false)
    const spec = parseSweep(sweepText())
    expect(couldServe({ ...agent, engines: ['simulated'] }, spec, ['H100'])).toBe(true)
    expect(couldServe(agent, spec, ['H100'])).toBe(false)
  })

  it('serves a workload of data only with the very file', () => {
    const [hash, other] = ['a'.repeat(64), 'b'.repeat(64)]
    const text = sweepText()
      .replace(/batch_size:.*/, 'concurrency: [1, 2]')
      .replace(/ *(input|output)_tokens:.*\n/g, '')
      .replace(/\nworkload:.*/, '')
    const spec = parseSweep(`${text}
workload: {kind: closed-loop, data: {file: a.jsonl, format: jsonl, sha256: ${hash}, requests: 2, input_tokens: 9, output_tokens: 9, longest_tokens: 30}}
`)
    const able = { ...agent, engines: ['simulated'] }
    expect(couldServe(able, spec, ['H100'])).toBe(false)
    expect(couldServe({ ...able, data: [other] }, spec, ['H100'])).toBe(false)
    expect(couldServe({ ...able, data: [other, hash] }, spec, ['H100'])).toBe(true)
    expect(covers(able, { ...able, data: [hash] })).toBe(false)
    expect(covers({ ...able, data: [hash, other] }, { ...able, data: [hash] })).toBe(true)
  })
})

describe('retrying', () => {
  it('rests longer after every failure', () => {
    expect([1, 2, 3].map(backoffMs)).toEqual([1000, 4000, 16_000])
  })

  it('knows which failures time does not mend', () => {
    expect(isPermanent('MODEL_INVALID')).toBe(true)
    expect(isPermanent('ENGINE_FAILED')).toBe(false)
    expect(isPermanent('no such code')).toBe(false)
  })

  const failure = { code: 'ENGINE_FAILED', reason: 'exit 1' }
  const failures = (count: number, anyResult: boolean, one = failure) => {
    const streak = new FailureStreak()
    let verdict: string | undefined
    for (let n = 0; n < count; n += 1) verdict = streak.failure(one, { anyResult, elsewhere: true })
    return verdict
  }

  it('gives a sweep up early when nothing ever worked, later when something did', () => {
    expect(failures(2, false)).toBeUndefined()
    expect(failures(3, false)).toBe('ENGINE_FAILED: exit 1 (3 trials failed in a row)')
    expect(failures(19, true)).toBeUndefined()
    expect(failures(20, true)).toContain('20 trials failed in a row')
  })

  it('bears a noisy host for long, but not for ever', () => {
    const noise = { code: invalidCode, reason: 'host_busy: 80 %' }
    expect(failures(29, false, noise)).toBeUndefined()
    expect(failures(30, false, noise)).toBe(
      'HOST_TOO_BUSY: 30 measurements in a row could not be trusted; the last: host_busy: 80 %',
    )
  })

  it('starts counting anew after a success', () => {
    const streak = new FailureStreak()
    const known = { anyResult: false, elsewhere: false }
    streak.failure(failure, known)
    streak.failure(failure, known)
    streak.success()
    expect(streak.failure(failure, known)).toBeUndefined()
    expect(streak.failure({ code: 'MODEL_INVALID', reason: 'x' }, known)).toBe('MODEL_INVALID: x')
  })
})

describe('stopOf', () => {
  const plan = (goalReached: boolean) => ({
    configurations: 1,
    accuracy: [],
    fullGridDeviceSeconds: { value: 1, low: 1, high: 1 },
    measured: 1,
    audits: 0,
    infeasible: 0,
    stop: { goalReached, reason: 'the strategy says so' },
  })
  const spent = { deviceSeconds: 50, setUp: 0, warmUp: 0, measured: 0, gaps: 0, makespan: 1 }
  const consumption = { spent, attempts: 5, activeSeconds: 1 }

  it('prefers the goal to the budget, and the budget to the strategy’s own end', () => {
    expect(stopOf({ trials: 5 }, plan(true), consumption)?.goalReached).toBe(true)
    expect(stopOf({ trials: 5 }, plan(false), consumption)?.reason).toContain('5 trials')
    expect(stopOf({ trials: 6 }, plan(false), consumption)?.reason).toBe('the strategy says so')
    expect(stopOf({}, undefined, consumption)).toBeUndefined()
  })

  it('stops at no price that it does not know', () => {
    expect(stopOf({ cost_usd: 1 }, undefined, consumption)).toBeUndefined()
    const priced = { ...consumption, spent: { ...spent, costUsd: 1 } }
    expect(stopOf({ cost_usd: 1 }, undefined, priced)?.reason).toContain('1 USD')
  })
})

describe('observationOf', () => {
  const trial = { index: 3, purpose: 'audit', agent: 'one' } as StoredTrial
  const order = {
    trialId: '',
    configuration: spanSpace(parseSweep(sweepText())).at(0),
    workload: { kind: 'static-batch' as const },
    metrics: ['ttft' as const],
    plan: { warmups: 1, repetitions: 4, precision: 0.1, max_seconds: 1, request_timeout: 1 },
    seed: 1,
  }

  it('brings the spread of one repetition to that of the value', () => {
    const measurement = measurementOf(order)
    // Relative sd 2 % of one, four repetitions: 1 %.
    expect(observationOf(trial, measurement, 2, 9)).toEqual({
      index: 3,
      purpose: 'audit',
      agent: 'one',
      outcome: 'measured',
      values: { ttft: { value: measurement.metrics[0]?.value, relativeSd: 0.01 } },
      percentiles: { ttft: measurement.metrics[0]?.percentiles },
      cost: 2,
      at: measurement.startedAt,
    })
    expect(observationOf(trial, undefined, 1, 9)).toMatchObject({ outcome: 'infeasible', at: 9 })
  })
})

describe('KeyedQueue', () => {
  it('runs work of one key in turn, and does not stop at a failure', async () => {
    const queue = new KeyedQueue()
    const order: string[] = []
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const first = queue.run('a', async () => {
      await gate
      order.push('a1')
      throw new Error('a1 failed')
    })
    const second = queue.run('a', () => Promise.resolve(order.push('a2')))
    await queue.run('b', () => Promise.resolve(order.push('b1')))
    expect(order).toEqual(['b1'])
    open()
    await expect(first).rejects.toThrow('a1 failed')
    await second
    expect(order).toEqual(['b1', 'a1', 'a2'])
  })
})

describe('ResultBell', () => {
  it('wakes those who wait for this agent, or lets the moment pass', async () => {
    const clock = new FakeClock()
    const bell = new ResultBell(clock)
    const heard: string[] = []
    void bell.next('one', 1).then(() => heard.push('one'))
    void bell.next('two', 1).then(() => heard.push('two'))
    bell.ring('one')
    await clock.advance(0)
    expect(heard).toEqual(['one'])
    await clock.advance(1)
    expect(heard).toEqual(['one', 'two'])
  })
})

describe('runsOf', () => {
  it('joins neighbours', () => {
    expect(runsOf([7, 1, 2, 3, 9])).toEqual([
      { first: 1, count: 3 },
      { first: 7, count: 1 },
      { first: 9, count: 1 },
    ])
  })
})

describe('the end of a strategy', () => {
  const counts = { configurations: 16, measured: 3, infeasible: 1, invalid: 0, failed: 0 }

  it('names the trials that came to nothing where something is left unmeasured', () => {
    const plain = 'the strategy has nothing more to measure'
    expect(exhaustedReason(counts)).toBe(plain)
    expect(exhaustedReason({ ...counts, measured: 15, invalid: 4 })).toBe(plain)
    expect(exhaustedReason({ ...counts, invalid: 44, failed: 2 })).toBe(
      `${plain}: 12 of 16 configurations stay unmeasured, 44 trials could not be trusted and 2 trials failed`,
    )
  })
})
