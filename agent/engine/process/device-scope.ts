/** Names that NVIDIA’s driver knows a whole device or a slice of one by. */
const isAccelerator = (id: string) => /^(GPU|MIG)-/.test(id)

/** Lets a program see these devices only; nothing when it may see all, or runs on the CPU. */
export function visibleDevices(devices: readonly string[] = []): Readonly<Record<string, string>> {
  const accelerators = devices.filter(isAccelerator)
  return accelerators.length === 0 ? {} : { CUDA_VISIBLE_DEVICES: accelerators.join(',') }
}

/** Tells the files of engines apart that run beside each other: `vllm`, `vllm-GPU-1a2b3c4d`. */
export function scopedName(kind: string, devices: readonly string[] = []): string {
  const shortened = devices.map((id) => id.slice(0, 12).replace(/[^A-Za-z0-9-]/g, ''))
  return [kind, ...shortened].join('-')
}
