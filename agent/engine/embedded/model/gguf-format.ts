/**
 * The GGUF v3 container: header, metadata, tensor infos, padding, tensor data. Little-endian.
 * Source: ggml/docs/gguf.md of llama.cpp.
 */
export const ggufMagic = 0x46554747
export const ggufVersion = 3
export const ggufAlignment = 32

/** Codes of metadata value types. */
export const valueType = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const

/** Bytes of one value of a fixed-size type; undefined for strings and arrays. */
export function fixedSize(type: number): number | undefined {
  switch (type) {
    case valueType.uint8:
    case valueType.int8:
    case valueType.bool:
      return 1
    case valueType.uint16:
    case valueType.int16:
      return 2
    case valueType.uint32:
    case valueType.int32:
    case valueType.float32:
      return 4
    case valueType.uint64:
    case valueType.int64:
    case valueType.float64:
      return 8
    default:
      return undefined
  }
}

/** Codes of the two tensor types that the generator writes. */
export const tensorType = { f32: 0, f16: 1 } as const

/** Token types of an SPM vocabulary. */
export const tokenType = { normal: 1, unknown: 2, control: 3, byte: 6 } as const

/** `[elements, bytes]` of one block, by ggml tensor type code; to check that a file is whole. */
export const blockSizes: Readonly<Record<number, readonly [number, number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  30: [1, 2],
}

export function alignedTo(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment
}
