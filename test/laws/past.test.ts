import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSurface } from '../../coordinator/model/create-surface.js'
import type { LearntSurface } from '../../coordinator/model/learnt-surface.js'
import { choosePast } from '../../coordinator/plan/choose-past.js'
import { createAdaptive } from '../../coordinator/plan/adaptive.js'
import type { Observation } from '../../coordinator/plan/strategy.js'
import { configurationKey } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { PastRow } from '../../shared/domain/past.js'
import { spaceOf } from '../../shared/domain/space.js'
import { createRandom, shuffled } from '../../shared/stats/random.js'

const metrics = ['ttft', 'itl'] as const

const configurations = (hardware: string, loads: readonly number[]): Configuration[] =>
  loads.flatMap((load) =>
    [64, 256, 1024].flatMap((inputTokens) =>
      [16, 128].map((outputTokens) => ({
        ...{ model: 'm', engine: 'vllm', engineArgs: {}, hardware, tensorParallel: 1 },
        ...{ load, inputTokens, outputTokens },
      })),
    ),
  )

/** A law of nature that two kinds of hardware share but for their speed. */
function times({ load, inputTokens, outputTokens }: Configuration, speed: number) {
  const itl = (0.005 + 2e-4 * load + 4e-7 * load * (inputTokens + outputTokens / 2)) / speed
  const ttft = (0.01 + 3e-5 * load * inputTokens) / speed
  return { ttft, itl }
}

function pastRows(
  seed: number,
  origin: string,
  loads: readonly number[],
  wrong = false,
): PastRow[] {
  const random = createRandom(seed)
  return configurations('A100', loads).map((configuration) => {
    const { ttft, itl } = times(configuration, 1)
    const noise = (): number => Math.exp((wrong ? 2 : 0.01) * random.normal())
    return {
      origin,
      configuration,
      values: {
        ttft: { value: ttft * noise(), relativeSd: 0.01 },
        itl: { value: itl * noise(), relativeSd: 0.01 },
      },
      cost: 1 + itl * configuration.outputTokens,
    }
  })
}

const space = spaceOf(configurations('H100', [1, 2, 4, 8, 16, 32]))

function surfaceWith(past: readonly PastRow[] | undefined, seed = 1): LearntSurface {
  return createSurface({
    ...{ space, workload: { kind: 'static-batch' }, metrics, seed },
    ...{ tolerance: 0.05, confidence: 0.9, repetitions: 1, warmups: 0 },
    ...(past === undefined ? {} : { past }),
  })
}

function measured(index: number, purpose: Observation['purpose'], seed: number): Observation {
  const random = createRandom(seed).fork(`measured ${index}`)
  const { ttft, itl } = times(space.at(index), 2.2)
  const noise = (): number => Math.exp(0.01 * random.normal())
  return {
    ...{ index, outcome: 'measured', purpose, agent: 'a', at: index, cost: 1 },
    values: {
      ttft: { value: ttft * noise(), relativeSd: 0.01 },
      itl: { value: itl * noise(), relativeSd: 0.01 },
    },
  }
}

/** So many results of the adaptive strategy; what it suggested. */
function play(surface: LearntSurface, count: number, seed = 1): number[] {
  const strategy = createAdaptive({ space, surface, seed, auditShare: 0.2 })
  const asker = { agent: 'a', canRun: () => true }
  return Array.from({ length: count }, () => {
    const [suggestion] = strategy.ask(asker, 1)
    if (suggestion === undefined) return -1
    const { index, purpose } = suggestion
    surface.tellPending(index, purpose)
    strategy.tellPending(index, purpose)
    const observation = measured(index, purpose, seed)
    surface.tell(observation)
    strategy.tell(observation)
    return index
  })
}

const everything = (surface: LearntSurface) => ({
  estimates: metrics.map((metric) =>
    Array.from({ length: space.size }, (_, index) => surface.estimate(metric, index)),
  ),
  accuracy: surface.accuracy(),
  use: surface.pastUse(),
  cost: surface.fullGridCost(),
})

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 })

describe('what past sweeps measured', () => {
  it('does not depend on the order in which it is given', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const past = [...pastRows(seed, 'one', [1, 3, 9]), ...pastRows(seed + 1, 'two', [2, 8])]
        const [first, second] = [past, shuffled(past, createRandom(seed))].map((rows) => {
          const surface = surfaceWith(rows, seed)
          return { suggested: play(surface, 9, seed), ...everything(surface) }
        })
        expect(second).toEqual(first)
      }),
      { numRuns: 4 },
    )
  })

  it('leaves everything as it is where there is none', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [none, empty] = [undefined, []].map((past) => {
          const surface = surfaceWith(past, seed)
          return { suggested: play(surface, 9, seed), ...everything(surface) }
        })
        expect(empty).toEqual(none)
        expect(none?.use).toEqual([])
      }),
      { numRuns: 3 },
    )
  })

  it('never is a part of the space: nothing of it is suggested, counted or called measured', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, wrong) => {
        const surface = surfaceWith(pastRows(seed, 'one', [1, 2, 4, 8], wrong), seed)
        expect(surface.accuracy().every(({ calibrated }) => !calibrated)).toBe(true)
        expect(surface.auditCount()).toBe(0)
        const suggested = play(surface, 12, seed)
        expect(suggested.every((index) => index >= 0 && index < space.size)).toBe(true)
        const { pool = [] } = surface.acquisition() ?? {}
        expect([...pool].every((index) => index < space.size)).toBe(true)
        expect(surface.auditCount()).toBeLessThanOrEqual(12)
      }),
      { numRuns: 4 },
    )
  })

  it('says the same whatever order results come in', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const past = pastRows(seed, 'one', [1, 4, 16])
        const told = [3, 8, 14, 20, 27, 33].map((index) => measured(index, 'explore', seed))
        const [first, second] = [told, shuffled(told, createRandom(seed))].map((order) => {
          const surface = surfaceWith(past, seed)
          for (const { index } of told) surface.tellPending(index, 'explore')
          for (const observation of order) surface.tell(observation)
          return everything(surface)
        })
        expect(second).toEqual(first)
      }),
      { numRuns: 4 },
    )
  })

  it('knows the shape of a space before anything of it is measured, and its level from one result', () => {
    const surface = surfaceWith(pastRows(1, 'one', [1, 2, 4, 8, 16, 32]))
    surface.tell(measured(10, 'explore', 1))
    const errors = Array.from({ length: space.size }, (_, index) => {
      const truth = times(space.at(index), 2.2).itl
      return Math.abs((surface.estimate('itl', index)?.value ?? Infinity) / truth - 1)
    })
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.05)
  })

  it('is dropped where it misleads, and kept where it helps', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const misled = surfaceWith(pastRows(seed, 'wrong', [1, 2, 4, 8, 16, 32], true), seed)
        play(misled, 20, seed)
        misled.accuracy()
        for (const use of misled.pastUse()) expect(use.isUsed).toBe(false)
      }),
      { numRuns: 3 },
    )
  })
})

describe('the choice among what was measured', () => {
  const rowsOf = (seed: number) => [
    ...pastRows(seed, 'one', [1, 2, 3, 5, 8, 13, 21]),
    ...pastRows(seed + 1, 'two', [1, 4, 16, 64]),
  ]

  it('is of a given size, of those given, and does not depend on their order', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 80 }), (seed, limit) => {
        const rows = rowsOf(seed)
        const chosen = choosePast(rows, seed, limit)
        expect(chosen.length).toBe(Math.min(limit, rows.length))
        for (const row of chosen) expect(rows).toContain(row)
        expect(choosePast(shuffled(rows, createRandom(seed)), seed, limit)).toEqual(chosen)
      }),
    )
  })

  it('has the ends of every axis, and something of every origin', () => {
    const chosen = choosePast(rowsOf(3), 3, 12)
    expect(new Set(chosen.map(({ origin }) => origin)).size).toBe(2)
    const loads = chosen.map(({ configuration }) => configuration.load)
    expect([Math.min(...loads), Math.max(...loads)]).toEqual([1, 64])
  })

  it('takes what an origin measured several times for one row', () => {
    const rows = pastRows(1, 'one', [1, 2])
    const again = pastRows(2, 'one', [1, 2])
    const chosen = choosePast([...rows, ...again], 1)
    expect(chosen.length).toBe(rows.length)
    const [first] = chosen
    const both = [...rows, ...again].filter(
      ({ configuration }) =>
        configurationKey(configuration) === configurationKey(first?.configuration as Configuration),
    )
    const logs = both.map(({ values }) => Math.log(values.itl?.value ?? NaN))
    expect(Math.log(first?.values.itl?.value ?? NaN)).toBeCloseTo(
      ((logs[0] ?? NaN) + (logs[1] ?? NaN)) / 2,
      12,
    )
    expect(first?.values.itl?.relativeSd).toBeCloseTo(0.01 / Math.SQRT2, 12)
  })
})
