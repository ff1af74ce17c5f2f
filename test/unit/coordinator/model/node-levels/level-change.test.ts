import { describe, expect, it } from 'vitest'
import {
  falseAlarmRate,
  findChanges,
} from '../../../../../coordinator/model/node-levels/level-change.js'
import type { LevelPoint } from '../../../../../coordinator/model/node-levels/level-change.js'
import { createRandom } from '../../../../../shared/stats/random.js'
import type { Random } from '../../../../../shared/stats/random.js'

const noise = 0.01
const fewTrials = 72
/** One in six trials measures again. */
const isRepeat = (trial: number): boolean => trial > 6 && trial % 6 === 0

interface Fleet {
  readonly agents: readonly string[]
  /** Log units that a trial on this agent, the nth of the sweep, is off for good. */
  readonly step: (agent: string, trial: number) => number
  /** One standardised deviation. */
  readonly deviation: (random: Random) => number
}

const normal = (random: Random): number => random.normal()
/** Student with 4 degrees of freedom, brought to variance 1. */
const heavy = (random: Random): number => {
  const squares = [1, 2, 3, 4].reduce((sum) => sum + random.normal() ** 2, 0)
  return random.normal() / Math.sqrt(squares / 4) / Math.SQRT2
}

/** Trials in order, as anchors have them: the oldest are measured again, on whichever agent asks. */
function simulate(fleet: Fleet, seed: number, trials = fewTrials): LevelPoint[] {
  const { agents, step, deviation } = fleet
  const random = createRandom(seed)
  let fresh = 0
  let again = 0
  return Array.from({ length: trials }, (_, trial) => {
    const agent = agents[random.below(agents.length)] as string
    const index = isRepeat(trial) ? again++ : fresh++
    const offset = 0.04 * agents.indexOf(agent) + step(agent, trial)
    const value = () => Math.log(1 + index) + offset + noise * deviation(random)
    return { index, agent, at: 1000 * trial, logs: [value(), value()] }
  })
}

/** Sweeps of so many that tell of a change, being looked at after every repeat. */
function alarms(fleet: Fleet, sweeps: number): number {
  let count = 0
  for (let seed = 1; seed <= sweeps; seed += 1) {
    const points = simulate(fleet, seed)
    const looks = points.flatMap((_, trial) => (isRepeat(trial) ? [trial + 1] : []))
    if (looks.some((look) => findChanges(points.slice(0, look), 2).length > 0)) count += 1
  }
  return count
}

const quiet = { step: () => 0 }

describe('findChanges', () => {
  it.each([
    ['one agent', { ...quiet, agents: ['a'], deviation: normal }],
    ['three agents that differ for good', { ...quiet, agents: ['a', 'b', 'c'], deviation: normal }],
    ['noise with heavy tails', { ...quiet, agents: ['a'], deviation: heavy }],
  ])('stays below its false alarm rate however often it is asked: %s', (_, fleet) => {
    const sweeps = 200
    expect(alarms(fleet, sweeps)).toBeLessThanOrEqual(falseAlarmRate * sweeps)
  })

  it('finds a step of 10 % of the only agent, its time and its size', () => {
    const changed = 40
    let found = 0
    for (let seed = 1; seed <= 20; seed += 1) {
      const fleet = {
        agents: ['a'],
        step: (_: string, trial: number) => (trial >= changed ? Math.log(1.1) : 0),
        deviation: normal,
      }
      const [change, ...others] = findChanges(simulate(fleet, seed), 2)
      if (change === undefined) continue
      found += 1
      expect(others).toEqual([])
      expect(change.after).toBeLessThan(1000 * changed)
      expect(change.by).toBeGreaterThanOrEqual(1000 * changed)
      for (const shift of change.shifts) {
        expect(Math.abs((shift?.log ?? NaN) - Math.log(1.1))).toBeLessThan(0.03)
      }
    }
    expect(found).toBe(20)
  })

  it('names the one agent of three that changed', () => {
    const changed = 100
    const fleet = {
      agents: ['a', 'b', 'c'],
      step: (agent: string, trial: number) => (agent === 'b' && trial >= changed ? 0.1 : 0),
      deviation: normal,
    }
    const named = Array.from({ length: 20 }, (_, seed) =>
      findChanges(simulate(fleet, seed, 3 * fewTrials), 2),
    )
      .map(([change]) => change)
      .filter((change) => change !== undefined)
    expect(named.length).toBeGreaterThanOrEqual(18)
    for (const { agent } of named) expect(agent).toBe('b')
  })

  describe('with anchors: each agent measures one of three again, every sixth of its trials', () => {
    const agents = ['a', 'b', 'c', 'd']

    /** Looked at after every anchor of the last agent; anchors of it since the change, when one was found. */
    function anchorsToFind(step: number, seed: number, changed: number): number | undefined {
      const random = createRandom(seed)
      const points: LevelPoint[] = []
      let since = 0
      for (let trial = 0; trial < 2 * changed; trial += 1) {
        const agent = trial % agents.length
        const turn = Math.floor(trial / agents.length)
        const isAnchor = turn % 6 === 0
        const index = isAnchor ? (turn / 6) % 3 : 100 + trial
        const isLast = agent === agents.length - 1
        const offset = 0.03 * agent + (isLast && trial >= changed ? step : 0)
        const value = () => offset + noise * random.normal()
        const name = agents[agent] as string
        points.push({ index, agent: name, at: 1000 * trial, logs: [value(), value()] })
        if (!isAnchor || !isLast) continue
        if (trial >= changed) since += 1
        const [change] = findChanges(points, 2)
        if (change !== undefined) return change.agent === name ? since : NaN
      }
      return undefined
    }

    it('finds 5 % of one agent of four within five anchors after ten, 10 % within three', () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        expect(anchorsToFind(0.05, seed, 240)).toBeLessThanOrEqual(5)
        expect(anchorsToFind(0.1, seed, 240)).toBeLessThanOrEqual(3)
      }
    })

    it('stays below its false alarm rate', () => {
      const sweeps = 150
      let count = 0
      for (let seed = 1; seed <= sweeps; seed += 1) {
        if (anchorsToFind(0, seed, 120) !== undefined) count += 1
      }
      expect(count).toBeLessThanOrEqual(falseAlarmRate * sweeps)
    })
  })

  it('takes a step that only one agent can have seen for that agent’s', () => {
    const random = createRandom(1)
    const points = Array.from({ length: 60 }, (_, trial): LevelPoint => {
      // While a explores, b steps, and only b measures anything again from then on.
      const stepped = trial >= 50
      const explores = trial >= 30 && !stepped
      const agent = explores || (trial % 2 === 0 && !stepped) ? 'a' : 'b'
      const log = (stepped ? 0.1 : 0) + noise * random.normal()
      return { index: explores ? 100 + trial : trial % 5, agent, at: trial, logs: [log] }
    })
    expect(findChanges(points, 1).map(({ agent }) => agent)).toEqual(['b'])
  })

  it('does not depend on the order in which it is told', () => {
    const fleet = {
      agents: ['a'],
      step: (_: string, t: number) => (t >= 40 ? 0.1 : 0),
      deviation: normal,
    }
    const points = simulate(fleet, 5)
    expect(findChanges([...points].reverse(), 2)).toEqual(findChanges(points, 2))
  })

  it('says nothing where no configuration was measured twice', () => {
    const fleet = {
      agents: ['a'],
      step: (_: string, t: number) => (t >= 9 ? 1 : 0),
      deviation: normal,
    }
    const points = simulate(fleet, 1).map((point, trial) => ({ ...point, index: trial }))
    expect(findChanges(points, 2)).toEqual([])
  })
})
