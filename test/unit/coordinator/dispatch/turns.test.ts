import { describe, expect, it } from 'vitest'
import { Turns } from '../../../../coordinator/dispatch/turns.js'
import type { Contender } from '../../../../coordinator/dispatch/turns.js'

const sweep = (sweepId: string, priority = 1, createdAt = 0): Contender => ({
  sweepId,
  priority,
  createdAt,
})
const idsOf = (contenders: readonly Contender[]) => contenders.map(({ sweepId }) => sweepId)

/** Gives one device at a time, each for ten seconds, to whose turn it is. */
function shares(contenders: readonly Contender[], rounds: number): Record<string, number> {
  const turns = new Turns()
  const had: Record<string, number> = {}
  for (let round = 0; round < rounds; round += 1) {
    const [next] = turns.order(contenders, new Map())
    if (next === undefined) break
    turns.age(contenders, new Map([[next.sweepId, 1]]), 10)
    had[next.sweepId] = (had[next.sweepId] ?? 0) + 1
  }
  return had
}

describe('turns of sweeps', () => {
  it('shares one device evenly between equals, and by priority otherwise', () => {
    expect(shares([sweep('a'), sweep('b', 1, 1)], 20)).toEqual({ a: 10, b: 10 })
    expect(shares([sweep('a'), sweep('b', 3, 1)], 40)).toEqual({ a: 10, b: 30 })
  })

  it('goes first by what leases take now, then by what was had, then by age', () => {
    const turns = new Turns()
    const all = [sweep('a', 1, 2), sweep('b', 1, 1), sweep('c', 2, 3)]
    expect(idsOf(turns.order(all, new Map()))).toEqual(['b', 'a', 'c'])
    const devices = new Map([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
    expect(idsOf(turns.order(all, devices))).toEqual(['a', 'c', 'b'])
    turns.age(all, new Map([['b', 1]]), 5)
    expect(idsOf(turns.order(all, new Map()))).toEqual(['a', 'c', 'b'])
  })

  it('lets a newcomer start where the least served one stands', () => {
    const turns = new Turns()
    const [a, b, late] = [sweep('a'), sweep('b', 1, 1), sweep('late', 1, 2)]
    turns.age(
      [a, b],
      new Map([
        ['a', 2],
        ['b', 1],
      ]),
      100,
    )
    turns.age([a, b, late], new Map(), 1)
    expect(idsOf(turns.order([a, b, late], new Map()))).toEqual(['b', 'late', 'a'])
  })

  it('owes devices only to a sweep without any, from one that has or had more', () => {
    const turns = new Turns()
    const [a, b] = [sweep('a'), sweep('b')]
    expect(turns.owes(a, b, new Map([['a', 2]]), 1)).toBe(true)
    expect(turns.owes(a, b, new Map([['a', 1]]), 1)).toBe(false)
    turns.age([a, b], new Map([['a', 1]]), 60)
    expect(turns.owes(a, b, new Map([['a', 1]]), 1)).toBe(true)
    expect(
      turns.owes(
        a,
        b,
        new Map([
          ['a', 2],
          ['b', 1],
        ]),
        1,
      ),
    ).toBe(false)
  })
})
