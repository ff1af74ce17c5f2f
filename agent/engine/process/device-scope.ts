import { FmworkError } from '../../../shared/domain/errors.js'

/** Names that NVIDIA’s driver knows a whole device or a slice of one by. */
const isNvidia = (id: string) => /^(GPU-[0-9a-f]{8}-|MIG-)/i.test(id)
/** Names that ROCm knows a device by: its 16 digits have no dashes. */
const isAmd = (id: string) => /^GPU-[0-9a-f]{16}$/i.test(id)

/**
 * Lets a program see these devices only; nothing when it may see all, or runs on the CPU.
 *
 * @throws FmworkError CONFIGURATION_INFEASIBLE for several slices of partitioned GPUs: CUDA gives a
 *   process one.
 */
export function visibleDevices(devices: readonly string[] = []): Readonly<Record<string, string>> {
  const slices = devices.filter((id) => id.startsWith('MIG-'))
  if (slices.length > 1) {
    throw new FmworkError(
      'CONFIGURATION_INFEASIBLE',
      `tensor parallel over ${slices.length} MIG instances: CUDA gives a process one of them only`,
    )
  }
  const nvidia = devices.filter(isNvidia)
  if (nvidia.length > 0) return { CUDA_VISIBLE_DEVICES: nvidia.join(',') }
  const amd = devices.filter(isAmd)
  if (amd.length === 0) return {}
  // HIP counts what ROCm left, so that numbers inherited from the agent would name other devices.
  const numbers = amd.map((_, index) => index).join(',')
  return {
    ROCR_VISIBLE_DEVICES: amd.join(','),
    HIP_VISIBLE_DEVICES: numbers,
    CUDA_VISIBLE_DEVICES: numbers,
  }
}

/** Tells the files of engines apart that run beside each other: `vllm`, `vllm-GPU-1a2b3c4d`. */
export function scopedName(kind: string, devices: readonly string[] = []): string {
  const shortened = devices.map((id) => id.slice(0, 12).replace(/[^A-Za-z0-9-]/g, ''))
  return [kind, ...shortened].join('-')
}
