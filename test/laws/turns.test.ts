import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Turns } from '../../coordinator/dispatch/turns.js'
import type { Contender } from '../../coordinator/dispatch/turns.js'

const sweeps = fc
  .array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 6 })
  .map((priorities) =>
    priorities.map((priority, n): Contender => ({ sweepId: `s-${n}`, priority, createdAt: n })),
  )
const longest = 100
const trials = fc.array(fc.integer({ min: 1, max: longest }), { minLength: 50, maxLength: 300 })

describe('sweeps that share devices', () => {
  it('get a single one in proportion to their priorities, to within a trial of each', () => {
    fc.assert(
      fc.property(sweeps, trials, (contenders, durations) => {
        const turns = new Turns()
        const had = new Map(contenders.map(({ sweepId }) => [sweepId, 0]))
        for (const seconds of durations) {
          const [next] = turns.order(contenders, new Map())
          if (next === undefined) throw new Error('nobody’s turn')
          turns.age(contenders, new Map([[next.sweepId, 1]]), seconds)
          had.set(next.sweepId, (had.get(next.sweepId) ?? 0) + seconds)
        }
        for (const one of contenders) {
          for (const other of contenders) {
            const [mine, theirs] = [had.get(one.sweepId) ?? 0, had.get(other.sweepId) ?? 0]
            // Who has more was next once when it had no more: one trial ago.
            const ahead = mine / one.priority - theirs / other.priority
            expect(ahead).toBeLessThanOrEqual(longest / one.priority + 1e-9)
          }
        }
      }),
    )
  })

  it('hold many in proportion to their priorities, none more than one device too many', () => {
    fc.assert(
      fc.property(sweeps, fc.integer({ min: 1, max: 200 }), (contenders, devices) => {
        const turns = new Turns()
        const held = new Map<string, number>()
        for (let device = 0; device < devices; device += 1) {
          const [next] = turns.order(contenders, held)
          if (next === undefined) throw new Error('nobody’s turn')
          held.set(next.sweepId, (held.get(next.sweepId) ?? 0) + 1)
        }
        for (const one of contenders) {
          for (const other of contenders) {
            const share = ({ sweepId, priority }: Contender) => (held.get(sweepId) ?? 0) / priority
            expect(share(one) - share(other)).toBeLessThanOrEqual(1 / one.priority + 1e-9)
          }
        }
      }),
    )
  })

  it('starve none: one without a device is next before all that have one', () => {
    const holding = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(sweeps, holding, trials, (contenders, held, ages) => {
        const turns = new Turns()
        const devices = new Map(contenders.map(({ sweepId }, n) => [sweepId, held[n] ?? 0]))
        for (const seconds of ages) turns.age(contenders, devices, seconds)
        const has = turns
          .order(contenders, devices)
          .map(({ sweepId }) => devices.get(sweepId) !== 0)
        expect(has).toEqual([...has].sort((a, b) => Number(a) - Number(b)))
      }),
    )
  })
})
