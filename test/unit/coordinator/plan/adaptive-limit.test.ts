import { describe, expect, it } from 'vitest'
import { LimitProbes } from '../../../../coordinator/plan/adaptive-limit.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'

/** Demands of 100, 200, … 2,000 tokens at two degrees of tensor parallelism. */
const space = spaceOf(
  [1, 2].flatMap((tensorParallel) =>
    Array.from({ length: 20 }, (_, step): Configuration => ({
      model: 'm',
      engine: 'recorded',
      engineArgs: {},
      hardware: 'H100',
      tensorParallel,
      load: step + 1,
      inputTokens: 96,
      outputTokens: 4,
    })),
  ),
)
const demandAt = (index: number): number => space.at(index).load * 100
const onOneDevice = (index: number): boolean => space.at(index).tensorParallel === 1
const never = () => false
const always = () => true
const band = { low: 800, high: 1600 }
const inOneBlock = (index: number) => (onOneDevice(index) ? band : undefined)
const probes = new LimitProbes(space, 1)

/** What is due where so many device-seconds were explored, with what is not as usual. */
function due(
  explored: number,
  believedError: number,
  other: {
    readonly exploredByItsEnd?: number
    readonly isClosed?: (index: number) => boolean
    readonly isUnderWay?: (index: number) => boolean
    readonly isOpen?: (index: number) => boolean
    readonly bandOf?: (index: number) => typeof band | undefined
    readonly cost?: (index: number) => number
  } = {},
): number | undefined {
  const told = { now: explored, by: () => other.exploredByItsEnd ?? explored }
  const { isClosed = never, isUnderWay = never, isOpen = always } = other
  const { bandOf = inOneBlock, cost = demandAt } = other
  return probes.due(told, believedError, isClosed, isUnderWay, isOpen, bandOf, cost)
}

describe('a probe of where memory ends', () => {
  it('is the cheapest configuration about the middle of the band', () => {
    const found = due(1e6, 0.01)
    expect(found).toBeDefined()
    expect(onOneDevice(found as number)).toBe(true)
    // The middle half, in logarithms, of 800 to 1,600.
    expect(demandAt(found as number)).toBe(1000)
  })

  it('is none where no band is known, or nothing lies inside it', () => {
    expect(due(1e6, 0.01, { bandOf: () => undefined })).toBeUndefined()
    const narrow = () => ({ low: 810, high: 890 })
    expect(due(1e6, 0.01, { bandOf: narrow })).toBeUndefined()
  })

  it('waits while the band has yet to learn from one in its middle', () => {
    const isClosed = (index: number) => onOneDevice(index) && demandAt(index) === 1100
    expect(due(1e6, 0.01, { isClosed })).toBeUndefined()
    const nearTheEnd = (index: number) => onOneDevice(index) && demandAt(index) === 900
    expect(due(1e6, 0.01, { isClosed: nearTheEnd })).toBeDefined()
  })

  it('halves what one under way will leave of the band', () => {
    const isUnderWay = (index: number) => onOneDevice(index) && demandAt(index) === 1100
    // Of 1,100 to 1,600 the middle half is 1,208 to 1,457; of 800 to 1,100 it is 866 to 1,016.
    const isOpen = (index: number) => !isUnderWay(index)
    const found = due(1e6, 0.01, { isUnderWay, isOpen, cost: () => 1000 }) as number
    expect([1300, 1400]).toContain(demandAt(found))
    const both = (index: number) => isUnderWay(index) || index === found
    const next = due(1e6, 0.01, { isUnderWay: both, isOpen, cost: () => 1000 }) as number
    expect([900, 1000]).toContain(demandAt(next))
  })

  it('is worth less where the limit lies perhaps elsewhere', () => {
    const isUnderWay = (index: number) => onOneDevice(index) && demandAt(index) === 1100
    const isOpen = (index: number) => !isUnderWay(index)
    const cost = () => 1000
    // Of 4 configurations beyond 1,100, at 0.25·ln 2 each, with a chance of a half: 0.9 %.
    expect(due(10_000, 0.2, { isUnderWay, isOpen, cost })).toBeUndefined()
    expect(due(10_000, 0.1, { isUnderWay, isOpen, cost })).toBeDefined()
  })

  it('is not taken where another measurement takes away more error for the same', () => {
    // 7 of 40 configurations, at 0.25·ln 2 each, take away 3 %: for 1,000 of 10,000 device-seconds
    // measurements elsewhere take away 6 % of the error.
    const cost = () => 1000
    expect(due(10_000, 0.4, { cost })).toBeDefined()
    expect(due(10_000, 0.6, { cost })).toBeUndefined()
  })

  it('costs no more than a tenth of what is explored by its end', () => {
    const cost = () => 1000
    expect(due(9_000, 0.01, { cost, exploredByItsEnd: 9_999 })).toBeUndefined()
    expect(due(9_000, 0.01, { cost, exploredByItsEnd: 10_001 })).toBeDefined()
    expect(due(9_999, 0.01, { cost: () => 1000 })).toBeUndefined()
    expect(due(10_001, 0.01, { cost: () => 1000 })).toBeDefined()
  })

  it('is only what may run', () => {
    const isOpen = (index: number) => demandAt(index) > 1250
    const found = due(1e6, 0.01, { isOpen })
    expect(demandAt(found as number)).toBe(1300)
  })
})
