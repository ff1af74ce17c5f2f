import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClockOffset } from '../../../../shared/rpc/clock-offset.js'

describe('the offset between two clocks', () => {
  it('is unknown before the first round trip', () => {
    const offset = new ClockOffset()
    expect([offset.offsetMs, offset.uncertaintyMs]).toEqual([undefined, undefined])
  })

  it('is exact when both ways take equally long', () => {
    const offset = new ClockOffset()
    offset.learn({ sentMs: 1000, answeredMs: 505, receivedMs: 1010 })
    expect(offset.offsetMs).toBe(500)
  })

  it('is never wrong by more than half of the quickest round trip', () => {
    const trip = fc.record({ there: fc.nat(1000), back: fc.nat(1000), pause: fc.nat(5000) })
    fc.assert(
      fc.property(
        fc.array(trip, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: -1e6, max: 1e6 }),
        (trips, ahead) => {
          const offset = new ClockOffset()
          let peer = 0
          for (const { there, back, pause } of trips) {
            peer += pause
            offset.learn({
              sentMs: peer + ahead,
              answeredMs: peer + there,
              receivedMs: peer + there + back + ahead,
            })
            peer += there + back
          }
          const error = Math.abs((offset.offsetMs ?? NaN) - ahead)
          expect(error).toBeLessThanOrEqual(offset.uncertaintyMs ?? NaN)
          const quickest = Math.min(...trips.slice(-8).map(({ there, back }) => there + back))
          expect(offset.uncertaintyMs).toBe(quickest / 2)
        },
      ),
    )
  })

  it('ignores a trip during which the clock was set back', () => {
    const offset = new ClockOffset()
    offset.learn({ sentMs: 5000, answeredMs: 100, receivedMs: 1000 })
    expect(offset.offsetMs).toBeUndefined()
  })
})
