/** Many numbers of one kind in one column: little-endian, exact to the last bit. */

export type Numbers = Uint8Array | Uint32Array | Float64Array

/** Where the machine is little-endian too, its own arrays have that form. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Turns every number’s bytes around. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const turned = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at += size) {
    turned.set(bytes.slice(at, at + size).reverse(), at)
  }
  return turned
}

/** @param littleEndian of the machine; another in tests only. */
export function pack(numbers: Numbers, littleEndian = isLittleEndian): Uint8Array {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  return littleEndian ? bytes : swapped(bytes, numbers.BYTES_PER_ELEMENT)
}

/** The bytes in a buffer of their own, as an array of the machine has them. */
const unpacked = (bytes: Uint8Array, size: number, littleEndian: boolean): ArrayBuffer =>
  (littleEndian ? Uint8Array.from(bytes) : swapped(bytes, size)).buffer as ArrayBuffer

export const unpackDoubles = (bytes: Uint8Array, littleEndian = isLittleEndian): Float64Array =>
  new Float64Array(unpacked(bytes, 8, littleEndian))

export const unpackWords = (bytes: Uint8Array, littleEndian = isLittleEndian): Uint32Array =>
  new Uint32Array(unpacked(bytes, 4, littleEndian))
