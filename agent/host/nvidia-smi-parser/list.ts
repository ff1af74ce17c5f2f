/** An instance of a partitioned GPU (MIG), as `nvidia-smi -L` names it. */
export interface ListedSlice {
  /** `MIG-…`: what CUDA and containers know it by. */
  readonly uuid: string
  /** Such as `3g.40gb` or `1g.10gb+me`. */
  readonly profile: string
  /** Its number on its GPU, the one of `nvidia-smi -q -x`. */
  readonly index: number
}

export interface ListedGpu {
  readonly uuid: string
  readonly name: string
  readonly slices: readonly ListedSlice[]
}

const gpuLine = /^GPU \d+: (.+?) \(UUID: (GPU-[^)\s]+)\)\s*$/
const sliceLine = /^\s+MIG (\S+)\s+Device\s+(\d+): \(UUID: (MIG-[^)\s]+)\)\s*$/

/**
 * Reads `nvidia-smi -L`, the only place where nvidia-smi tells the UUIDs of instances. Lines that it
 * cannot read are passed over; an instance without a GPU before it is nobody’s.
 */
export function parseGpuList(text: string): readonly ListedGpu[] {
  const gpus: { uuid: string; name: string; slices: ListedSlice[] }[] = []
  for (const line of text.split(/\r?\n/)) {
    const [, name, gpu] = gpuLine.exec(line) ?? []
    if (name !== undefined && gpu !== undefined) {
      gpus.push({ uuid: gpu, name, slices: [] })
      continue
    }
    const [, profile, index, uuid] = sliceLine.exec(line) ?? []
    if (profile === undefined || uuid === undefined) continue
    gpus.at(-1)?.slices.push({ uuid, profile, index: Number(index) })
  }
  return gpus
}
