const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** IEEE 754 binary16 bits of a finite value, rounded to nearest even. Exact integer arithmetic. */
export function toHalf(value: number): number {
  float[0] = value
  const word = bits[0] as number
  const sign = (word >>> 16) & 0x8000
  const exponent = (word >>> 23) & 0xff
  const fraction = word & 0x7fffff
  const half = exponent - 112
  if (half >= 31) return sign | 0x7c00
  if (half <= 0) {
    if (half < -10) return sign
    const significand = fraction | 0x800000
    const shift = 14 - half
    return sign | roundedShift(significand, shift)
  }
  // A carry out of the fraction runs into the exponent, which is what rounding up means.
  return sign | ((half << 10) + roundedShift(fraction, 13))
}

function roundedShift(value: number, shift: number): number {
  const kept = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const middle = 1 << (shift - 1)
  return rest > middle || (rest === middle && (kept & 1) === 1) ? kept + 1 : kept
}
