import { describe, expect, it } from 'vitest'
import { givenDevices } from '../../../../agent/host/given-devices.js'
import type { DeviceFacts } from '../../../../shared/domain/environment.js'

const device = (id: string, name = 'NVIDIA H100', board?: string): DeviceFacts => ({
  id,
  name,
  memoryBytes: 1,
  ...(board === undefined ? {} : { settings: { board } }),
})
const four = ['GPU-aa11', 'GPU-aa22', 'GPU-bb33', 'GPU-cc44'].map((id) => device(id))
const given = (
  words: string | undefined,
  devices: readonly DeviceFacts[] = four,
  more: Record<string, string> = {},
) => givenDevices(devices, 'nvidia', { CUDA_VISIBLE_DEVICES: words, ...more }).map(({ id }) => id)

describe('givenDevices', () => {
  it.each([
    [undefined, ['GPU-aa11', 'GPU-aa22', 'GPU-bb33', 'GPU-cc44']],
    ['2, 0', ['GPU-aa11', 'GPU-bb33']],
    ['GPU-b,GPU-aa22', ['GPU-aa22', 'GPU-bb33']],
    ['', []],
    ['-1', []],
    ['NoDevFiles', []],
  ])('CUDA_VISIBLE_DEVICES=%s', (words, ids) => {
    expect(given(words)).toEqual(ids)
  })

  it.each(['GPU-a', 'GPU-zz', '4', '-2'])('refuses %s, which is no device or several', (words) => {
    expect(() => given(words)).toThrow('CUDA_VISIBLE_DEVICES names no device')
  })

  it('takes numbers among unlike devices only in the order of the bus', () => {
    const mixed = [device('GPU-1', 'NVIDIA A100'), device('GPU-2', 'NVIDIA H100')]
    expect(() => given('0', mixed)).toThrow('names no device')
    expect(given('1', mixed, { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' })).toEqual(['GPU-2'])
  })

  it('takes an instance by its name, and no number for several instances', () => {
    const slices = [
      device('MIG-1', 'A100 MIG 3g.40gb', 'GPU-1'),
      device('MIG-2', 'A100 MIG 3g.40gb', 'GPU-1'),
      device('MIG-3', 'A100 MIG 3g.40gb', 'GPU-2'),
    ]
    expect(given('MIG-2', slices)).toEqual(['MIG-2'])
    expect(given('1', slices)).toEqual(['MIG-3'])
    expect(() => given('0', slices)).toThrow('names no device')
    expect(() => given('GPU-1', slices)).toThrow('names no device')
  })

  it('applies ROCm’s variable first, and HIP’s numbers to what it left', () => {
    const amd = ['GPU-1', 'GPU-2', 'GPU-3'].map((id) => device(id, 'AMD Instinct MI300X'))
    const ids = (variables: Record<string, string>) =>
      givenDevices(amd, 'amd', variables).map(({ id }) => id)
    expect(ids({ ROCR_VISIBLE_DEVICES: '1,2', HIP_VISIBLE_DEVICES: '1' })).toEqual(['GPU-3'])
    expect(ids({ CUDA_VISIBLE_DEVICES: '0' })).toHaveLength(3)
  })
})
