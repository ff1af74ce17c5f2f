import { describe, expect, it } from 'vitest'
import {
  costUsd,
  etaSeconds,
  fullGridForecast,
  gainOf,
  spentOf,
  startsForecast,
} from '../../../../coordinator/analysis/meta-metrics.js'
import type { Outlay } from '../../../../coordinator/analysis/meta-metrics.js'

const outlay: Outlay = {
  deviceSecondsByHardware: { H100: 3600, A100: 1800 },
  setUp: 60,
  warmUp: 120,
  measuring: 900,
  gaps: 30,
  energyJoules: 5000,
  engineStarts: 3,
  engineStartDeviceSeconds: 90,
  firstGrantAt: 1_000_000,
  lastResultAt: 1_900_000,
}

describe('spentOf', () => {
  it('shows time and resources, each part apart', () => {
    expect(spentOf(outlay, { H100: 2.5, A100: 1.4 })).toEqual({
      deviceSeconds: 5400,
      setUp: 60,
      warmUp: 120,
      measured: 900,
      gaps: 30,
      makespan: 900,
      energyJoules: 5000,
      costUsd: 3.2,
    })
  })

  it('shows no price that is not known for all, and no makespan before a result', () => {
    const { lastResultAt, energyJoules, ...early } = outlay
    expect([lastResultAt, energyJoules]).toEqual([1_900_000, 5000])
    expect(spentOf(early, { H100: 2.5 })).toEqual({
      deviceSeconds: 5400,
      setUp: 60,
      warmUp: 120,
      measured: 900,
      gaps: 30,
      makespan: 0,
    })
  })
})

describe('costUsd', () => {
  it('asks no price for a class that cost nothing', () => {
    expect(costUsd({ H100: 7200, A100: 0 }, { H100: 2.5 })).toBe(5)
    expect(costUsd({}, { H100: 2.5 })).toBeUndefined()
    expect(costUsd({ cpu: 10 }, { cpu: 0 })).toBe(0)
  })
})

describe('the full grid and the gain', () => {
  it('counts one engine start per block, as dear as those seen', () => {
    expect(startsForecast(outlay, 4)).toBe(120)
    expect(startsForecast({ ...outlay, engineStarts: 0, engineStartDeviceSeconds: 0 }, 4)).toBe(0)
    expect(fullGridForecast({ value: 9880, low: 8880, high: 11880 }, 120)).toEqual({
      value: 10_000,
      low: 9000,
      high: 12_000,
    })
  })

  it('is full grid over spent, interval and all', () => {
    expect(gainOf({ value: 10_000, low: 9000, high: 12_000 }, 400)).toEqual({
      value: 25,
      low: 22.5,
      high: 30,
    })
    expect(gainOf({ value: 10, low: 9, high: 12 }, 0)).toEqual({ value: NaN, low: NaN, high: NaN })
  })
})

describe('etaSeconds', () => {
  const spent = spentOf(outlay, {})

  it('goes on at the pace so far', () => {
    // 5,400 device-seconds in 900 s: two hours of devices are 20 minutes away.
    expect(etaSeconds(7200, spent)).toBe(1200)
  })

  it('says nothing before there is a pace or a remainder', () => {
    expect(etaSeconds(undefined, spent)).toBeUndefined()
    expect(etaSeconds(10, { ...spent, makespan: 0 })).toBeUndefined()
  })
})
