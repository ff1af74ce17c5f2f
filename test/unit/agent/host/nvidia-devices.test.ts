import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  computingOn,
  factsOfHello,
  nvidiaInventory,
} from '../../../../agent/host/nvidia-devices.js'
import { parseGpuList } from '../../../../agent/host/nvidia-smi-parser/list.js'
import { parseGpuXml } from '../../../../agent/host/nvidia-smi-parser/xml.js'
import { perSlice } from '../../../../agent/host/slice-readings.js'

const fixture = (name: string) =>
  readFileSync(new URL(`../../../fixtures/nvidia-smi/${name}`, import.meta.url), 'utf8')
const MiB = 1024 ** 2
const board = 'GPU-aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'
const first = 'MIG-11111111-2222-5333-8444-555555555555'
const second = 'MIG-66666666-7777-5888-9999-aaaaaaaaaaaa'
const log = parseGpuXml(fixture('mig.xml'))
const list = parseGpuList(fixture('mig-list.txt'))

describe('parseGpuList', () => {
  it('reads GPUs and their instances', () => {
    expect(list).toEqual([
      {
        uuid: board,
        name: 'NVIDIA A100-SXM4-80GB',
        slices: [
          { uuid: first, profile: '3g.40gb', index: 0 },
          { uuid: second, profile: '3g.40gb', index: 1 },
        ],
      },
      {
        uuid: 'GPU-bbbbbbbb-cccc-dddd-eeee-ffffffffffff',
        name: 'NVIDIA A100-SXM4-80GB',
        slices: [],
      },
    ])
  })

  it('reads the instance names of drivers before 470, and passes over what it does not know', () => {
    const old = `  MIG 1g.5gb Device 0: (UUID: MIG-orphan)\nGPU 0: A100 (UUID: ${board})\nwarning: x\n  MIG 1g.5gb Device 0: (UUID: MIG-${board}/7/0)\n`
    expect(parseGpuList(old)[0]?.slices).toEqual([
      { uuid: `MIG-${board}/7/0`, profile: '1g.5gb', index: 0 },
    ])
    expect(parseGpuList('No devices were found')).toEqual([])
  })
})

describe('the inventory of a partitioned GPU', () => {
  it('is its instances: their memory, no power limit, and the board they are of', () => {
    const { facts, slices, unusable } = nvidiaInventory(log, list)
    expect(facts.map(({ id }) => id)).toEqual([first, second])
    expect(facts[0]).toMatchObject({
      name: 'NVIDIA A100-SXM4-80GB MIG 3g.40gb',
      memoryBytes: 40192 * MiB,
      settings: {
        board,
        mig_profile: '3g.40gb',
        multiprocessors: '42',
        'board.power_limit': '400 W',
      },
    })
    expect(facts[0]).not.toHaveProperty('powerLimitWatts')
    expect(slices.get(board)?.map(({ uuid }) => uuid)).toEqual([first, second])
    expect(unusable).toEqual([])
  })

  it('is nothing while it has no instances, and the board where nobody lists them', () => {
    const empty = nvidiaInventory(log, [{ uuid: board, name: 'A100', slices: [] }])
    expect(empty).toMatchObject({ facts: [], unusable: [board] })
    expect(nvidiaInventory(log, undefined).facts.map(({ id }) => id)).toEqual([board])
  })

  it('attributes processes to instances, and one that hides where it runs to all of them', () => {
    const { slices } = nvidiaInventory(log, list)
    expect(computingOn(log, slices)).toEqual({ [first]: [4711, 4713], [second]: [4712, 4713] })
    expect(computingOn(log, new Map())).toEqual({ [board]: [4711, 4712, 4713] })
  })

  it('gives its instances none of its power, energy or utilisation', () => {
    const { slices } = nvidiaInventory(log, list)
    const reading = {
      at: 7,
      device: board,
      powerWatts: 80,
      energyJoules: 5,
      utilizationPercent: 40,
      memoryBytes: 9,
      clockMhz: 1410,
      temperatureCelsius: 33,
      throttleReasons: ['sw_power_cap'],
    }
    const shared = {
      at: 7,
      clockMhz: 1410,
      temperatureCelsius: 33,
      throttleReasons: ['sw_power_cap'],
    }
    expect(perSlice(reading, slices)).toEqual([
      { ...shared, device: first },
      { ...shared, device: second },
    ])
    expect(perSlice({ at: 1, device: 'GPU-x', powerWatts: 1 }, slices)).toEqual([
      { at: 1, device: 'GPU-x', powerWatts: 1 },
    ])
  })
})

describe('factsOfHello', () => {
  it('knows the board of an instance', () => {
    const devices = [{ uuid: first, name: 'NVIDIA A100 MIG 3g.40gb', board }]
    expect(factsOfHello({ kind: 'hello', driver: '535', devices })).toEqual([
      {
        id: first,
        name: 'NVIDIA A100 MIG 3g.40gb',
        memoryBytes: 0,
        driver: '535',
        settings: { board },
      },
    ])
    expect(factsOfHello(undefined)).toEqual([])
  })
})
