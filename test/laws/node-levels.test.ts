import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSurface } from '../../coordinator/model/create-surface.js'
import { GaussianProcess } from '../../coordinator/model/gaussian-process.js'
import { mergedParts } from '../../coordinator/model/harvest/harvest-values.js'
import type { Merged } from '../../coordinator/model/harvest/harvest-values.js'
import { matern52 } from '../../coordinator/model/kernels.js'
import { LevelColumns } from '../../coordinator/model/node-levels/level-columns.js'
import { LevelEffects, SharedNoise } from '../../coordinator/model/node-levels/level-effects.js'
import type { Observation } from '../../coordinator/plan/strategy.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import { spaceOf } from '../../shared/domain/space.js'
import { createRandom } from '../../shared/stats/random.js'

const agents = ['a', 'b', 'c']
const nodes = agents.map((agent) => ({ hardware: 'H100', agent }))
const columns = new LevelColumns(
  nodes.map((node, k) => [node, 5 + k]),
  [{ agent: 'b', after: 50, by: 51, before: 9, since: 3, suspect: 'since', shifts: [] }],
)
const before = LevelEffects.before(columns, { node: 0.03, changes: [0.1] })

/** Values of configurations on a line, each by an agent at a time. */
const values = fc.array(
  fc.record({
    place: fc.integer({ min: 0, max: 5 }),
    agent: fc.constantFrom(...agents),
    at: fc.integer({ min: 0, max: 100 }),
    log: fc.double({ min: -1, max: 1, noNaN: true }),
    variance: fc.double({ min: 1e-3, max: 0.1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 14 },
)
type Value = Merged & { readonly place: number }

const kernel = (a: number, b: number): number => matern52(Math.abs(a - b) / 2)

function conditioned(rows: readonly Value[], levels: LevelEffects, means: (row: Value) => number) {
  const n = rows.length
  const noise = new SharedNoise(
    levels,
    rows.map(({ level }) => level),
  )
  const matrix = new Float64Array(n * n)
  rows.forEach((one, i) => {
    rows.forEach((other, j) => {
      const own = i === j ? one.variance : 0
      matrix[i * n + j] = kernel(one.place, other.place) + noise.between(i, j) + own
    })
  })
  return new GaussianProcess(
    matrix,
    Float64Array.from(rows, (row) => row.log - means(row)),
  )
}

const told = (all: readonly (Omit<Value, 'level'> & { agent: string; at: number })[]): Value[] =>
  all.map(({ place, log, variance, agent, at }) => ({
    ...{ place, log, variance },
    level: columns.of('H100', { agent, at }),
  }))

describe('laws of the levels of nodes', () => {
  it('differences within configurations and their means say together what all values say', () => {
    fc.assert(
      fc.property(values, (all) => {
        const rows = told(all)
        const whole = conditioned(rows, before, () => 0)
        const byAll = before.seenBy(
          whole,
          rows.map(({ level }) => level),
        )
        const groups = [0, 1, 2, 3, 4, 5]
          .map((place) => rows.filter((row) => row.place === place))
          .filter((group) => group.length > 0)
        const base = before.given(groups)
        const merged = groups.map((group) => ({
          ...(mergedParts(group) as Merged),
          place: (group[0] as Value).place,
        }))
        const process = conditioned(merged, base, ({ level }) => base.mean(level))
        const inTwo = base.seenBy(
          process,
          merged.map(({ level }) => level),
        )
        inTwo.means.forEach((mean, k) => {
          expect(mean).toBeCloseTo(byAll.means[k] as number, 8)
        })
        inTwo.covariance.forEach((value, k) => {
          expect(value).toBeCloseTo(byAll.covariance[k] as number, 8)
        })
        for (const place of [0.5, 3, 7]) {
          const towards = (list: readonly Value[]) =>
            Float64Array.from(list, (row) => kernel(place, row.place))
          expect(process.mean(towards(merged))).toBeCloseTo(whole.mean(towards(rows)), 8)
          expect(process.variance(towards(merged), 1)).toBeCloseTo(
            whole.variance(towards(rows), 1),
            8,
          )
        }
      }),
    )
  })

  it('the levels of a class sum to 0 whatever was measured, and never grow less certain', () => {
    fc.assert(
      fc.property(values, (all) => {
        const known = before.given([told(all)])
        const sum = [0, 1, 2].reduce((total, k) => total + (known.means[k] as number), 0)
        expect(sum).toBeCloseTo(0, 10)
        for (let column = 0; column < columns.size; column += 1) {
          const row = [{ column, part: 1 }]
          expect(known.variance(row)).toBeLessThanOrEqual(before.variance(row) + 1e-12)
        }
      }),
    )
  })
})

const space = spaceOf(
  [1, 2, 4, 8, 16, 32].flatMap((load) =>
    [64, 512].map((inputTokens): Configuration => ({
      ...{ model: 'm', engine: 'simulated', engineArgs: {}, hardware: 'H100' },
      ...{ tensorParallel: 1, load, inputTokens, outputTokens: 32 },
    })),
  ),
)

function surfaceOf(observations: readonly Observation[]) {
  const surface = createSurface({
    ...{ space, workload: { kind: 'static-batch' }, metrics: ['itl'], seed: 1 },
    ...{ tolerance: 0.05, confidence: 0.9, repetitions: 1, warmups: 0 },
  })
  for (const observation of observations) surface.tell(observation)
  return surface
}

const said = (surface: ReturnType<typeof surfaceOf>) => ({
  estimates: Array.from({ length: space.size }, (_, index) => surface.estimate('itl', index)),
  accuracy: surface.accuracy(),
  nodes: surface.nodes(),
  changes: surface.changes(),
})

/** Each configuration once or twice. */
const measured = fc
  .record({
    indices: fc.array(fc.nat({ max: space.size - 1 }), { minLength: 3, maxLength: 16 }),
    seed: fc.nat(),
  })
  .map(({ indices, seed }) => {
    const random = createRandom(seed)
    return indices.map((index, at): Observation => {
      const { load, inputTokens } = space.at(index)
      const value =
        (0.01 + 1e-4 * load + 1e-8 * load * inputTokens) * Math.exp(0.01 * random.normal())
      return {
        ...{ index, outcome: 'measured', cost: 1, purpose: 'explore', agent: 'a', at },
        values: { itl: { value, relativeSd: 0.01 } },
      }
    })
  })

describe('laws of a surface that nodes measured', () => {
  it('one node has no level, whatever it is called: the surface is its own', () => {
    fc.assert(
      fc.property(measured, (observations) => {
        const one = said(surfaceOf(observations))
        const renamed = said(surfaceOf(observations.map((each) => ({ ...each, agent: 'z' }))))
        expect(renamed).toEqual(one)
        expect(one.nodes).toEqual([])
      }),
      { numRuns: 20 },
    )
  })

  it('names of nodes do not matter, nor the order in which values are told', () => {
    fc.assert(
      fc.property(measured, fc.nat(), (observations, seed) => {
        const random = createRandom(seed)
        const spread = observations.map((each) => ({
          ...each,
          agent: agents[random.below(agents.length)] as string,
        }))
        const one = said(surfaceOf(spread))
        expect(said(surfaceOf([...spread].reverse()))).toEqual(one)
        const order = (agent: string) => `node-${agents.indexOf(agent)}`
        const other = said(surfaceOf(spread.map((each) => ({ ...each, agent: order(each.agent) }))))
        expect(other.estimates).toEqual(one.estimates)
      }),
      { numRuns: 20 },
    )
  })
})
