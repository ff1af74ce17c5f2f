/** Chunk arrivals are most of what a sample weighs: kept as packed numbers, exact to the last bit. */

/** What is packed is little-endian; where the machine is so too, its own arrays have that form. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

export function packTimes(times: readonly number[]): Uint8Array {
  if (isLittleEndian) return new Uint8Array(Float64Array.from(times).buffer)
  const bytes = new Uint8Array(times.length * 8)
  const view = new DataView(bytes.buffer)
  times.forEach((time, index) => view.setFloat64(index * 8, time, true))
  return bytes
}

export function unpackTimes(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.byteLength / 8 }, (_, index) =>
    view.getFloat64(index * 8, true),
  )
}

/** Null when every chunk brought one token, which is the rule. */
export function packCounts(counts: readonly number[]): Uint8Array | null {
  if (counts.every((count) => count === 1)) return null
  const bytes = new Uint8Array(counts.length * 4)
  const view = new DataView(bytes.buffer)
  counts.forEach((count, index) => view.setUint32(index * 4, count, true))
  return bytes
}

/** @param length how many chunks there are. */
export function unpackCounts(bytes: Uint8Array | null, length: number): number[] {
  if (bytes === null) return new Array<number>(length).fill(1)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.byteLength / 4 }, (_, index) => view.getUint32(index * 4, true))
}
