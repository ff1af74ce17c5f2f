import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TrialBook } from '../../../../coordinator/plan/trial-book.js'
import type { Observation } from '../../../../coordinator/plan/strategy.js'

const told = (index: number, cost: number, purpose: Observation['purpose']): Observation => ({
  ...{ index, cost, purpose, outcome: 'measured', values: {}, agent: 'a', at: 0 },
})
const trials = fc.array(
  fc.tuple(
    fc.nat(50),
    fc.double({ min: 1e-6, max: 1e5, noNaN: true }),
    fc.constantFrom<Observation['purpose']>('explore', 'audit', 'repeat'),
  ),
)

describe('what a strategy has spent', () => {
  it('is to the last bit the same in whatever order it was told', () => {
    fc.assert(
      fc.property(trials, (each) => {
        const [book, reversed] = [new TrialBook(), new TrialBook()]
        for (const trial of each) book.tell(told(...trial))
        for (const trial of [...each].reverse()) reversed.tell(told(...trial))
        const audits = (purpose: string): boolean => purpose === 'audit'
        expect(book.spent(audits, () => 0)).toBe(reversed.spent(audits, () => 0))
      }),
    )
  })

  it('counts what was told and what is under way, of the purposes asked for', () => {
    const book = new TrialBook()
    book.tell(told(1, 2.5, 'explore'))
    book.tell(told(2, 4, 'audit'))
    book.tellPending(3, 'audit')
    book.tellPending(4, 'explore')
    expect(
      book.spent(
        (purpose) => purpose === 'audit',
        (index) => index,
      ),
    ).toBe(7)
    expect(
      book.spent(
        () => true,
        (index) => index,
      ),
    ).toBe(13.5)
  })
})
