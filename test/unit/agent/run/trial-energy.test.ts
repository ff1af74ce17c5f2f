import { describe, expect, it } from 'vitest'
import type { DeviceReading } from '../../../../agent/host/device-telemetry.js'
import { trialEnergy } from '../../../../agent/run/trial-energy.js'

/** 300 W sampled, and a counter that rises by `counted` watts; none when undefined. */
const readings = (counted: number | undefined): DeviceReading[] =>
  Array.from({ length: 101 }, (_, index) => ({
    at: index * 100,
    device: 'GPU-1',
    powerWatts: 300,
    ...(counted === undefined ? {} : { energyJoules: (counted * index) / 10 }),
  }))
const energy = (given: readonly DeviceReading[], deviceCount = 1) =>
  trialEnergy(given, { wall: 0 }, { wall: 10_000 }, deviceCount)

describe('trialEnergy', () => {
  it('is what the counter says, where sampled power agrees', () => {
    const { joules, doubts } = energy(readings(290))
    expect(joules).toBeCloseTo(2900, 6)
    expect(doubts).toEqual([])
  })

  it('says when sampled power misses what the counter sees', () => {
    const { joules, doubts } = energy(readings(360))
    expect(joules).toBeCloseTo(3600, 6)
    expect(doubts).toMatchObject([{ kind: 'power_undersampled', severity: 'marked' }])
    expect(doubts[0]?.detail).toContain('averages 300 W, the energy counter says 360 W')
  })

  it('integrates without a counter', () => {
    expect(energy(readings(undefined))).toEqual({
      joules: expect.closeTo(3000, 6) as number,
      doubts: [],
    })
  })

  it('gives no figure that it cannot defend', () => {
    expect(energy(readings(300), 2)).toEqual({ doubts: [] })
    expect(energy([])).toEqual({ doubts: [] })
    const late = readings(undefined).filter(({ at }) => at > 1000)
    expect(energy(late)).toEqual({ doubts: [] })
  })
})
