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
const workload = { kind: 'static-batch' } as const
/** Demand grows with the index: a quarter of the largest is at index 3, two thirds at 5. */
const cost = (index: number) => 1 + index
const open = () => true
const unknown = () => false
/** Nobody explores anything meanwhile. */
const told = (explored: number) => ({ now: explored, by: () => explored })
const due = (probes: CeilingProbes, explored: number, fullGrid = 1e6, underWay: number[] = []) =>
  probes.due(told(explored), underWay, open, unknown, cost, () => fullGrid)

describe('looks at high demand', () => {
  it('wait until one is affordable, and take the cheapest that is high enough', () => {
    const probes = new CeilingProbes(space, 1, workload)
    expect(due(probes, 19)).toBeUndefined()
    expect(due(probes, 21)).toBe(3)
  })

  it('are not taken where even the cheapest is a thousandth of the grid', () => {
    expect(due(new CeilingProbes(space, 1, workload), 100, 3_900)).toBeUndefined()
    expect(due(new CeilingProbes(space, 1, workload), 100, 4_100)).toBe(3)
  })

  it('go on to the highest demand, within what they may cost together', () => {
    const probes = new CeilingProbes(space, 1, workload)
    probes.tell(3, 4)
    expect(due(probes, 49)).toBeUndefined()
    expect(due(probes, 51)).toBe(5)
    probes.tell(5, 6)
    expect(due(probes, 1e6)).toBeUndefined()
  })

  it('wait for what the one under way shows', () => {
    const probes = new CeilingProbes(space, 1, workload)
    expect(due(probes, 1e6, 1e6, [3])).toBeUndefined()
    expect(due(probes, 1e6, 1e6, [2])).toBe(3)
    probes.tell(3, 4)
    expect(due(probes, 1e6, 1e6, [5])).toBeUndefined()
  })

  it('begin before they are affordable, where others go on until they end', () => {
    const probes = new CeilingProbes(space, 1, workload)
    const beside = (others: number) =>
      probes.due(
        { now: 10, by: (_, price) => 10 + others * price },
        [],
        open,
        unknown,
        cost,
        () => 1e6,
      )
    // It takes 4: a fifth of 10 + others · 4 by its end.
    expect(beside(2)).toBeUndefined()
    expect(beside(3)).toBe(3)
  })

  it('are over once the limit is known', () => {
    const probes = new CeilingProbes(space, 1, workload)
    expect(
      probes.due(
        told(100),
        [],
        open,
        () => true,
        cost,
        () => 1e6,
      ),
    ).toBeUndefined()
  })

  it('end where a second round would be seen, which a short output does not show', () => {
    const shapes = [
      [4096, 1, 1],
      [4096, 1024, 2],
    ] as const
    const two = spaceOf(
      shapes.map(([inputTokens, outputTokens, load]): Configuration => ({
        ...{ model: 'm', engine: 'recorded', engineArgs: {}, hardware: 'H100' },
        ...{ tensorParallel: 1, load: 64 * load, inputTokens, outputTokens },
      })),
    )
    const probes = new CeilingProbes(two, 1, workload)
    const next = (explored: number) =>
      probes.due(
        told(explored),
        [],
        open,
        unknown,
        (index) => [2, 6][index] as number,
        () => 1e6,
      )
    expect(next(100)).toBe(0)
    probes.tell(0, 2)
    expect(next(39)).toBeUndefined()
    expect(next(41)).toBe(1)
    probes.tell(1, 6)
    expect(next(1e6)).toBeUndefined()
  })
})
