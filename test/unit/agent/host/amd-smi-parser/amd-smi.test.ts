import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DocumentReader,
  gpuEntries,
  parseAnswer,
} from '../../../../../agent/host/amd-smi-parser/document.js'
import { amdInventory, processesByGpu } from '../../../../../agent/host/amd-smi-parser/inventory.js'
import { metricFigures } from '../../../../../agent/host/amd-smi-parser/metric.js'
import { amdFigure } from '../../../../../agent/host/amd-smi-parser/values.js'
import { hardwareClass } from '../../../../../agent/host/hardware-class.js'

const text = (name: string) =>
  readFileSync(new URL(`../../../../fixtures/amd-smi/${name}`, import.meta.url), 'utf8')
const answer = (name: string) => parseAnswer(text(name))
const figures = (name: string) =>
  gpuEntries(answer(name)).map(({ fields }) => metricFigures(fields))
const MiB = 1024 ** 2

describe('a figure', () => {
  it.each([
    [{ value: 140, unit: 'W' }, 140],
    [{ value: 0.25, unit: 'GB' }, 256 * MiB],
    ['140 W', 140],
    ['1500 mW', 1.5],
    [7, 7],
    [0, 0],
    ['N/A', undefined],
    [{ value: 'N/A', unit: 'W' }, undefined],
    [{ value: null }, undefined],
    [65535, undefined],
    [{ value: 1, unit: 'furlong' }, undefined],
    [{ value: 1, unit: 'constructor' }, undefined],
    [['N/A'], undefined],
    [NaN, undefined],
    [undefined, undefined],
  ])('%j is %s', (value, expected) => {
    expect(amdFigure(value)).toBe(expected)
  })
})

describe('amd-smi metric', () => {
  it('of ROCm 6.2: value and unit, several dies, violations', () => {
    expect(figures('rocm-6.2-metric.json')).toEqual([
      {
        utilizationPercent: 87,
        memoryBytes: 121344 * MiB,
        powerWatts: 542,
        energyJoules: 8342711.25,
        temperatureCelsius: 71,
        clockMhz: 2101,
        throttleReasons: ['power_cap'],
      },
      expect.objectContaining({ powerWatts: 141 }),
    ])
  })

  it('of ROCm 5.7: one GPU alone, bare numbers, and no energy', () => {
    expect(figures('rocm-5.7-metric.json')).toEqual([
      {
        utilizationPercent: 5,
        memoryBytes: 1034 * MiB,
        powerWatts: 46,
        temperatureCelsius: 51,
        clockMhz: 500,
      },
    ])
  })

  it('of ROCm 6.0: other names', () => {
    expect(figures('rocm-6.0-metric.json')).toEqual([
      {
        utilizationPercent: 99,
        memoryBytes: 60000 * MiB,
        powerWatts: 300,
        energyJoules: 1250.5,
        temperatureCelsius: 79,
        clockMhz: 1700,
        throttleReasons: ['throttled'],
      },
    ])
  })

  it('of ROCm 7: a warning before it, gpu_data, GB, violations by die; idleness is none', () => {
    expect(figures('rocm-7-metric.txt')).toEqual([
      {
        utilizationPercent: 0,
        memoryBytes: 256 * MiB,
        powerWatts: 140,
        temperatureCelsius: 37,
        clockMhz: 132,
        throttleReasons: ['gfx_clk_below_host_limit_thermal'],
      },
    ])
  })
})

describe('the inventory', () => {
  it('of two MI300X: named as ROCm names them, with cap, memory and software', () => {
    const { facts, ids, unusable } = amdInventory({
      list: answer('rocm-6.2-list.json'),
      fixed: answer('rocm-6.2-static.json'),
      version: answer('rocm-6.2-version.json'),
    })
    expect(facts[0]).toEqual({
      id: 'GPU-7e8f7e20764e2714',
      name: 'AMD Instinct MI300X',
      memoryBytes: 196592 * MiB,
      driver: '6.8.5',
      powerLimitWatts: 600,
      settings: {
        gfx_version: 'gfx942',
        compute_units: '304',
        compute_partition: 'SPX',
        memory_partition: 'NPS1',
        process_isolation: 'Disabled',
        bus_id: '0000:0c:00.0',
        numa_node: '0',
        'pcie.width': '16',
        max_power_limit: '750 W',
        rocm: '6.2.4',
        amd_smi: '24.6.3.0',
      },
    })
    expect([...ids]).toEqual([
      [0, 'GPU-7e8f7e20764e2714'],
      [1, 'GPU-de8287300da37c72'],
    ])
    expect(unusable).toEqual([])
    expect(hardwareClass(facts[0]?.name)).toBe('MI300X')
  })

  it('of ROCm 7: HIP’s own name, ppt0, no serial number', () => {
    const [device] = amdInventory({
      list: answer('rocm-7-list.json'),
      fixed: answer('rocm-7-static.json'),
      version: undefined,
    }).facts
    expect(device).toMatchObject({
      id: 'GPU-aabbccddeeff0011',
      memoryBytes: 288 * 1024 * MiB,
      driver: '6.12.12',
      powerLimitWatts: 750,
      settings: { vbios_version: '00131730', compute_partition: 'SPX', max_power_limit: '1000 W' },
    })
    expect(hardwareClass(device?.name)).toBe('MI350X')
  })

  it('leaves out partitions that share one name, and devices that have none', () => {
    const asic = { market_name: 'AMD Instinct MI300X', asic_serial: '0x1' }
    const fixed = [
      { gpu: 0, asic },
      { gpu: 1, asic },
      { gpu: 2 },
      { gpu: 3, bus: { bdf: '0000:01:00.0' } },
    ]
    const { facts, unusable } = amdInventory({ list: undefined, fixed, version: 'x' })
    expect(unusable).toEqual(['GPU-0000000000000001'])
    expect(facts.map(({ id, name }) => [id, name])).toEqual([['AMD-0000:01:00.0', 'AMD GPU']])
  })
})

describe('amd-smi process', () => {
  it('lists processes by GPU, where “none” is a sentence', () => {
    expect([...processesByGpu(answer('rocm-6.2-process.json'))]).toEqual([
      [0, [4242]],
      [1, []],
    ])
    expect([...processesByGpu([{ gpu: 0, process_list: 'N/A' }])]).toEqual([])
  })
})

describe('the stream of --watch', () => {
  const read = (lines: string) => {
    const reader = new DocumentReader()
    return lines.split('\n').flatMap((line) => {
      const found = reader.add(line)
      return found === undefined ? [] : [gpuEntries(found).length]
    })
  }
  const round = text('rocm-6.2-metric.json').trimEnd()

  it('is documents, one after the other, with words between them', () => {
    expect(read(`'CTRL' + 'C' to stop watching output:\n${round}\n${round}\nbye`)).toEqual([2, 2])
    expect(read(`${text('rocm-7-metric.txt')}[{"gpu": 0}]\n`)).toEqual([1, 1])
  })

  it('survives one that is cut off', () => {
    const cut = round.slice(0, 700)
    expect(read(`${cut}\n${round}`)).toEqual([2])
    expect(read(`${cut}\n]\n${round}`)).toEqual([2])
    expect(read(cut)).toEqual([])
  })
})

/** Every value of a fixture may be replaced, and its text cut. */
describe('whatever amd-smi prints', () => {
  const names = [
    'rocm-5.7-metric.json',
    'rocm-6.0-metric.json',
    'rocm-6.2-metric.json',
    'rocm-6.2-static.json',
    'rocm-6.2-process.json',
    'rocm-7-metric.txt',
    'rocm-7-static.json',
  ]
  const readAll = (parsed: unknown) => {
    for (const { fields } of gpuEntries(parsed)) {
      for (const value of Object.values(metricFigures(fields))) {
        if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
      }
    }
    const { facts } = amdInventory({ list: parsed, fixed: parsed, version: parsed })
    for (const { id, memoryBytes, powerLimitWatts = 1 } of facts) {
      expect(id).toMatch(/^(GPU|AMD)-./)
      expect(Number.isFinite(memoryBytes) && Number.isFinite(powerLimitWatts)).toBe(true)
    }
    for (const pids of processesByGpu(parsed).values()) {
      expect(pids.every((pid) => Number.isInteger(pid) && pid > 0)).toBe(true)
    }
  }

  it('is read or passed over, and never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(12_000),
        fc.integer({ min: 0, max: 8 }),
        fc.json(),
        (name, at, removed, put) => {
          const whole = text(name)
          readAll(parseAnswer(whole.slice(0, at)))
          readAll(parseAnswer(whole.slice(0, at) + put + whole.slice(at + removed)))
          const reader = new DocumentReader()
          for (const line of (whole.slice(0, at) + whole).split('\n')) readAll(reader.add(line))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('holds for any JSON', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('usage', 'power', 'clock', 'throttle', 'asic', 'limit', 'process_list'),
        (value, section) => {
          readAll(value)
          readAll({ gpu_data: [{ gpu: 0, [section]: value }] })
        },
      ),
      { numRuns: 150 },
    )
  })
})
