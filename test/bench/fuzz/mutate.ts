import type { Random } from '../../../shared/stats/random.js'

/** Bytes that decoders stumble over: endless and huge varints, group tags, ends of ranges. */
const awkward = [
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
  [0x0b],
  [0x0c],
  [0x00],
  [0x7f, 0xf8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0xef, 0xbf, 0xbf],
  [0xc0, 0x80],
] as const

type Operation = (bytes: Buffer, random: Random, other: Buffer) => Buffer

const at = (bytes: Buffer, random: Random): number => random.below(bytes.length + 1)
const insert = (bytes: Buffer, place: number, more: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)])

const operations: readonly Operation[] = [
  (bytes, random) => {
    const copy = Buffer.from(bytes)
    const place = random.below(Math.max(1, copy.length))
    if (copy.length > 0) copy[place] = copy.readUInt8(place) ^ (1 << random.below(8))
    return copy
  },
  (bytes, random) => {
    const copy = Buffer.from(bytes)
    if (copy.length > 0) copy[random.below(copy.length)] = random.below(256)
    return copy
  },
  (bytes, random) =>
    insert(
      bytes,
      at(bytes, random),
      Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256))),
    ),
  (bytes, random) => {
    const from = at(bytes, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(16))])
  },
  (bytes, random) => {
    const from = at(bytes, random)
    const part = bytes.subarray(from, from + 1 + random.below(64))
    return insert(bytes, from, Buffer.concat(Array<Buffer>(1 + random.below(4)).fill(part)))
  },
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, at(bytes, random)), other.subarray(at(other, random))]),
  (bytes, random) =>
    insert(bytes, at(bytes, random), Buffer.from(awkward[random.below(awkward.length)] ?? [])),
  // A field of any number and wire type, with what stands there as its value.
  (bytes, random) =>
    insert(
      bytes,
      at(bytes, random),
      Buffer.from([(random.below(16) << 3) | random.below(8), random.below(256)]),
    ),
]

/** One to four changes of a message; the same random source gives the same bytes. */
export function mutated(seeds: readonly Buffer[], random: Random): Buffer {
  const pick = () => seeds[random.below(seeds.length)] ?? Buffer.alloc(0)
  let bytes = pick()
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const operation = operations[random.below(operations.length)]
    if (operation !== undefined) bytes = operation(bytes, random, pick())
  }
  return bytes
}
