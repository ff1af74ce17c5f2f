import { ByteWriter } from './byte-writer.js'
import {
  alignedTo,
  ggufAlignment,
  ggufMagic,
  ggufVersion,
  tensorType,
  valueType,
} from './gguf-format.js'

/** A metadata value in the types that a llama-architecture file needs. */
export type MetadataValue =
  | { readonly uint32: number }
  | { readonly float32: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly float32s: readonly number[] }
  | { readonly int32s: readonly number[] }

export interface Tensor {
  readonly name: string
  readonly type: keyof typeof tensorType
  /** Innermost dimension first, as ggml counts. */
  readonly shape: readonly number[]
}

export function tensorBytes(tensor: Tensor): number {
  const elements = tensor.shape.reduce((product, size) => product * size, 1)
  return elements * (tensor.type === 'f16' ? 2 : 4)
}

function writeArray<T>(
  writer: ByteWriter,
  type: number,
  items: readonly T[],
  write: (item: T) => void,
): void {
  writer.uint32(valueType.array)
  writer.uint32(type)
  writer.uint64(items.length)
  items.forEach(write)
}

function writeValue(writer: ByteWriter, value: MetadataValue): void {
  if ('uint32' in value) {
    writer.uint32(valueType.uint32)
    writer.uint32(value.uint32)
  } else if ('float32' in value) {
    writer.uint32(valueType.float32)
    writer.float32(value.float32)
  } else if ('bool' in value) {
    writer.uint32(valueType.bool)
    writer.byte(value.bool ? 1 : 0)
  } else if ('text' in value) {
    writer.uint32(valueType.string)
    writer.text(value.text)
  } else if ('texts' in value) {
    writeArray(writer, valueType.string, value.texts, (each) => writer.text(each))
  } else if ('float32s' in value) {
    writeArray(writer, valueType.float32, value.float32s, (each) => writer.float32(each))
  } else {
    writeArray(writer, valueType.int32, value.int32s, (each) => writer.int32(each))
  }
}

/**
 * Serialises a GGUF file. `fill` writes one tensor’s bytes (little-endian) into the view that it is
 * given; tensors are filled in the order listed.
 */
export function writeGguf(
  metadata: readonly (readonly [key: string, value: MetadataValue])[],
  tensors: readonly Tensor[],
  fill: (tensor: Tensor, view: Buffer) => void,
): Buffer {
  const head = new ByteWriter()
  head.uint32(ggufMagic)
  head.uint32(ggufVersion)
  head.uint64(tensors.length)
  head.uint64(metadata.length)
  for (const [key, value] of metadata) {
    head.text(key)
    writeValue(head, value)
  }
  let offset = 0
  const offsets = tensors.map((tensor) => {
    head.text(tensor.name)
    head.uint32(tensor.shape.length)
    for (const size of tensor.shape) head.uint64(size)
    head.uint32(tensorType[tensor.type])
    head.uint64(offset)
    const start = offset
    offset = alignedTo(offset + tensorBytes(tensor), ggufAlignment)
    return start
  })
  head.padTo(ggufAlignment)
  const file = Buffer.alloc(head.length + offset)
  head.bytes().copy(file)
  tensors.forEach((tensor, index) => {
    const start = head.length + (offsets[index] as number)
    fill(tensor, file.subarray(start, start + tensorBytes(tensor)))
  })
  return file
}
