import { describe, expect, it } from 'vitest'
import { visibleDevices } from '../../../../../agent/engine/process/device-scope.js'

const gpu = (digit: string) => `GPU-${digit.repeat(8)}-1111-2222-3333-444444444444`

describe('visibleDevices', () => {
  it('names NVIDIA’s devices and instances to CUDA', () => {
    expect(visibleDevices([gpu('a'), gpu('b')])).toEqual({
      CUDA_VISIBLE_DEVICES: `${gpu('a')},${gpu('b')}`,
    })
    expect(visibleDevices(['MIG-1-2'])).toEqual({ CUDA_VISIBLE_DEVICES: 'MIG-1-2' })
  })

  it('names AMD’s devices to ROCm, and numbers those that are left for HIP', () => {
    expect(visibleDevices(['GPU-7e8f7e20764e2714', 'GPU-de8287300da37c72'])).toEqual({
      ROCR_VISIBLE_DEVICES: 'GPU-7e8f7e20764e2714,GPU-de8287300da37c72',
      HIP_VISIBLE_DEVICES: '0,1',
      CUDA_VISIBLE_DEVICES: '0,1',
    })
  })

  it('hides nothing from what runs on the CPU or may see all', () => {
    expect(visibleDevices(['cpu'])).toEqual({})
    expect(visibleDevices(['device-0'])).toEqual({})
    expect(visibleDevices()).toEqual({})
  })

  it('knows that a process has one instance only: a result, learnt from', () => {
    expect(() => visibleDevices(['MIG-1', 'MIG-2'])).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INFEASIBLE' }),
    )
  })
})
