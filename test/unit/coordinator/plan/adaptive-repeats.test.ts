import { describe, expect, it } from 'vitest'
import { RepeatBook, enoughRepeats } from '../../../../coordinator/plan/adaptive-repeats.js'
import type { Observation } from '../../../../coordinator/plan/strategy.js'

const told = (index: number, more: Partial<Observation> = {}): Observation => ({
  index,
  outcome: 'measured',
  values: {},
  cost: 1,
  purpose: 'explore',
  agent: 'a',
  at: 100 + index,
  ...more,
})

const any = () => true

function book(observations: readonly Observation[]): RepeatBook {
  const repeats = new RepeatBook()
  for (const each of observations) repeats.tell(each)
  return repeats
}

describe('repeats', () => {
  it('are one trial in eight, those under way counted', () => {
    const repeats = book([told(0), told(1)])
    expect(repeats.due(7, 0, any)).toBeUndefined()
    expect(repeats.due(8, 0, any)).toBe(0)
    expect(repeats.due(15, 1, any)).toBeUndefined()
    expect(repeats.due(16, 1, any)).toBe(0)
  })

  it('are the oldest of the cheaper half, in whatever order they were told', () => {
    const trials = [told(4, { at: 1, cost: 9 }), told(2, { at: 2 }), told(7, { at: 3 })]
    expect(book(trials).due(10, 0, any)).toBe(2)
    expect(book([...trials].reverse()).due(10, 0, any)).toBe(2)
    expect(book(trials).due(10, 0, (index) => index !== 2)).toBe(7)
  })

  it('are audits once there are three, whatever else was measured', () => {
    const audit = (index: number, cost = 1) => told(index, { purpose: 'audit', cost })
    const explored = [told(1, { at: 1 }), told(2, { at: 2 })]
    expect(book([...explored, audit(8), audit(9)]).due(10, 0, any)).toBe(1)
    const audited = [...explored, audit(7, 9), audit(8), audit(9)]
    expect(book(audited).due(10, 0, any)).toBe(8)
    expect(book([...audited].reverse()).due(10, 0, any)).toBe(8)
    expect(book([...audited, told(8, { at: 1 })]).due(10, 0, any)).toBe(8)
  })

  it('come once each before any comes twice', () => {
    const trials = [told(1), told(2), told(1, { purpose: 'repeat', at: 300 })]
    expect(book(trials).due(20, 0, any)).toBe(2)
  })

  it('end when the noise is known, and leave out what cannot run', () => {
    const repeats = Array.from({ length: enoughRepeats }, (_, index) =>
      told(index, { purpose: 'repeat' }),
    )
    expect(book(repeats).due(10_000, 0, any)).toBeUndefined()
    expect(book([told(1, { outcome: 'infeasible' })]).due(10, 0, any)).toBeUndefined()
  })
})
