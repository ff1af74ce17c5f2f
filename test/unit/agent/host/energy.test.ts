import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { windowEnergy } from '../../../../agent/host/energy.js'
import { createRandom, shuffled } from '../../../../shared/stats/random.js'
import type { TelemetryReading } from '../../../../shared/domain/sample.js'

const every100ms = (watts: (at: number) => number, device = 'GPU-1'): TelemetryReading[] =>
  Array.from({ length: 101 }, (_, index) => ({
    at: index * 100,
    device,
    powerWatts: watts(index * 100),
  }))

describe('windowEnergy', () => {
  it('integrates constant and rising power exactly', () => {
    expect(
      windowEnergy(
        every100ms(() => 300),
        { from: 1050, to: 3050 },
        1,
      ),
    ).toMatchObject({
      joules: expect.closeTo(600, 9) as number,
      method: 'integration',
      flaws: [],
    })
    const rising = windowEnergy(
      every100ms((at) => at / 10),
      { from: 0, to: 10_000 },
      1,
    )
    expect(rising?.joules).toBeCloseTo(5000, 6)
  })

  it('adds up over devices and counts them', () => {
    const two = [...every100ms(() => 100), ...every100ms(() => 50, 'GPU-2')]
    expect(windowEnergy(two, { from: 0, to: 1000 }, 2)).toMatchObject({ joules: 150, flaws: [] })
    expect(windowEnergy(two, { from: 0, to: 1000 }, 4)?.flaws).toEqual(['device_count'])
  })

  it('says when a window is not bracketed', () => {
    expect(
      windowEnergy(
        every100ms(() => 1),
        { from: 9500, to: 10_200 },
        1,
      )?.flaws,
    ).toEqual([])
    expect(
      windowEnergy(
        every100ms(() => 1),
        { from: 9500, to: 10_300 },
        1,
      )?.flaws,
    ).toEqual(['not_bracketed'])
  })

  it('says when readings are missing', () => {
    const gap = every100ms(() => 1).filter(({ at }) => at < 2000 || at > 5500)
    expect(windowEnergy(gap, { from: 0, to: 10_000 }, 1)?.flaws).toEqual(['gap'])
  })

  it('brackets a window by readings beyond it, however seldom they come', () => {
    const seldom = [0, 1000, 2000, 3000].map((at) => ({ at, device: 'GPU-1', powerWatts: 100 }))
    expect(windowEnergy(seldom, { from: 500, to: 2500 }, 1)).toMatchObject({
      joules: 200,
      flaws: [],
    })
    expect(windowEnergy(seldom, { from: 500, to: 3500 }, 1)?.flaws).toEqual(['not_bracketed'])
  })

  describe('beside a counter', () => {
    /** 300 W, and a counter that sees `factor` times as much and began anywhere. */
    const counted = (factor: number, device = 'GPU-1') =>
      every100ms(() => 300, device).map((reading) => ({
        ...reading,
        energyJoules: 12_345 + (factor * 300 * reading.at) / 1000,
      }))

    it('takes the counter, edges filled in by power', () => {
      const energy = windowEnergy(counted(1.2), { from: 1050, to: 4050 }, 1)
      // 2.9 s by the counter at 360 W, 0.1 s at 300 W.
      expect(energy).toEqual({
        joules: expect.closeTo(2.9 * 360 + 0.1 * 300, 6) as number,
        method: 'counter',
        integratedJoules: expect.closeTo(900, 6) as number,
        flaws: [],
      })
    })

    it('loses nothing to a gap inside the window', () => {
      const gap = counted(1).filter(({ at }) => at < 2000 || at > 7500)
      expect(windowEnergy(gap, { from: 0, to: 10_000 }, 1)).toMatchObject({
        joules: expect.closeTo(3000, 6) as number,
        method: 'counter',
        flaws: [],
      })
    })

    it('says when its edges are not read', () => {
      const late = counted(1).filter(({ at }) => at >= 4000)
      expect(windowEnergy(late, { from: 0, to: 10_000 }, 1)).toMatchObject({
        method: 'counter',
        flaws: ['gap', 'not_bracketed'],
      })
    })

    it('integrates where the counter’s steps would blur a short window', () => {
      expect(windowEnergy(counted(1.2), { from: 0, to: 1900 }, 1)).toMatchObject({
        joules: expect.closeTo(570, 6) as number,
        method: 'integration',
      })
    })

    it('integrates where one device has no counter, or began anew', () => {
      const window = { from: 0, to: 5000 }
      const without = [...counted(1), ...every100ms(() => 100, 'GPU-2')]
      expect(windowEnergy(without, window, 2)).toMatchObject({ method: 'integration', flaws: [] })
      const anew = counted(1).map((reading) =>
        reading.at < 2500 ? reading : { ...reading, energyJoules: reading.at / 1000 },
      )
      expect(windowEnergy(anew, window, 1)).toMatchObject({ method: 'integration', flaws: [] })
    })
  })

  it('knows nothing without power', () => {
    expect(windowEnergy([{ at: 0, device: 'cpu' }], { from: 0, to: 1 }, 1)).toBeUndefined()
  })

  it('adds up over adjoining windows, in whatever order the readings come', () => {
    const readings = every100ms((at) => 200 + 100 * Math.sin(at / 700))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.nat(), (cut, seed) => {
        const mixed = shuffled(readings, createRandom(seed))
        const joules = (from: number, to: number) =>
          windowEnergy(mixed, { from, to }, 1)?.joules ?? NaN
        expect(joules(0, cut) + joules(cut, 10_000)).toBeCloseTo(joules(0, 10_000), 6)
      }),
    )
  })
})
