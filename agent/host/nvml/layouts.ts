/**
 * Layouts of NVML’s structures on 64-bit systems, as nvml.h of CUDA 11 to 13 declares them. Little
 * endian, natural alignment.
 */

/** nvmlFieldValue_t: id, scope, timestamp, latency, type, code, value. */
const fieldValue = { size: 40, id: 0, type: 24, code: 28, value: 32 } as const
/** nvmlProcessInfo_v2_t: pid, (pad), used memory, GPU instance, compute instance. */
const processInfo = { size: 24, pid: 0 } as const
/** nvmlMemory_v2_t: version, (pad), total, reserved, free, used. */
const memory2 = { size: 40, total: 8, used: 32 } as const
/** nvmlMemory_t: total, free, used. */
const memory1 = { size: 24, total: 0, used: 16 } as const

/** Fields of nvmlDeviceGetFieldValues. */
export const fieldIds = {
  /** Millijoules since the driver was loaded. */
  totalEnergy: 83,
  /** Milliwatts of now, where power.draw is an average over a second. */
  powerInstant: 186,
} as const

export function fieldRequest(ids: readonly number[]): Buffer {
  const buffer = Buffer.alloc(ids.length * fieldValue.size)
  ids.forEach((id, place) => buffer.writeUInt32LE(id, place * fieldValue.size + fieldValue.id))
  return buffer
}

/** The nvmlReturn_t at a place of an answered request. */
export const fieldCode = (buffer: Buffer, place: number): number =>
  buffer.readInt32LE(place * fieldValue.size + fieldValue.code)

/** The value at a place of an answered request; undefined where the device has none. */
export function fieldAt(buffer: Buffer, place: number): number | undefined {
  const from = place * fieldValue.size
  if (fieldCode(buffer, place) !== 0) return undefined
  const at = from + fieldValue.value
  switch (buffer.readInt32LE(from + fieldValue.type)) {
    case 0:
      return buffer.readDoubleLE(at)
    case 1:
      return buffer.readUInt32LE(at)
    case 2:
    case 3:
      return Number(buffer.readBigUInt64LE(at))
    case 4:
      return Number(buffer.readBigInt64LE(at))
    case 5:
      return buffer.readInt32LE(at)
    case 6:
      return buffer.readUInt16LE(at)
    default:
      return undefined
  }
}

/** Room for so many processes. */
export const processRoom = (count: number): Buffer => Buffer.alloc(count * processInfo.size)

export function processIds(buffer: Buffer, count: number): number[] {
  return Array.from({ length: count }, (_, place) =>
    buffer.readUInt32LE(place * processInfo.size + processInfo.pid),
  )
}

export interface MemoryUse {
  readonly totalBytes: number
  readonly usedBytes: number
}

/** Room for nvmlMemory_v2_t, which leaves out what the driver reserved, as nvidia-smi does. */
export function memory2Room(): Buffer {
  const buffer = Buffer.alloc(memory2.size)
  buffer.writeUInt32LE((2 << 24) | memory2.size, 0)
  return buffer
}

export const memory1Room = (): Buffer => Buffer.alloc(memory1.size)

const memoryAt = (buffer: Buffer, layout: { total: number; used: number }): MemoryUse => ({
  totalBytes: Number(buffer.readBigUInt64LE(layout.total)),
  usedBytes: Number(buffer.readBigUInt64LE(layout.used)),
})

export const memory2Use = (buffer: Buffer): MemoryUse => memoryAt(buffer, memory2)
export const memory1Use = (buffer: Buffer): MemoryUse => memoryAt(buffer, memory1)

/** A C string of at most the buffer’s length. */
export function cString(buffer: Buffer): string {
  const end = buffer.indexOf(0)
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end)
}
