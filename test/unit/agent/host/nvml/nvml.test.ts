import { describe, expect, it } from 'vitest'
import { fieldAt, fieldRequest, memory2Room } from '../../../../../agent/host/nvml/layouts.js'
import type { NvmlReadable } from '../../../../../agent/host/nvml/nvml-slice.js'
import { openNvml } from '../../../../../agent/host/nvml/nvml.js'
import { FakeLibrary } from './fake-library.js'

function open(change: (library: FakeLibrary) => void = () => undefined, deviceCount = 1) {
  const library = new FakeLibrary(deviceCount)
  change(library)
  const nvml = openNvml(library)
  const device = nvml.devices[0]
  if (device === undefined) throw new Error('no device')
  return { library, nvml, device }
}

const oldDriver = {
  utilizationPercent: 87,
  memoryBytes: 900,
  powerWatts: 349,
  energyJoules: 5,
  temperatureCelsius: 54,
  clockMhz: 1395,
  throttleReasons: ['sw_power_cap'],
}

/** Answers nvmlDeviceGetFieldValues: milliwatts as an unsigned int, millijoules as a long. */
function answerFields(library: FakeLibrary, codes: Readonly<Record<number, number>> = {}) {
  library.set('nvmlDeviceGetFieldValues', (_handle, _count, room) => {
    const field = room as Buffer
    const id = field.readUInt32LE(0)
    field.writeInt32LE(id === 186 ? 1 : 3, 24)
    field.writeInt32LE(codes[id] ?? 0, 28)
    field.writeBigUInt64LE(id === 186 ? 725_420n : 9_007_199_254_740_000n, 32)
    return 0
  })
}

describe('openNvml', () => {
  it('knows the devices by their names', () => {
    const { nvml } = open(undefined, 2)
    expect(nvml.driver).toBe('580.1')
    expect(
      nvml.devices.map(({ uuid, name, powerLimitWatts }) => [uuid, name, powerLimitWatts]),
    ).toEqual([
      ['GPU-0', 'NVIDIA H100', 700],
      ['GPU-1', 'NVIDIA H100', 700],
    ])
  })

  it('leaves out a device that fell off the bus', () => {
    const { nvml } = open((library) => {
      const handleAt = library.functions.get('nvmlDeviceGetHandleByIndex_v2')
      library.set('nvmlDeviceGetHandleByIndex_v2', (index, room) =>
        index === 0 ? 15 : (handleAt?.(index, room) ?? 1),
      )
    }, 2)
    expect(nvml.devices.map(({ uuid }) => uuid)).toEqual(['GPU-1'])
  })

  it.each([
    [9, 'the driver is not loaded (NVML code 9)'],
    [18, 'the library and the driver are of different versions (NVML code 18)'],
    [4242, 'error (NVML code 4242)'],
  ])('says why it does not start: code %i', (code, words) => {
    const library = new FakeLibrary()
    library.set('nvmlInit_v2', () => code)
    expect(() => openNvml(library)).toThrow(words)
  })

  it('refuses a library of another age', () => {
    const library = new FakeLibrary()
    library.functions.delete('nvmlInit_v2')
    expect(() => openNvml(library)).toThrow('lacks nvmlInit_v2')
  })

  it('shuts the library down', () => {
    const { nvml, library } = open()
    nvml.close()
    expect(library.calls.at(-1)).toBe('nvmlShutdown')
    expect(library.unloaded).toBe(true)
  })
})

describe('NvmlDevice.read', () => {
  it('reads all that an old driver tells', () => {
    expect(open().device.read(true)).toEqual(oldDriver)
  })

  it('takes the draw of now and the counter from the field values where there are some', () => {
    const { device } = open((library) => answerFields(library))
    expect(device.read(true)).toMatchObject({ powerWatts: 725.42, energyJoules: 9_007_199_254_740 })
  })

  it('falls back field by field', () => {
    const { device } = open((library) => answerFields(library, { 186: 3 }))
    expect(device.read(true)).toMatchObject({ powerWatts: 349, energyJoules: 9_007_199_254_740 })
  })

  it('asks for the counter only when told to', () => {
    const { device } = open((library) => answerFields(library))
    expect(device.read(false)).not.toHaveProperty('energyJoules')
  })

  it('prefers the memory that leaves out what the driver reserved', () => {
    const { device } = open((library) =>
      library.answers('nvmlDeviceGetMemoryInfo_v2', (room) => {
        expect(room.readUInt32LE()).toBe(0x02000028)
        room.writeBigUInt64LE(700n, 32)
      }),
    )
    expect(device.read(true)).toMatchObject({ memoryBytes: 700 })
  })

  const readOf = (device: NvmlReadable) => device.read(true) as Record<string, unknown>

  it.each([
    ['nvmlDeviceGetUtilizationRates', 'utilizationPercent'],
    ['nvmlDeviceGetMemoryInfo', 'memoryBytes'],
    ['nvmlDeviceGetPowerUsage', 'powerWatts'],
    ['nvmlDeviceGetTotalEnergyConsumption', 'energyJoules'],
    ['nvmlDeviceGetTemperature', 'temperatureCelsius'],
    ['nvmlDeviceGetClockInfo', 'clockMhz'],
    ['nvmlDeviceGetCurrentClocksThrottleReasons', 'throttleReasons'],
  ])('leaves out what %s does not tell, and asks no more', (name, field) => {
    const { device, library } = open((each) => each.set(name, () => 3))
    const { [field]: absent, ...rest } = oldDriver as Record<string, unknown>
    expect(absent).toBeDefined()
    expect(readOf(device)).toEqual(rest)
    device.read(true)
    expect(library.calls.filter((call) => call === name)).toHaveLength(1)
  })

  it('asks again after a failure that passes', () => {
    const codes = [16, 0]
    const { device } = open((library) =>
      library.set('nvmlDeviceGetUtilizationRates', (_handle, room) => {
        ;(room as Buffer).writeUInt32LE(50)
        return codes.shift() ?? 0
      }),
    )
    expect(readOf(device)).not.toHaveProperty('utilizationPercent')
    expect(readOf(device)).toHaveProperty('utilizationPercent', 50)
  })

  it('reads nothing from a device that is lost', () => {
    const { device } = open((library) => {
      for (const name of library.functions.keys()) {
        if (name.startsWith('nvmlDeviceGet') && !/Count|Handle|UUID/.test(name)) {
          library.set(name, () => 15)
        }
      }
    })
    expect(device.read(true)).toEqual({})
    expect(device.processes()).toBeUndefined()
  })
})

describe('NvmlDevice.processes', () => {
  it('makes room for as many as there are', () => {
    const pids = Array.from({ length: 150 }, (_, index) => index + 10)
    const { device } = open((library) =>
      library.processes('nvmlDeviceGetComputeRunningProcesses_v3', pids),
    )
    expect(device.processes()).toEqual(pids)
  })

  it('adds those under MPS, each once', () => {
    const { device } = open((library) =>
      library.processes('nvmlDeviceGetMPSComputeRunningProcesses_v3', [4711, 4712]),
    )
    expect(device.processes()).toEqual([4711, 4712])
  })

  it('asks an older library by its older name', () => {
    const { device } = open((library) => {
      library.functions.delete('nvmlDeviceGetComputeRunningProcesses_v3')
      library.processes('nvmlDeviceGetComputeRunningProcesses_v2', [7])
    })
    expect(device.processes()).toEqual([7])
  })
})

describe('layouts', () => {
  it.each([
    [0, 0, (room: Buffer) => room.writeDoubleLE(1.5, 32), 1.5],
    [1, 0, (room: Buffer) => room.writeUInt32LE(4_000_000_000, 32), 4_000_000_000],
    [2, 0, (room: Buffer) => room.writeBigUInt64LE(7n, 32), 7],
    [3, 0, (room: Buffer) => room.writeBigUInt64LE(2n ** 40n, 32), 2 ** 40],
    [4, 0, (room: Buffer) => room.writeBigInt64LE(-8n, 32), -8],
    [5, 0, (room: Buffer) => room.writeInt32LE(-9, 32), -9],
    [6, 0, (room: Buffer) => room.writeUInt16LE(10, 32), 10],
    [99, 0, () => undefined, undefined],
    [1, 3, () => undefined, undefined],
  ])('reads a value of type %i with code %i', (type, code, write, expected) => {
    const room = fieldRequest([186])
    room.writeInt32LE(type, 24)
    room.writeInt32LE(code, 28)
    write(room)
    expect(room.readUInt32LE()).toBe(186)
    expect(fieldAt(room, 0)).toBe(expected)
  })

  it('states the version of its memory structure', () => {
    expect(memory2Room().readUInt32LE()).toBe((2 << 24) + 40)
  })
})
