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

describe('a probe of where memory ends', () => {
  it('is the cheapest configuration about the middle of the band', () => {
    const found = probes.due(1e6, 0.01, never, always, inOneBlock, demandAt)
    expect(found).toBeDefined()
    expect(onOneDevice(found as number)).toBe(true)
    // The middle half, in logarithms, of 800 to 1,600.
    expect(demandAt(found as number)).toBe(1000)
  })

  it('is none where no band is known, or nothing lies inside it', () => {
    expect(probes.due(1e6, 0.01, never, always, () => undefined, demandAt)).toBeUndefined()
    const narrow = () => ({ low: 810, high: 890 })
    expect(probes.due(1e6, 0.01, never, always, narrow, demandAt)).toBeUndefined()
  })

  it('waits while the band has yet to learn from one in its middle', () => {
    const isTaken = (index: number) => onOneDevice(index) && demandAt(index) === 1100
    expect(probes.due(1e6, 0.01, isTaken, always, inOneBlock, demandAt)).toBeUndefined()
    const nearTheEnd = (index: number) => onOneDevice(index) && demandAt(index) === 900
    expect(probes.due(1e6, 0.01, nearTheEnd, always, inOneBlock, demandAt)).toBeDefined()
  })

  it('is not taken where another measurement takes away more error for the same', () => {
    // 7 of 40 configurations, at 0.25·ln 2 each, take away 3 %: for 1,000 of 10,000 device-seconds
    // measurements elsewhere take away 6 % of the error.
    const dear = () => 1000
    expect(probes.due(10_000, 0.4, never, always, inOneBlock, dear)).toBeDefined()
    expect(probes.due(10_000, 0.6, never, always, inOneBlock, dear)).toBeUndefined()
  })

  it('costs no more than a tenth of what was explored', () => {
    expect(probes.due(9_999, 0.01, never, always, inOneBlock, () => 1000)).toBeUndefined()
    expect(probes.due(10_001, 0.01, never, always, inOneBlock, () => 1000)).toBeDefined()
  })

  it('is only what may run', () => {
    const open = (index: number) => demandAt(index) > 1250
    const found = probes.due(1e6, 0.01, never, open, inOneBlock, demandAt)
    expect(demandAt(found as number)).toBe(1300)
  })
})
