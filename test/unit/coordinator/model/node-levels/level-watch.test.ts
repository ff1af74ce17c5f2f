import { describe, expect, it } from 'vitest'
import { LevelWatch } from '../../../../../coordinator/model/node-levels/level-watch.js'
import type { Observation } from '../../../../../coordinator/plan/strategy.js'
import { createRandom } from '../../../../../shared/stats/random.js'

const noise = 0.01
const trials = 72
/** From here on the agent is slower. */
const changed = 54

/** One in four measures an old configuration again; `factor` is the new level over the old. */
function observations(factor: number): Observation[] {
  const random = createRandom(3)
  return Array.from({ length: trials }, (_, trial) => {
    const index = trial > 4 && trial % 4 === 0 ? trial / 4 : trial
    const level = trial < changed ? 1 : factor
    const value = (1 + index) * level * Math.exp(noise * random.normal())
    return {
      index,
      outcome: 'measured',
      values: { itl: { value, relativeSd: noise } },
      cost: 1,
      purpose: index === trial ? 'explore' : 'repeat',
      agent: 'a',
      at: 1000 * trial,
    }
  })
}

function watched(told: readonly Observation[]) {
  const watch = new LevelWatch(['ttft', 'itl'], () => 'H100')
  for (const each of told) watch.tell(each)
  return watch.changes()
}

describe('LevelWatch', () => {
  it('tells the step, its size and the trials that are suspect', () => {
    const [change, ...more] = watched(observations(1.1))
    expect(more).toEqual([])
    if (change === undefined) throw new Error('no change was found')
    expect(change.after).toBeLessThan(1000 * changed)
    expect(change.by).toBeGreaterThanOrEqual(1000 * changed)
    expect(change.before + change.since).toBe(trials)
    expect(change.suspect).toBe('since')
    const [itl, ...others] = change.shifts
    // ttft was not measured, so nothing is said of it.
    expect(others).toEqual([])
    expect(itl?.metric).toBe('itl')
    expect(itl?.ratio.low).toBeLessThan(1.1)
    expect(itl?.ratio.high).toBeGreaterThan(1.1)
  })

  it('says nothing where nothing changed, and of a step too small to matter', () => {
    expect(watched(observations(1))).toEqual([])
    expect(watched(observations(1.001))).toEqual([])
    expect(watched([])).toEqual([])
  })
})
