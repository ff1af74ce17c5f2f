import { crc32 } from 'node:zlib'
import { decodeBatch, encodeBatch } from '../../shared/rpc/codec/report.js'
import type { ReportBatch } from '../../shared/domain/report-item.js'

/** Bytes before a record’s payload: its length and its CRC-32, both little-endian. */
const headerBytes = 8
/** Longer than any batch: a length above it is damage, not a record. */
const maxPayloadBytes = 64 * 1024 * 1024

export function encodeRecord(batch: ReportBatch): Buffer {
  const payload = encodeBatch(batch)
  const record = Buffer.allocUnsafe(headerBytes + payload.length)
  record.writeUInt32LE(payload.length, 0)
  record.writeUInt32LE(crc32(payload), 4)
  payload.copy(record, headerBytes)
  return record
}

export interface FoundRecord {
  readonly batch: ReportBatch
  readonly offset: number
  /** Header and payload. */
  readonly length: number
}

/** The record at `offset`, or undefined where none stands there whole. */
export function recordAt(bytes: Buffer, offset: number): FoundRecord | undefined {
  if (offset + headerBytes > bytes.length) return undefined
  const size = bytes.readUInt32LE(offset)
  const end = offset + headerBytes + size
  if (size === 0 || size > maxPayloadBytes || end > bytes.length) return undefined
  const payload = bytes.subarray(offset + headerBytes, end)
  if (crc32(payload) !== bytes.readUInt32LE(offset + 4)) return undefined
  try {
    return { batch: decodeBatch(payload), offset, length: headerBytes + size }
  } catch {
    return undefined // A right checksum over words of another version: as good as absent.
  }
}

/** Every whole record from the start on; what follows the first damage is not looked at. */
export function* records(bytes: Buffer): Generator<FoundRecord> {
  let offset = 0
  for (;;) {
    const found = recordAt(bytes, offset)
    if (found === undefined) return
    yield found
    offset += found.length
  }
}
