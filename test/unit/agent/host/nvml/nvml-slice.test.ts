import { describe, expect, it } from 'vitest'
import { openNvml } from '../../../../../agent/host/nvml/nvml.js'
import { FakeLibrary } from './fake-library.js'

const sliceHandles = [0xcd00n, undefined, 0xcd02n] as const

/** GPU 0 is partitioned (one place is free), GPU 1 is not. Power is answered for every handle. */
function partitioned(change: (library: FakeLibrary) => void = () => undefined): FakeLibrary {
  const library = new FakeLibrary(2)
  library.set('nvmlDeviceGetMigMode', (handle, current) => {
    ;(current as Buffer).writeUInt32LE(handle === 0xab00n ? 1 : 0)
    return 0
  })
  library.answers('nvmlDeviceGetMaxMigDeviceCount', (room) => room.writeUInt32LE(3))
  library.set('nvmlDeviceGetMigDeviceHandleByIndex', (_handle, index, room) => {
    const slice = sliceHandles[index as number]
    if (slice === undefined) return 6
    ;(room as Buffer).writeBigUInt64LE(slice)
    return 0
  })
  library.answers('nvmlDeviceGetUUID', (room, handle) =>
    room.write(handle >= 0xcd00n ? `MIG-${handle - 0xcd00n}\0` : `GPU-${handle - 0xab00n}\0`),
  )
  library.answers('nvmlDeviceGetMemoryInfo', (room, handle) => {
    room.writeBigUInt64LE(handle >= 0xcd00n ? 40_000n : 80_000n, 0)
    room.writeBigUInt64LE(handle >= 0xcd00n ? 37n : 900n, 16)
  })
  library.set('nvmlDeviceGetComputeRunningProcesses_v3', (handle, count, room) => {
    ;(count as Buffer).writeUInt32LE(1)
    ;(room as Buffer).writeUInt32LE(handle === 0xcd02n ? 4712 : 4711)
    return 0
  })
  change(library)
  return library
}

describe('a partitioned GPU through NVML', () => {
  it('is its instances, beside GPUs that are whole', () => {
    const { devices } = openNvml(partitioned())
    expect(devices.map(({ uuid, board }) => [uuid, board])).toEqual([
      ['MIG-0', 'GPU-0'],
      ['MIG-2', 'GPU-0'],
      ['GPU-1', undefined],
    ])
    expect(devices.map(({ memoryTotalBytes }) => memoryTotalBytes)).toEqual([
      40_000, 40_000, 80_000,
    ])
    expect(devices.map(({ powerLimitWatts }) => powerLimitWatts)).toEqual([
      undefined,
      undefined,
      700,
    ])
  })

  it('tells of an instance its own memory and processes, and no power though the library would', () => {
    const [first, second] = openNvml(partitioned()).devices
    expect(first?.read(true)).toEqual({
      memoryBytes: 37,
      temperatureCelsius: 54,
      clockMhz: 1395,
      throttleReasons: ['sw_power_cap'],
    })
    expect(first?.processes()).toEqual([4711])
    expect(second?.processes()).toEqual([4712])
  })

  it('is no device while it is partitioned into nothing', () => {
    const { devices } = openNvml(
      partitioned((library) => library.set('nvmlDeviceGetMigDeviceHandleByIndex', () => 6)),
    )
    expect(devices.map(({ uuid }) => uuid)).toEqual(['GPU-1'])
  })

  it('is whole to a driver that knows no partitions', () => {
    const { devices } = openNvml(
      partitioned((library) => library.functions.delete('nvmlDeviceGetMigMode')),
    )
    expect(devices.map(({ uuid }) => uuid)).toEqual(['GPU-0', 'GPU-1'])
  })
})
