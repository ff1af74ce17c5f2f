import { describe, expect, it } from 'vitest'
import { CeilingProbes } from '../../../../coordinator/plan/adaptive-ceiling.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'

const space = spaceOf(
  [1, 2, 4, 8, 16, 32].map((load): Configuration => ({
    model: 'm',
    engine: 'recorded',
    engineArgs: {},
    hardware: 'H100',
    tensorParallel: 1,
    load,
    inputTokens: 96,
    outputTokens: 32,
  })),
)
/** Demand grows with the index: a quarter of the largest is at index 3, two thirds at 5. */
const cost = (index: number) => 1 + index
const open = () => true
const unknown = () => false
const due = (probes: CeilingProbes, explored: number, fullGrid = 1e6, underWay: number[] = []) =>
  probes.due(explored, underWay, open, unknown, cost, () => fullGrid)

describe('looks at high demand', () => {
  it('wait until one is affordable, and take the cheapest that is high enough', () => {
    const probes = new CeilingProbes(space, 1)
    expect(due(probes, 19)).toBeUndefined()
    expect(due(probes, 21)).toBe(3)
  })

  it('are not taken where even the cheapest is a thousandth of the grid', () => {
    expect(due(new CeilingProbes(space, 1), 100, 3_900)).toBeUndefined()
    expect(due(new CeilingProbes(space, 1), 100, 4_100)).toBe(3)
  })

  it('go on to the highest demand, past what is under way, within what they may cost together', () => {
    const probes = new CeilingProbes(space, 1)
    expect(due(probes, 100, 1e6, [3])).toBe(5)
    probes.tell(3, 4)
    expect(due(probes, 49)).toBeUndefined()
    expect(due(probes, 51)).toBe(5)
    probes.tell(5, 6)
    expect(due(probes, 1e6)).toBeUndefined()
  })

  it('are over once the limit is known', () => {
    const probes = new CeilingProbes(space, 1)
    expect(
      probes.due(
        100,
        [],
        open,
        () => true,
        cost,
        () => 1e6,
      ),
    ).toBeUndefined()
  })
})
