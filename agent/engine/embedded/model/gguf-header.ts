import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import {
  alignedTo,
  blockSizes,
  fixedSize,
  ggufAlignment,
  ggufMagic,
  valueType,
} from './gguf-format.js'

/** What must be known of a model before it is loaded. */
export interface GgufHeader {
  readonly version: number
  readonly fileBytes: number
  readonly architecture: string
  /** Scalars and texts; arrays appear as their length. */
  readonly metadata: ReadonlyMap<string, string | number | boolean>
  readonly tensorCount: number
}

/** Thrown by {@link readGgufHeader}: what is wrong with the file, in words. */
export class GgufError extends Error {
  override readonly name = 'GgufError'
}

/** Reads a file forwards through one reused window. */
class FileReader {
  readonly #descriptor: number
  readonly #size: number
  #window = Buffer.alloc(0)
  #windowStart = 0
  #position = 0

  constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor
    this.#size = size
  }

  get position(): number {
    return this.#position
  }

  advance(bytes: number): void {
    if (this.#position + bytes > this.#size) this.#truncated()
    this.#position += bytes
  }

  take(bytes: number): Buffer {
    if (this.#position + bytes > this.#size) this.#truncated()
    const end = this.#windowStart + this.#window.length
    if (this.#position < this.#windowStart || this.#position + bytes > end) {
      const window = Buffer.alloc(Math.min(Math.max(bytes, 1 << 16), this.#size - this.#position))
      const read = readSync(this.#descriptor, window, 0, window.length, this.#position)
      if (read < bytes) this.#truncated()
      this.#window = window.subarray(0, read)
      this.#windowStart = this.#position
    }
    const start = this.#position - this.#windowStart
    this.#position += bytes
    return this.#window.subarray(start, start + bytes)
  }

  uint32(): number {
    return this.take(4).readUInt32LE()
  }

  count(what: string): number {
    const value = this.take(8).readBigUInt64LE()
    if (value > BigInt(this.#size)) {
      throw new GgufError(
        `${what} is ${value}, more than the file has bytes: it is truncated or damaged`,
      )
    }
    return Number(value)
  }

  text(): string {
    return this.take(this.count('the length of a text')).toString('utf8')
  }

  #truncated(): never {
    throw new GgufError(`the file ends at byte ${this.#size}, inside its header: it is truncated`)
  }
}

function readScalar(reader: FileReader, type: number): number | boolean | string {
  if (type === valueType.string) return reader.text()
  const size = fixedSize(type)
  if (size === undefined) throw new GgufError(`unknown metadata type ${type}`)
  const bytes = reader.take(size)
  switch (type) {
    case valueType.bool:
      return bytes[0] !== 0
    case valueType.float32:
      return bytes.readFloatLE()
    case valueType.float64:
      return bytes.readDoubleLE()
    case valueType.uint64:
      return Number(bytes.readBigUInt64LE())
    case valueType.int64:
      return Number(bytes.readBigInt64LE())
    case valueType.int8:
    case valueType.int16:
    case valueType.int32:
      return bytes.readIntLE(0, size)
    default:
      return bytes.readUIntLE(0, size)
  }
}

/** Arrays inside arrays beyond this are a hostile file, not a model. */
const deepestArray = 8

/** Steps over an array and returns its length. */
function skipArray(reader: FileReader, depth = 1): number {
  if (depth > deepestArray) throw new GgufError(`arrays nested deeper than ${deepestArray}`)
  const type = reader.uint32()
  const length = reader.count('the length of an array')
  const size = fixedSize(type)
  if (size !== undefined) {
    reader.advance(size * length)
  } else {
    for (let index = 0; index < length; index += 1) {
      if (type === valueType.array) skipArray(reader, depth + 1)
      else if (type === valueType.string) reader.advance(reader.count('the length of a text'))
      else throw new GgufError(`unknown metadata type ${type}`)
    }
  }
  return length
}

/** Last byte that any tensor needs, from the start of the tensor data; 0 when not computable. */
function readTensorExtent(reader: FileReader, count: number): number {
  let extent = 0
  for (let index = 0; index < count; index += 1) {
    const name = reader.text()
    const dimensions = reader.uint32()
    if (dimensions > 8) throw new GgufError(`tensor ${name} has ${dimensions} dimensions`)
    let elements = 1
    for (let each = 0; each < dimensions; each += 1)
      elements *= Number(reader.take(8).readBigUInt64LE())
    const block = blockSizes[reader.uint32()]
    const offset = Number(reader.take(8).readBigUInt64LE())
    // A tensor type newer than the table still has to begin inside the file.
    const bytes = block === undefined ? 1 : (elements / block[0]) * block[1]
    extent = Math.max(extent, offset + bytes)
  }
  return extent
}

function parse(reader: FileReader, fileBytes: number): GgufHeader {
  if (fileBytes < 24) throw new GgufError(`the file has ${fileBytes} bytes, a GGUF has at least 24`)
  const magic = reader.take(4)
  if (magic.readUInt32LE() !== ggufMagic) {
    throw new GgufError(`it begins with ${JSON.stringify(magic.toString('latin1'))}, not "GGUF"`)
  }
  const version = reader.uint32()
  if (version !== 2 && version !== 3) throw new GgufError(`GGUF version ${version}, not 2 or 3`)
  const tensorCount = reader.count('the number of tensors')
  const pairs = reader.count('the number of metadata pairs')
  const metadata = new Map<string, string | number | boolean>()
  for (let pair = 0; pair < pairs; pair += 1) {
    const key = reader.text()
    const type = reader.uint32()
    metadata.set(key, type === valueType.array ? skipArray(reader) : readScalar(reader, type))
  }
  const extent = readTensorExtent(reader, tensorCount)
  const alignment = Number(metadata.get('general.alignment') ?? ggufAlignment)
  const needed = alignedTo(reader.position, alignment) + extent
  if (fileBytes < needed) {
    throw new GgufError(
      `the file has ${fileBytes} bytes, its tensors need ${needed}: it is truncated`,
    )
  }
  const architecture = metadata.get('general.architecture')
  if (typeof architecture !== 'string') throw new GgufError('it names no general.architecture')
  if (tensorCount === 0) throw new GgufError('it holds no tensors (a vocabulary only)')
  return { version, fileBytes, architecture, metadata, tensorCount }
}

/**
 * Reads and checks the header of a GGUF file without loading its tensors.
 *
 * @throws GgufError naming what was found; errors of the file system as they are.
 */
export function readGgufHeader(path: string): GgufHeader {
  const descriptor = openSync(path, 'r')
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) throw new GgufError('it is not a regular file')
    return parse(new FileReader(descriptor, stat.size), stat.size)
  } finally {
    closeSync(descriptor)
  }
}
