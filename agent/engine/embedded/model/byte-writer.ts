/** A growing little-endian byte buffer. */
export class ByteWriter {
  #buffer = Buffer.alloc(1 << 16)
  #length = 0

  #reserve(bytes: number): number {
    const at = this.#length
    if (at + bytes > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(this.#buffer.length * 2, at + bytes))
      this.#buffer.copy(larger, 0, 0, at)
      this.#buffer = larger
    }
    this.#length += bytes
    return at
  }

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    const at = this.#reserve(1)
    this.#buffer.writeUInt8(value, at)
  }

  uint32(value: number): void {
    const at = this.#reserve(4)
    this.#buffer.writeUInt32LE(value, at)
  }

  int32(value: number): void {
    const at = this.#reserve(4)
    this.#buffer.writeInt32LE(value, at)
  }

  /** Whole numbers up to 2^53. */
  uint64(value: number): void {
    const at = this.#reserve(8)
    this.#buffer.writeBigUInt64LE(BigInt(value), at)
  }

  float32(value: number): void {
    const at = this.#reserve(4)
    this.#buffer.writeFloatLE(value, at)
  }

  /** Length in bytes, then UTF-8. */
  text(value: string): void {
    const bytes = Buffer.from(value, 'utf8')
    this.uint64(bytes.length)
    const at = this.#reserve(bytes.length)
    bytes.copy(this.#buffer, at)
  }

  padTo(alignment: number): void {
    const rest = this.#length % alignment
    if (rest !== 0) this.#reserve(alignment - rest)
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }
}
