import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHalf } from '../../../../../agent/engine/embedded/model/half-float.js'

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

describe('half precision', () => {
  it('keeps every half as it is', () => {
    for (let bits = 0; bits < 0x7c00; bits += 1) expect(toHalf(fromHalf(bits))).toBe(bits)
  })

  it('rounds to the nearest', () => {
    fc.assert(
      fc.property(fc.float({ min: -60_000, max: 60_000, noNaN: true }), (value) => {
        const bits = toHalf(value)
        const error = Math.abs(fromHalf(bits) - value)
        const neighbours = [bits - 1, bits + 1].filter((each) => (each & 0x7fff) < 0x7c00)
        for (const each of neighbours) {
          if ((each & 0x8000) !== (bits & 0x8000)) continue
          expect(error).toBeLessThanOrEqual(Math.abs(fromHalf(each) - value))
        }
      }),
    )
  })

  it('overflows to infinity', () => {
    expect(toHalf(1e6)).toBe(0x7c00)
    expect(toHalf(-1e6)).toBe(0xfc00)
  })
})
