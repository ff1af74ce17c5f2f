import { describe, expect, it } from 'vitest'
import { createSurface } from '../../../../coordinator/model/create-surface.js'
import type { LearntSurface } from '../../../../coordinator/model/learnt-surface.js'
import { basisOf } from '../../../../coordinator/model/physics.js'
import { blockKey } from '../../../../shared/domain/configuration.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'

const configuration = (load: number, inputTokens: number, outputTokens: number): Configuration => ({
  model: 'm',
  engine: 'recorded',
  engineArgs: {},
  hardware: 'H100',
  tensorParallel: 1,
  load,
  inputTokens,
  outputTokens,
})
const still = { kind: 'static-batch' } as const

describe('the first token of a batch that memory does not hold', () => {
  const prefill = basisOf('ttft', still)
  // (1 + wait)·b·n/tp is the third term, wait·out/tp the seventh, with small last rounds the tenth.
  const terms = (load: number, capacity: number) =>
    prefill.terms(configuration(load, 100, 50), capacity)

  it('waits for nothing while all of it fits', () => {
    expect(terms(8, 1200)[2]).toBe(800)
    expect(terms(8, 1200)[6]).toBe(0)
    expect(terms(8, 1200)[9]).toBe(0)
  })

  it('waits half a round in the mean for every round more', () => {
    // 8 fit: 16 take two full rounds, 24 take three.
    expect(terms(16, 1200)[2]).toBe(1200)
    expect(terms(16, 1200)[6]).toBe(25)
    expect(terms(16, 1200)[9]).toBe(25)
    expect(terms(24, 1200)[6]).toBe(50)
    expect(terms(24, 1200)[9]).toBe(50)
  })

  it('knows a last round that is not full', () => {
    // 10 of which 8 fit: 2 wait for one round.
    expect(terms(10, 1200)[6]).toBe(25)
    expect(terms(10, 1200)[9]).toBeCloseTo(0.2 * 50, 12)
  })
})

describe('a memory limit that no engine told', () => {
  const usualLimit = 20_000
  const loads = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128]
  const all = loads.flatMap((load) =>
    [128, 256, 512, 1024].flatMap((input) =>
      [32, 128, 512].map((output) => configuration(load, input, output)),
    ),
  )
  const truth = ({ load, inputTokens, outputTokens }: Configuration, limit = usualLimit) => {
    const fitting = Math.max(1, Math.floor(limit / (inputTokens + outputTokens)))
    const b = Math.min(load, fitting)
    const wait = (Math.ceil(load / fitting) - 1) / 2
    const itl = 0.006 + 1e-4 * b
    return { itl, ttft: (1 + wait) * (0.01 + 4e-5 * b * inputTokens) + wait * outputTokens * itl }
  }

  const isMeasured = (index: number) => index % 4 === 0

  /** A surface that these configurations were measured for. */
  function surfaceOf(
    configurations: readonly Configuration[],
    measured: (index: number) => boolean,
    options: { readonly limit?: number; readonly toldTokens?: number | undefined },
  ): LearntSurface {
    const { limit, toldTokens } = options
    const surface = createSurface({
      space: spaceOf(configurations),
      workload: still,
      metrics: ['ttft', 'itl'],
      seed: 3,
      tolerance: 0.05,
      confidence: 0.9,
      repetitions: 1,
      warmups: 0,
    })
    if (toldTokens !== undefined) {
      surface.tellEngine(blockKey(configurations[0] as Configuration), {
        kind: 'recorded',
        version: '1',
        effectiveArgs: {},
        kvCapacityTokens: toldTokens,
      })
    }
    configurations.forEach((each, index) => {
      if (!measured(index)) return
      const { itl, ttft } = truth(each, limit)
      surface.tell({
        index,
        outcome: 'measured',
        values: {
          ttft: { value: ttft, relativeSd: 0.002 },
          itl: { value: itl, relativeSd: 0.002 },
        },
        cost: 1,
        purpose: 'explore',
        agent: 'a',
        at: 0,
      })
    })
    return surface
  }

  /** A surface that a quarter of the configurations was measured for. */
  const surfaceTold = (toldTokens?: number): LearntSurface =>
    surfaceOf(all, isMeasured, { toldTokens })

  /** Mean error of TTFT where memory is far from enough and nothing was measured. */
  function errorBeyond(toldTokens?: number): number {
    const surface = surfaceTold(toldTokens)
    const errors = all.flatMap((each, index) => {
      const { load, inputTokens, outputTokens } = each
      if (isMeasured(index) || load * (inputTokens + outputTokens) < 1.5 * usualLimit) return []
      return [Math.abs((surface.estimate('ttft', index)?.value ?? NaN) / truth(each).ttft - 1)]
    })
    expect(errors.length).toBeGreaterThan(10)
    return errors.reduce((sum, error) => sum + error, 0) / errors.length
  }

  it('is found from the measurements, so that waiting is foreseen where nothing was measured', () => {
    const found = errorBeyond()
    expect(found).toBeLessThan(0.1)
    expect(errorBeyond(1e9)).toBeGreaterThan(2 * found)
  })

  it('lies between the bounds that are told of it, which no longer matter where an engine told it', () => {
    const band = surfaceTold().limitBetween(0)
    expect(band?.low).toBeLessThanOrEqual(usualLimit)
    expect(band?.high).toBeGreaterThanOrEqual(usualLimit)
    expect((band?.high ?? Infinity) / (band?.low ?? 0)).toBeLessThan(2)
    expect(surfaceTold(usualLimit).limitBetween(0)).toBeUndefined()
  })
  it('is found between any two candidates, though all is measured below it and little beyond', () => {
    const grid = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128].flatMap((load) =>
      [32, 128, 512, 1024, 2048].map((input) => configuration(load, input, 8)),
    )
    const demandOf = ({ load, inputTokens, outputTokens }: Configuration) =>
      load * (inputTokens + outputTokens)
    const limits = Array.from({ length: 8 }, (_, step) => Math.round(40_000 * 2 ** (step / 16)))
    const missed = limits.filter((limit) => {
      const below = grid.filter((each) => demandOf(each) < limit)
      const beyond = grid
        .filter((each) => demandOf(each) > 1.05 * limit)
        .sort((a, b) => demandOf(a) - demandOf(b))
        .slice(0, 3)
      return !surfaceOf([...below, ...beyond], () => true, { limit }).isLimitKnown(0)
    })
    expect(missed).toEqual([])
  })
})
