import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Block, Scalar } from '../../../../../shared/domain/configuration.js'
import {
  hardwareProfiles,
  stepSeconds,
  tensorParallel,
} from '../../../../../agent/engine/simulated/physics.js'
import type { StepPhysics } from '../../../../../agent/engine/simulated/physics.js'
import { StepScheduler } from '../../../../../agent/engine/simulated/scheduler.js'
import {
  parseSimulatedArgs,
  physicsOf,
} from '../../../../../agent/engine/simulated/simulated-args.js'
import { createSimulatedEngine } from '../../../../../agent/engine/simulated/simulated-engine.js'
import { staticBatchTruth } from '../../../../../agent/engine/simulated/truth.js'

const plain: StepPhysics = {
  base: 1,
  perSequence: 0.1,
  perContextToken: 0.001,
  perPromptToken: 0.01,
  stepTokens: 100,
  maxSequences: 8,
  kvCapacityTokens: 1000,
  maxContextTokens: 1000,
  captureSizes: [],
}
const block = (engineArgs: Record<string, Scalar>, hardware = 'H100'): Block => ({
  model: 'm',
  engine: 'simulated',
  engineArgs,
  hardware,
  tensorParallel: 1,
})

describe('step physics', () => {
  it('adds its four parts', () => {
    const seconds = stepSeconds(plain, { generating: 2, contextTokens: 30, promptTokens: 5 })
    expect(seconds).toBeCloseTo(1 + 0.2 + 0.03 + 0.05, 12)
  })

  it('pads to captured sizes, as far as they go', () => {
    const padded = { ...plain, captureSizes: [1, 2, 4] }
    const at = (generating: number) =>
      stepSeconds(padded, { generating, contextTokens: 0, promptTokens: 0 })
    expect(at(3)).toBe(at(4))
    expect(at(5)).toBeCloseTo(1.5, 12)
  })

  it('shares work and cache among devices', () => {
    const two = tensorParallel(hardwareProfiles.H100, 2)
    expect(two.base).toBeGreaterThan(hardwareProfiles.H100.base / 2)
    expect(two.base).toBeLessThan(hardwareProfiles.H100.base)
    expect(two.kvCapacityTokens).toBe(2 * hardwareProfiles.H100.kvCapacityTokens)
  })
})

describe('the truth of a static batch', () => {
  it('is right by hand for one request', () => {
    const truth = staticBatchTruth(plain, { batch: 1, inputTokens: 10, outputTokens: 3 }, 0.5)
    // Prefill 1 + 0.1; two steps with 10 and 11 tokens of context.
    expect(truth.ttft).toBeCloseTo(0.5 + 1.1, 12)
    expect(truth.tpot).toBeCloseTo((1.1 + 0.01 + 1.1 + 0.011) / 2, 12)
    expect(truth.e2e).toBeCloseTo(truth.ttft + 2 * truth.tpot, 12)
    expect(truth.outputThroughput).toBeCloseTo(3 / truth.makespan, 12)
  })

  it('prefills in chunks: later requests wait', () => {
    const truth = staticBatchTruth(plain, { batch: 4, inputTokens: 60, outputTokens: 1 }, 0)
    // 240 tokens through steps of 100: the fourth is complete in the third step.
    expect(truth.batchTtft).toBeCloseTo(3 + 2.4, 12)
    expect(truth.ttft).toBeLessThan(truth.batchTtft)
  })

  it('runs in waves when the cache is full', () => {
    const small = { ...plain, kvCapacityTokens: 50 }
    const one = staticBatchTruth(plain, { batch: 4, inputTokens: 20, outputTokens: 4 }, 0)
    const waves = staticBatchTruth(small, { batch: 4, inputTokens: 20, outputTokens: 4 }, 0)
    expect(waves.makespan).toBeGreaterThan(1.5 * one.makespan)
  })

  it('preempts what it let in too early', () => {
    const tight = { ...plain, kvCapacityTokens: 50 }
    const truth = staticBatchTruth(tight, { batch: 2, inputTokens: 20, outputTokens: 20 }, 0)
    expect(truth.preemptions).toBeGreaterThan(0)
  })
})

describe('the scheduler', () => {
  it('gives every request its tokens in order, within its limits', () => {
    const requests = fc.array(
      fc.record({
        prompt: fc.integer({ min: 1, max: 60 }),
        output: fc.integer({ min: 1, max: 20 }),
      }),
      { minLength: 1, maxLength: 20 },
    )
    fc.assert(
      fc.property(requests, fc.integer({ min: 90, max: 300 }), (all, kvCapacityTokens) => {
        const physics = { ...plain, kvCapacityTokens, maxSequences: 5, stepTokens: 32 }
        const scheduler = new StepScheduler<number>(physics)
        all.forEach(({ prompt, output }, key) => scheduler.add(key, prompt, output))
        const counts = all.map(() => 0)
        for (let step = scheduler.step(); step !== undefined; step = scheduler.step()) {
          expect(scheduler.kvUsedTokens).toBeLessThanOrEqual(kvCapacityTokens)
          expect(scheduler.running).toBeLessThanOrEqual(5)
          for (const { key, index, last } of step.tokens) {
            expect(index).toBe(counts[key])
            counts[key] = index + 1
            expect(last).toBe(index + 1 === all[key]?.output)
          }
        }
        expect(counts).toEqual(all.map(({ output }) => output))
      }),
    )
  })

  it('forgets what is removed', () => {
    const scheduler = new StepScheduler<string>(plain)
    scheduler.add('a', 5, 5)
    scheduler.add('b', 5, 5)
    scheduler.step()
    scheduler.remove('a')
    expect(scheduler.step()?.tokens.map(({ key }) => key)).toEqual(['b'])
    scheduler.remove('b')
    expect(scheduler.step()).toBeUndefined()
  })
})

describe('arguments', () => {
  it('choose the profile and replace single figures', () => {
    expect(physicsOf(block({}, 'A100')).base).toBe(hardwareProfiles.A100.base)
    expect(physicsOf(block({ profile: 'cpu', base: 0.5 }, 'A100'))).toMatchObject({
      base: 0.5,
      perSequence: hardwareProfiles.cpu.perSequence,
    })
  })

  it('are refused with every problem at once', () => {
    try {
      parseSimulatedArgs(block({ speed: 3, error_rate: 2 }))
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'SWEEP_INVALID',
        problems: expect.arrayContaining([
          expect.objectContaining({ field: 'engines.args.speed', value: '3' }),
          expect.objectContaining({ field: 'engines.args.error_rate', value: '2' }),
        ]) as unknown,
      })
    }
  })

  it('tell what can never run', () => {
    const engine = createSimulatedEngine({ stateDir: '/nowhere' })
    const configuration = { ...block({ max_context_tokens: 100 }), load: 1, inputTokens: 90 }
    expect(engine.infeasible?.({ ...configuration, outputTokens: 11 })).toContain('101 tokens')
    expect(engine.infeasible?.({ ...configuration, outputTokens: 10 })).toBeUndefined()
  })
})
