import { describe, expect, it } from 'vitest'
import { breakEven } from '../../../../../coordinator/analysis/cost/break-even.js'
import { cheapestFleet } from '../../../../../coordinator/analysis/cost/fleet.js'
import type { Replica } from '../../../../../coordinator/analysis/cost/fleet.js'

const replica = (key: string, requestRate: number, usdPerHour: number, devices = 1): Replica => ({
  key,
  hardware: key,
  devices,
  requestRate,
  usdPerHour,
})
const large = replica('large', 10, 20, 4)
const small = replica('small', 3, 7, 1)
const need = { requestRate: 21, spares: 0, utilization: 1 }

const counts = (fleet: ReturnType<typeof cheapestFleet>) =>
  Object.fromEntries((fleet?.parts ?? []).map((part) => [part.replica.key, part.count]))

describe('the cheapest fleet', () => {
  it('mixes kinds where the rest is smaller than one of the best kind', () => {
    const fleet = cheapestFleet([large, small], need)
    expect(counts(fleet)).toEqual({ large: 2, small: 1 })
    expect(fleet).toMatchObject({ usdPerHour: 47, devices: 9, carries: 23, cheapestProven: true })
  })

  it('still carries the load when the largest replica is lost', () => {
    const fleet = cheapestFleet([large, small], { ...need, spares: 1 })
    const largest = Math.max(...(fleet?.parts ?? []).map((part) => part.replica.requestRate))
    expect((fleet?.carries ?? 0) - largest).toBeGreaterThanOrEqual(21)
    // 8 small ones (56) carry 21 after one is lost; 3 large and 1 small one (67) do too.
    expect(counts(fleet)).toEqual({ small: 8 })
  })

  it('plans with a share of each rate', () => {
    expect(counts(cheapestFleet([large], { ...need, utilization: 0.5 }))).toEqual({ large: 5 })
  })

  it('keeps to the devices to be had, and says when they do not do', () => {
    expect(counts(cheapestFleet([large, small], { ...need, available: { LARGE: 4 } }))).toEqual({
      large: 1,
      small: 4,
    })
    expect(cheapestFleet([large], { ...need, available: { large: 8 } })).toBeUndefined()
  })
})

describe('break-even', () => {
  const sizing = { spares: 0, utilization: 1 }

  it('finds where the dear and efficient kind beats the cheap and small one', () => {
    const found = breakEven(large, small, sizing)
    // Up to 6 req/s two small ones cost 14; three cost 21 > 20.
    expect(found.cheaperFrom).toBeCloseTo(6, 9)
    // At 10 to 12 req/s two large ones cost 40 and four small ones 28; the last such step ends later.
    const last = found.alwaysFrom ?? NaN
    expect(last).toBeGreaterThan(12)
    for (let load = last + 0.01; load < last + 100; load += 0.37) {
      expect(Math.ceil(load / 10) * 20).toBeLessThan(Math.ceil(load / 3) * 7)
    }
  })

  it('says so when a kind is cheaper at no load, or never for good', () => {
    const dear = replica('dear', 3, 8)
    expect(breakEven(dear, small, sizing)).toEqual({})
    expect(breakEven(small, large, sizing)).toEqual({ cheaperFrom: 0 })
  })
})
