import { describe, expect, it } from 'vitest'
import {
  changeNote,
  changesSuspecting,
  changeWords,
} from '../../../../shared/domain/level-change.js'
import type { SuspectTrial } from '../../../../shared/domain/level-change.js'
import type { LevelChange } from '../../../../shared/domain/meta-metrics.js'

const change: LevelChange = {
  agent: 'b',
  after: 1000,
  by: 2000,
  before: 30,
  since: 12,
  suspect: 'since',
  shifts: [{ metric: 'itl', ratio: { value: 1.098, low: 1.081, high: 1.116 } }],
}
const trial: SuspectTrial = {
  state: 'SUCCEEDED',
  purpose: 'explore',
  agent: 'b',
  measuredAt: 1001,
}

describe('the trials that a change makes suspect', () => {
  it('are those of its agent on the side with fewer, from the first moment on', () => {
    expect(changesSuspecting(trial, [change])).toEqual([change])
    expect(changesSuspecting({ ...trial, measuredAt: 1000 }, [change])).toEqual([])
    expect(changesSuspecting({ ...trial, agent: 'a' }, [change])).toEqual([])
    const before: LevelChange = { ...change, suspect: 'before' }
    expect(changesSuspecting(trial, [before])).toEqual([])
    expect(changesSuspecting({ ...trial, measuredAt: 1000 }, [before])).toEqual([before])
  })

  it('are of any agent where every level changed', () => {
    const everywhere: LevelChange = {
      after: 1000,
      by: 2000,
      before: 30,
      since: 12,
      suspect: 'since',
      shifts: [],
    }
    expect(changesSuspecting({ ...trial, agent: 'a' }, [change, everywhere])).toEqual([everywhere])
  })

  it('are none that the surface does not stand on', () => {
    for (const other of [
      { ...trial, state: 'FAILED' },
      { ...trial, state: 'INFEASIBLE', measuredAt: undefined },
      { ...trial, purpose: 'verify' },
    ] as const) {
      expect(changesSuspecting(other, [change])).toEqual([])
    }
  })
})

it('says whose level changed, by how much, when, and what is suspect', () => {
  expect(changeWords(change)).toBe('agent b: itl +9.8 % (90 %: +8.1 to +11.6)')
  expect(changeNote(change)).toBe(
    'between 1970-01-01T00:00:01Z and 1970-01-01T00:00:02Z; 30 trials before, 12 since; suspect: the 12 trials since',
  )
})
