import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integrateEnergy } from '../../../../agent/host/energy.js'
import { createRandom, shuffled } from '../../../../shared/stats/random.js'
import type { TelemetryReading } from '../../../../shared/domain/sample.js'

const every100ms = (watts: (at: number) => number, device = 'GPU-1'): TelemetryReading[] =>
  Array.from({ length: 101 }, (_, index) => ({
    at: index * 100,
    device,
    powerWatts: watts(index * 100),
  }))

describe('integrateEnergy', () => {
  it('integrates constant and rising power exactly', () => {
    expect(
      integrateEnergy(
        every100ms(() => 300),
        { from: 1050, to: 3050 },
        1,
      ),
    ).toEqual({
      joules: expect.closeTo(600, 9) as number,
      flaws: [],
    })
    const rising = integrateEnergy(
      every100ms((at) => at / 10),
      { from: 0, to: 10_000 },
      1,
    )
    expect(rising?.joules).toBeCloseTo(5000, 6)
  })

  it('adds up over devices and counts them', () => {
    const two = [...every100ms(() => 100), ...every100ms(() => 50, 'GPU-2')]
    expect(integrateEnergy(two, { from: 0, to: 1000 }, 2)).toEqual({ joules: 150, flaws: [] })
    expect(integrateEnergy(two, { from: 0, to: 1000 }, 4)?.flaws).toEqual(['device_count'])
  })

  it('says when a window is not bracketed', () => {
    expect(
      integrateEnergy(
        every100ms(() => 1),
        { from: 9500, to: 10_200 },
        1,
      )?.flaws,
    ).toEqual([])
    expect(
      integrateEnergy(
        every100ms(() => 1),
        { from: 9500, to: 10_300 },
        1,
      )?.flaws,
    ).toEqual(['not_bracketed'])
  })

  it('says when readings are missing', () => {
    const gap = every100ms(() => 1).filter(({ at }) => at < 2000 || at > 5500)
    expect(integrateEnergy(gap, { from: 0, to: 10_000 }, 1)?.flaws).toEqual(['gap'])
  })

  it('brackets a window by readings beyond it, however seldom they come', () => {
    const seldom = [0, 1000, 2000, 3000].map((at) => ({ at, device: 'GPU-1', powerWatts: 100 }))
    expect(integrateEnergy(seldom, { from: 500, to: 2500 }, 1)).toEqual({ joules: 200, flaws: [] })
    expect(integrateEnergy(seldom, { from: 500, to: 3500 }, 1)?.flaws).toEqual(['not_bracketed'])
  })

  describe('beside a counter', () => {
    /** 300 W, and a counter that sees `factor` times as much and began anywhere. */
    const counted = (factor: number, device = 'GPU-1') =>
      every100ms(() => 300, device).map((reading) => ({
        ...reading,
        energyJoules: 12_345 + (factor * 300 * reading.at) / 1000,
      }))

    it('gives both, edges included', () => {
      const energy = integrateEnergy(counted(1), { from: 1050, to: 4050 }, 1)
      expect(energy?.counterJoules).toBeCloseTo(900, 9)
      expect(energy?.joules).toBeCloseTo(900, 9)
      expect(energy?.flaws).toEqual([])
    })

    it('says when the two disagree over a window that is long enough', () => {
      const flaws = (factor: number, to: number) =>
        integrateEnergy(counted(factor), { from: 0, to }, 1)?.flaws
      expect(flaws(1.09, 5000)).toEqual([])
      expect(flaws(1.2, 5000)).toEqual(['counter_disagrees'])
      expect(flaws(0.8, 5000)).toEqual(['counter_disagrees'])
      expect(flaws(1.2, 1000)).toEqual([])
    })

    it('leaves the counter out when one device has none, or began anew', () => {
      const without = [...counted(1), ...every100ms(() => 100, 'GPU-2')]
      const window = { from: 0, to: 5000 }
      expect(integrateEnergy(without, window, 2)).not.toHaveProperty('counterJoules')
      const anew = counted(1).map((reading) =>
        reading.at < 2500 ? reading : { ...reading, energyJoules: reading.at / 1000 },
      )
      expect(integrateEnergy(anew, window, 1)).toEqual({
        joules: expect.closeTo(1500, 6) as number,
        flaws: [],
      })
    })
  })

  it('knows nothing without power', () => {
    expect(integrateEnergy([{ at: 0, device: 'cpu' }], { from: 0, to: 1 }, 1)).toBeUndefined()
  })

  it('adds up over adjoining windows, in whatever order the readings come', () => {
    const readings = every100ms((at) => 200 + 100 * Math.sin(at / 700))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.nat(), (cut, seed) => {
        const mixed = shuffled(readings, createRandom(seed))
        const joules = (from: number, to: number) =>
          integrateEnergy(mixed, { from, to }, 1)?.joules ?? NaN
        expect(joules(0, cut) + joules(cut, 10_000)).toBeCloseTo(joules(0, 10_000), 6)
      }),
    )
  })
})
