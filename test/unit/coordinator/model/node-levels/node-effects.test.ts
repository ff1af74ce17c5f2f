import { describe, expect, it } from 'vitest'
import { createSurface } from '../../../../../coordinator/model/create-surface.js'
import type { Observation } from '../../../../../coordinator/plan/strategy.js'
import type { Configuration } from '../../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../../shared/domain/space.js'
import { createRandom } from '../../../../../shared/stats/random.js'

const loads = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]
const space = spaceOf(
  loads.flatMap((load) =>
    [64, 256, 1024].flatMap((inputTokens) =>
      [16, 128].map((outputTokens): Configuration => ({
        ...{ model: 'm', engine: 'simulated', engineArgs: {}, hardware: 'H100' },
        ...{ tensorParallel: 1, load, inputTokens, outputTokens },
      })),
    ),
  ),
)
const truth = (index: number): number => {
  const { load, inputTokens, outputTokens } = space.at(index)
  return 0.008 + 2e-4 * load + 2e-8 * load * (inputTokens + outputTokens / 2)
}
const usualNoise = 0.005

interface Campaign {
  /** Log level of an agent at its nth trial of the campaign. */
  readonly level: (agent: number, trial: number) => number
  readonly agents: number
  readonly trials?: number
  /** Every so many trials measure an anchor again. */
  readonly anchorEvery?: number
}

/** Agents take turns over a random order; every agent measures the anchors again and again. */
function observations(campaign: Campaign, seed: number, noise = usualNoise): Observation[] {
  const { agents, level, trials = 40, anchorEvery = 4 } = campaign
  const random = createRandom(seed)
  const anchors = [3, 27, 51]
  return Array.from({ length: trials }, (_, trial) => {
    const agent = trial % agents
    const isAnchor = Math.floor(trial / agents) % anchorEvery === 0
    const visit = Math.floor(trial / agents / anchorEvery)
    const index = isAnchor ? (anchors[visit % anchors.length] as number) : random.below(space.size)
    const value = truth(index) * Math.exp(level(agent, trial) + noise * random.normal())
    return {
      ...{ index, outcome: 'measured', cost: 1, agent: `agent-${agent}`, at: 1000 * trial },
      purpose: isAnchor ? 'repeat' : 'explore',
      values: { itl: { value, relativeSd: noise } },
    }
  })
}

function surfaceOf(told: readonly Observation[]) {
  const surface = createSurface({
    ...{ space, workload: { kind: 'static-batch' }, metrics: ['itl'], seed: 1 },
    ...{ tolerance: 0.05, confidence: 0.9, repetitions: 1, warmups: 0 },
  })
  for (const each of told) surface.tell(each)
  return surface
}

function errorOf(surface: ReturnType<typeof surfaceOf>): number {
  const errors = Array.from({ length: space.size }, (_, index) =>
    Math.abs((surface.estimate('itl', index)?.value ?? Infinity) / truth(index) - 1),
  )
  return errors.reduce((sum, error) => sum + error, 0) / errors.length
}

const seeds = Array.from({ length: 12 }, (_, k) => k + 1)
const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length

describe('levels of nodes', () => {
  it('are found with their intervals, and their mean is what the surface is of', () => {
    const levels = [0.05, -0.03, -0.02]
    let inside = 0
    const errors = seeds.map((seed) => {
      const told = observations({ agents: 3, level: (agent) => levels[agent] as number }, seed)
      const surface = surfaceOf(told)
      const nodes = surface.nodes()
      expect(nodes.map(({ agent }) => agent)).toEqual(['agent-0', 'agent-1', 'agent-2'])
      nodes.forEach(({ ratios: [itl] }, agent) => {
        const is = levels[agent] as number
        if (itl === undefined) throw new Error('no ratio')
        expect(Math.abs(Math.log(itl.ratio.value) - is)).toBeLessThan(0.02)
        if (Math.log(itl.ratio.low) <= is && is <= Math.log(itl.ratio.high)) inside += 1
      })
      const blind = surfaceOf(told.map((each) => ({ ...each, agent: 'one', at: 0 })))
      return { own: errorOf(surface), blind: errorOf(blind) }
    })
    expect(inside / (3 * seeds.length)).toBeGreaterThanOrEqual(0.8)
    expect(mean(errors.map(({ own }) => own))).toBeLessThan(
      0.8 * mean(errors.map(({ blind }) => blind)),
    )
  })

  it('are within their intervals of none where nodes are alike', () => {
    const off = seeds.flatMap((seed) => {
      const nodes = surfaceOf(observations({ agents: 3, level: () => 0 }, seed)).nodes()
      return nodes.map(({ ratios: [itl] }) => (itl as { ratio: { low: number } }).ratio.low > 1)
    })
    expect(off.filter(Boolean).length / off.length).toBeLessThanOrEqual(0.1)
  })

  it('of a node that throttles do not bend the surface, and the claim is not surer for it', () => {
    const trials = 96
    const level = (agent: number, trial: number) => (agent === 2 && trial >= 48 ? Math.log(1.1) : 0)
    const errors = seeds.map((seed) => {
      const told = observations({ agents: 3, level, trials, anchorEvery: 3 }, seed)
      const surface = surfaceOf(told)
      const [change] = surface.changes()
      expect(change?.agent).toBe('agent-2')
      expect(change?.suspect).toBe('since')
      const blind = surfaceOf(told.map((each) => ({ ...each, agent: 'one', at: 0 })))
      const [own] = surface.accuracy()
      return {
        own: errorOf(surface),
        blind: errorOf(blind),
        claimed: 1 - (own?.accuracy.value ?? 0),
      }
    })
    expect(mean(errors.map(({ own }) => own))).toBeLessThan(
      0.6 * mean(errors.map(({ blind }) => blind)),
    )
    for (const { own, claimed } of errors) expect(claimed).toBeGreaterThan(own / 2)
  })

  it('make suspect configurations worth measuring again, as far as the step is not known', () => {
    const trials = 96
    const level = (agent: number, trial: number) => (agent === 2 && trial >= 60 ? 0.5 : 0)
    const told = observations({ agents: 3, level, trials, anchorEvery: 3 }, 5, 0.03)
    const surface = surfaceOf(told)
    const [change] = surface.changes()
    expect(change?.agent).toBe('agent-2')
    const acquisition = surface.acquisition()
    if (acquisition === undefined || change === undefined) throw new Error('nothing learnt')
    const once = (index: number) => told.filter((each) => each.index === index).length === 1
    const gains = (suspect: boolean) =>
      told
        .filter(({ agent, at }) => (agent === 'agent-2' && at >= change.by) === suspect)
        .filter(({ index }) => once(index))
        .map(({ index }) => acquisition.repeatGainAt(acquisition.pool.indexOf(index)))
    expect(gains(true).length).toBeGreaterThan(1)
    expect(Math.min(...gains(true))).toBeGreaterThan(Math.max(...gains(false)))
  })
})
