import { describe, expect, it } from 'vitest'
import { hardwareClass } from '../../../../agent/host/hardware-class.js'

describe('hardwareClass', () => {
  it.each([
    ['NVIDIA H100 80GB HBM3', 'H100'],
    ['NVIDIA H100 PCIe', 'H100'],
    ['NVIDIA H100 NVL', 'H100'],
    ['NVIDIA H200', 'H200'],
    ['NVIDIA GH200 480GB', 'GH200'],
    ['NVIDIA B200', 'B200'],
    ['NVIDIA A100-SXM4-80GB', 'A100'],
    ['NVIDIA A100 80GB PCIe', 'A100'],
    ['NVIDIA A100-PCIE-40GB', 'A100'],
    ['Tesla V100-SXM2-32GB', 'V100'],
    ['Tesla T4', 'T4'],
    ['NVIDIA L4', 'L4'],
    ['NVIDIA L40S', 'L40S'],
    ['NVIDIA A10G', 'A10G'],
    ['NVIDIA GeForce RTX 4090', 'RTX-4090'],
    ['NVIDIA RTX A6000', 'RTX-A6000'],
    ['NVIDIA RTX 6000 Ada Generation', 'RTX-6000-Ada-Generation'],
    // A slice is no such chip.
    ['NVIDIA A100-SXM4-80GB MIG 3g.40gb', 'A100-MIG-3g.40gb'],
    ['NVIDIA H100 80GB HBM3 MIG 1g.10gb+me', 'H100-MIG-1g.10gb+me'],
    ['AMD Instinct MI300X OAM', 'MI300X'],
    ['AMD Instinct MI355X', 'MI355X'],
    ['AMD INSTINCT MI250X', 'MI250X'],
    ['Instinct MI300A', 'MI300A'],
    ['AMD Radeon RX 7900 XTX', 'RX-7900-XTX'],
    ['AMD Radeon PRO W7900', 'PRO-W7900'],
    ['AMD Instinct MI300X VF', 'MI300X'],
    ['NVIDIA', 'NVIDIA'],
    ['', 'unknown'],
    [undefined, 'cpu'],
  ])('%s is %s', (name, expected) => {
    expect(hardwareClass(name)).toBe(expected)
  })
})
