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

  it('gives no figure that it cannot defend, and says why', () => {
    const unknown = (detail: string) => ({
      doubts: [
        {
          kind: 'energy_unknown',
          severity: 'marked',
          detail: `the energy of the trial is left out: ${detail}`,
        },
      ],
    })
    expect(energy(readings(300), 2)).toEqual(
      unknown('power was read of another number of devices than it used'),
    )
    const late = readings(undefined).filter(({ at }) => at > 1000)
    expect(energy(late)).toEqual(unknown('no reading of power near its start or its end'))
    const sparse = readings(undefined).filter(({ at }) => at % 5000 === 0)
    expect(energy(sparse)).toEqual(unknown('more than 3 s between two readings of power'))
  })

  it('says nothing where no power is told: a slice of a board, an old card', () => {
    expect(energy([])).toEqual({ doubts: [] })
    expect(energy([{ at: 5000, device: 'MIG-1', clockMhz: 1410 }])).toEqual({ doubts: [] })
  })
})
