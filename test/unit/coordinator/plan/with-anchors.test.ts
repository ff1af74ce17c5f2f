import { describe, expect, it } from 'vitest'
import { createSurface } from '../../../../coordinator/model/create-surface.js'
import { anchorPoints } from '../../../../coordinator/plan/anchor-points.js'
import { strategies } from '../../../../coordinator/plan/strategies.js'
import type { Asker, Observation } from '../../../../coordinator/plan/strategy.js'
import { blockKey } from '../../../../shared/domain/configuration.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'
import type { StrategyName } from '../../../../shared/domain/sweep.js'
import { createRandom } from '../../../../shared/stats/random.js'

const hour = 3_600_000
const configurations = ['H100', 'L4'].flatMap((hardware) =>
  [1, 2, 4].flatMap((tensorParallel) =>
    [1, 2, 4, 8, 16, 32].flatMap((load) =>
      [64, 128, 256, 512].map((inputTokens): Configuration => ({
        ...{ model: 'm', engine: 'simulated', engineArgs: {}, hardware },
        ...{ tensorParallel, load, inputTokens, outputTokens: 32 },
      })),
    ),
  ),
)
const space = spaceOf(configurations)

function open(name: StrategyName = 'adaptive', anchorShare = 0.1) {
  const surface = createSurface({
    ...{ space, workload: { kind: 'static-batch' }, metrics: ['itl'], seed: 1 },
    ...{ tolerance: 0.05, confidence: 0.9, repetitions: 1, warmups: 0 },
  })
  const anchors = new Set(anchorPoints(space, surface, 1))
  const strategy = strategies[name]({
    ...{ space, surface, seed: 1, auditShare: 0.2, anchorShare },
    workload: { kind: 'static-batch' },
  })
  const random = createRandom(7)
  const askerOf = (agent: string, at?: number): Asker => ({
    agent,
    canRun: ({ hardware }) => hardware === 'H100',
    ...(at === undefined ? {} : { at }),
  })
  return {
    anchors,
    strategy,
    /** Asks for one trial and ends it; undefined when there is none. */
    measure(agent: string, at?: number, level = 1): Observation | undefined {
      const [suggestion] = strategy.ask(askerOf(agent, at), 1)
      if (suggestion === undefined) return undefined
      const { index, purpose } = suggestion
      surface.tellPending(index, purpose)
      strategy.tellPending(index, purpose)
      const { load } = space.at(index)
      const value = (0.01 + 1e-4 * load) * level * Math.exp(0.005 * random.normal())
      const observation: Observation = {
        ...{ index, purpose, agent, outcome: 'measured', cost: 1, at: at ?? 0 },
        values: { itl: { value, relativeSd: 0.005 } },
      }
      surface.tell(observation)
      strategy.tell(observation)
      return observation
    },
    surface,
  }
}

describe('anchors', () => {
  it('are of the space alone: three of every class, cheap, in different blocks', () => {
    const { anchors, surface } = open()
    expect(anchors.size).toBe(6)
    const chosen = [...anchors].map((index) => space.at(index))
    for (const hardware of ['H100', 'L4']) {
      const own = chosen.filter((each) => each.hardware === hardware)
      expect(new Set(own.map(blockKey)).size).toBe(3)
    }
    const costs = configurations.map((_, index) => surface.cost(index)).sort((a, b) => a - b)
    for (const index of anchors) {
      expect(surface.cost(index)).toBeLessThanOrEqual(
        costs[Math.floor(0.75 * costs.length)] as number,
      )
    }
    expect(new Set(anchorPoints(space, surface, 1))).toEqual(anchors)
  })

  it('are measured by every agent, again every half hour, within their share of the cost', () => {
    const campaign = open('sobol')
    const told: Observation[] = []
    for (let trial = 0; trial < 60; trial += 1) {
      const agent = trial % 2 === 0 ? 'a' : 'b'
      const observation = campaign.measure(agent, (trial * hour) / 6)
      if (observation !== undefined) told.push(observation)
    }
    const anchored = told.filter(({ index }) => campaign.anchors.has(index))
    for (const agent of ['a', 'b']) {
      const own = anchored.filter((each) => each.agent === agent)
      expect(own.filter(({ purpose }) => purpose === 'repeat').length).toBeGreaterThanOrEqual(1)
      own.slice(1).forEach(({ at, purpose }, k) => {
        // What the strategy measures of its own accord comes when it comes.
        if (purpose !== 'repeat') return
        expect(at - (own[k]?.at ?? NaN)).toBeGreaterThanOrEqual(hour / 2)
      })
    }
    const cost = anchored.filter(({ purpose }) => purpose === 'repeat').length
    expect(cost).toBeLessThanOrEqual(0.1 * told.length + 1)
  })

  it('of an agent whose level changed come at once, until its new level is known', () => {
    const campaign = open('adaptive', 0.4)
    const told: Observation[] = []
    for (let trial = 0; trial < 70; trial += 1) {
      const agent = trial % 2 === 0 ? 'a' : 'b'
      const level = agent === 'b' && trial >= 40 ? 1.2 : 1
      const observation = campaign.measure(agent, (trial * hour) / 8, level)
      if (observation !== undefined) told.push(observation)
    }
    const [change] = campaign.surface.changes()
    expect(change?.agent).toBe('b')
    const since = told.filter(
      ({ index, agent, at }) =>
        campaign.anchors.has(index) && agent === 'b' && at >= (change?.by ?? Infinity),
    )
    expect(since.length).toBeGreaterThanOrEqual(3)
  })

  it('leave neighbours in time four fifths as far apart in space as any two choices, or farther', () => {
    const campaign = open()
    const told = Array.from({ length: 40 }, (_, trial) => campaign.measure('a', trial * 60_000))
    const points = told.flatMap((each) => {
      if (each === undefined) return []
      const { load, inputTokens, tensorParallel } = space.at(each.index)
      return [[load, inputTokens, tensorParallel].map(Math.log2)]
    })
    const distance = (a: readonly number[], b: readonly number[]) =>
      Math.hypot(...a.map((x, d) => x - (b[d] as number)))
    const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length
    const consecutive = points.slice(1).map((point, k) => distance(point, points[k] ?? point))
    const any = points.flatMap((a, i) => points.slice(0, i).map((b) => distance(a, b)))
    expect(points.length).toBe(40)
    expect(mean(consecutive)).toBeGreaterThan(0.8 * mean(any))
  })

  it('are none without a share, or without a time: then the strategy is what it is alone', () => {
    const without = [
      { campaign: open('adaptive', 0), at: hour },
      { campaign: open('adaptive', 0.3), at: undefined },
    ]
    const choices = without.map(({ campaign, at }) =>
      Array.from({ length: 20 }, (_, trial) =>
        campaign.measure('a', at === undefined ? undefined : trial * at),
      ).map((observation) => observation?.index),
    )
    expect(choices[1]).toEqual(choices[0])
  })

  it('are told apart from the strategy’s own: it keeps its repeats for the noise of the whole space', () => {
    const campaign = open('adaptive', 0.3)
    const told = Array.from({ length: 45 }, (_, trial) => campaign.measure('a', trial * hour))
    const repeats = told
      .filter((each) => each?.purpose === 'repeat')
      .map((each) => each?.index ?? -1)
    expect(repeats.filter((index) => campaign.anchors.has(index)).length).toBeGreaterThan(5)
    expect(repeats.filter((index) => !campaign.anchors.has(index)).length).toBeGreaterThan(0)
  })
})
