import { describe, expect, it } from 'vitest'
import type { Surface } from '../../../../coordinator/model/surface.js'
import { strategies } from '../../../../coordinator/plan/strategies.js'
import type { StrategyContext, Suggestion } from '../../../../coordinator/plan/strategy.js'
import { configurationKey } from '../../../../shared/domain/configuration.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import { spaceOf } from '../../../../shared/domain/space.js'
import type { StrategyName } from '../../../../shared/domain/sweep.js'

interface Options extends Partial<Omit<StrategyContext, 'space' | 'surface'>> {
  readonly loads?: readonly number[]
  readonly inputs?: readonly number[]
  readonly outputs?: readonly number[]
  readonly parallels?: readonly number[]
  readonly engine?: string
  readonly infeasible?: (configuration: Configuration) => boolean
}

function open(name: StrategyName, options: Options = {}) {
  const configurations = (options.parallels ?? [1]).flatMap((tensorParallel) =>
    (options.loads ?? [1, 2, 3, 4, 6, 8]).flatMap((load) =>
      (options.inputs ?? [128, 512]).flatMap((inputTokens) =>
        (options.outputs ?? [16, 128]).map((outputTokens) => ({
          model: 'm',
          engine: options.engine ?? 'simulated',
          engineArgs: { slots: 4 },
          hardware: 'H100',
          tensorParallel,
          load,
          inputTokens,
          outputTokens,
        })),
      ),
    ),
  )
  const space = spaceOf(configurations)
  const surface: Surface = {
    tell: () => undefined,
    tellPending: () => undefined,
    remove: () => undefined,
    tellEngine: () => undefined,
    estimate: () => undefined,
    feasible: (index) => (options.infeasible?.(space.at(index)) === true ? 0 : 1),
    cost: (index) => space.at(index).load,
    accuracy: () => [],
    fullGridCost: () => ({ value: 1, low: 1, high: 1 }),
  }
  const { seed = 1, auditShare = 0, workload, points } = options
  const strategy = strategies[name]({
    space,
    surface,
    seed,
    auditShare,
    ...(workload === undefined ? {} : { workload }),
    ...(points === undefined ? {} : { points }),
  })
  /** Measures as suggested, one at a time. */
  const run = (count = 1000): (Suggestion & { configuration: Configuration })[] => {
    const log: (Suggestion & { configuration: Configuration })[] = []
    for (let trial = 0; trial < count; trial += 1) {
      const [suggestion] = strategy.ask({ agent: 'a', canRun: () => true }, 1)
      if (suggestion === undefined) break
      const { index, purpose } = suggestion
      const configuration = space.at(index)
      strategy.tellPending(index, purpose)
      strategy.tell({
        index,
        outcome: 'measured',
        values: { itl: { value: 1 + configuration.load ** 2, relativeSd: 0.01 } },
        cost: configuration.load,
        purpose,
        agent: 'a',
        at: 0,
      })
      log.push({ ...suggestion, configuration })
    }
    return log
  }
  return { space, strategy, run }
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)]

describe('full-grid', () => {
  it('goes through the space in its order', () => {
    const { run, space } = open('full-grid')
    expect(run().map(({ index }) => index)).toEqual(Array.from({ length: space.size }, (_, i) => i))
  })

  it('passes over what is known to fail', () => {
    const { run, strategy } = open('full-grid', { infeasible: ({ load }) => load > 4 })
    expect(distinct(run().map(({ configuration }) => configuration.load))).toEqual([1, 2, 3, 4])
    expect(strategy.exhausted()).toBe(true)
  })

  it('knows what it will still cost', () => {
    const { run, strategy } = open('full-grid')
    expect(strategy.remainingCost?.()).toBe(4 * (1 + 2 + 3 + 4 + 6 + 8))
    run(4)
    expect(strategy.remainingCost?.()).toBe(4 * (2 + 3 + 4 + 6 + 8))
  })
})

describe('powers-of-two', () => {
  it('measures only loads that are powers of two', () => {
    const log = open('powers-of-two').run()
    expect(distinct(log.map(({ configuration }) => configuration.load))).toEqual([1, 2, 4, 8])
    expect(log).toHaveLength(16)
  })

  it('takes the nearest loads of an axis without any', () => {
    const log = open('powers-of-two', { loads: [3, 5, 7, 10, 12] }).run()
    expect(distinct(log.map(({ configuration }) => configuration.load))).toEqual([5, 7, 12])
  })
})

describe('octaves', () => {
  it('measures whole octaves, then half-octaves, then finer', () => {
    const log = open('octaves', {
      loads: [1, 2, 3, 4, 5, 6, 7, 8],
      inputs: [128],
      outputs: [16],
    }).run()
    expect(log.map(({ configuration }) => configuration.load)).toEqual([1, 2, 4, 8, 3, 6, 5, 7])
    expect(log[4]?.why).toBe('its load is on half-octaves')
  })
})

describe('short-output', () => {
  const outputs = [16, 64, 128]
  const outputsOf = (options: Options) =>
    distinct(
      open('short-output', { outputs, ...options })
        .run()
        .map(({ configuration }) => configuration.outputTokens),
    )

  it('measures the shortest output of a static batch', () => {
    expect(outputsOf({ workload: { kind: 'static-batch' } })).toEqual([16])
  })

  it('keeps the longest beside it where requests overlap, or may', () => {
    expect(outputsOf({ workload: { kind: 'closed-loop' } })).toEqual([16, 128])
    expect(outputsOf({})).toEqual([16, 128])
  })
})

describe('designs of points', () => {
  it.each(['sobol', 'latin-hypercube'] as const)(
    '%s spreads its first points over an axis',
    (name) => {
      const loads = Array.from({ length: 16 }, (_, i) => i + 1)
      const log = open(name, { loads, inputs: [128], outputs: [16] }).run(16)
      expect(distinct(log.map(({ index }) => index))).toHaveLength(16)
      expect(log.every(({ why }) => why.startsWith('the next point'))).toBe(true)
    },
  )

  it.each(['sobol', 'latin-hypercube', 'random'] as const)('%s depends on its seed', (name) => {
    const first = open(name, { seed: 1 }).run(8)
    const second = open(name, { seed: 2 }).run(8)
    expect(first.map(({ index }) => index)).not.toEqual(second.map(({ index }) => index))
  })
})

describe('random-per-cost', () => {
  it('measures cheap configurations more often than dear ones', () => {
    const loads = [1, 16]
    const firsts = Array.from({ length: 40 }, (_, seed) =>
      open('random-per-cost', { loads, seed: seed + 1 }).run(1),
    ).flat()
    const cheap = firsts.filter(({ configuration }) => configuration.load === 1).length
    expect(cheap).toBeGreaterThan(30)
    expect(cheap).toBeLessThan(40)
  })

  it('stays with a running engine where a start is dear', () => {
    const { run } = open('random-per-cost', { parallels: [1, 2], engine: 'trtllm' })
    const first = run(1)[0]?.configuration.tensorParallel
    const { strategy, space } = open('random-per-cost', { parallels: [1, 2], engine: 'trtllm' })
    const suggestions = strategy.ask({ agent: 'a', canRun: () => true }, 6)
    expect(suggestions.map(({ index }) => space.at(index).tensorParallel)).toEqual(
      Array.from({ length: 6 }, () => first),
    )
  })
})

describe('simplex', () => {
  it('begins with the corners of each block and then goes where the values differ', () => {
    const loads = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32]
    const log = open('simplex', { loads, inputs: [128], outputs: [16] }).run(6)
    const order = log.map(({ configuration }) => configuration.load)
    expect(order.slice(0, 2).sort((a, b) => a - b)).toEqual([1, 32])
    expect(log.slice(0, 2).every(({ why }) => why === 'a corner of its block')).toBe(true)
    expect(order.filter((load) => load >= 6)).toHaveLength(4)
  })
})

describe('max-variance', () => {
  it('begins with points of a Sobol sequence', () => {
    const log = open('max-variance').run(8)
    expect(log.every(({ why }) => why === 'the next point of a Sobol sequence')).toBe(true)
  })
})

describe('custom', () => {
  it('measures its points in their order, each once', () => {
    const { run, space } = open('custom', {
      points: [
        { batch_size: 8, input_tokens: 512 },
        { key: configurationKey(open('full-grid').space.at(0)) },
        { batch_size: 8, input_tokens: 512, output_tokens: 16, slots: 4 },
      ],
    })
    expect(run().map(({ index }) => index)).toEqual([space.size - 2, space.size - 1, 0])
  })

  it('names every point that the space does not have', () => {
    let thrown: unknown
    try {
      open('custom', { points: [{ batch_size: 5 }, { batch_size: 1 }, { colour: 'red' }] })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(FmworkError)
    const { code, problems } = thrown as FmworkError
    expect(code).toBe('SWEEP_INVALID')
    expect(problems.map(({ field, value }) => [field, value])).toEqual([
      ['strategy.points.0', '{"batch_size":5}'],
      ['strategy.points.2', '{"colour":"red"}'],
    ])
  })
})

describe('audits beside any strategy', () => {
  const loads = Array.from({ length: 40 }, (_, i) => i + 1)

  it('get their share of the cost and no more', () => {
    const log = open('sobol', { loads, auditShare: 0.25 }).run(60)
    const cost = (only: (each: Suggestion) => boolean) =>
      log.filter(only).reduce((sum, { configuration }) => sum + configuration.load, 0)
    const share = cost(({ purpose }) => purpose === 'audit') / cost(() => true)
    expect(share).toBeGreaterThan(0.18)
    expect(share).toBeLessThan(0.32)
  })

  it('reach beyond a reduction', () => {
    const log = open('powers-of-two', { loads, auditShare: 0.25 }).run()
    const audits = log.filter(({ purpose }) => purpose === 'audit')
    expect(
      audits.some(({ configuration }) => !Number.isInteger(Math.log2(configuration.load))),
    ).toBe(true)
    const rest = log.filter(({ purpose }) => purpose === 'explore')
    expect(rest.every(({ configuration }) => Number.isInteger(Math.log2(configuration.load)))).toBe(
      true,
    )
  })

  it('count in what remains', () => {
    const plain = open('powers-of-two', { loads }).strategy.remainingCost?.() ?? NaN
    const audited = open('powers-of-two', { loads, auditShare: 0.2 }).strategy.remainingCost?.()
    expect(audited).toBeCloseTo(plain / 0.8, 6)
  })
})
