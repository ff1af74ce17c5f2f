import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nvidiaInventory } from '../../../../../agent/host/nvidia-devices.js'
import { parseGpuXml } from '../../../../../agent/host/nvidia-smi-parser/xml.js'
import type { GpuLog } from '../../../../../agent/host/nvidia-smi-parser/xml.js'

const fixture = (name: string) =>
  readFileSync(new URL(`../../../../fixtures/nvidia-smi/${name}`, import.meta.url), 'utf8')
const MiB = 1024 ** 2

describe('parseGpuXml', () => {
  it('reads a busy H100', () => {
    const log = parseGpuXml(fixture('smi_busy.xml'))
    expect(log).toMatchObject({ driver: '580.159.04', cuda: '13.0', problems: [] })
    expect(log.gpus).toHaveLength(1)
    expect(log.gpus[0]).toMatchObject({
      busId: '00000000:00:06.0',
      uuid: 'GPU-b9d464c3-30ae-53cb-797e-ac5dea8ef9bb',
      name: 'NVIDIA H100 80GB HBM3',
      memoryTotalBytes: 81559 * MiB,
      utilizationPercent: 100,
      powerWatts: 725.42,
      powerLimitWatts: 700,
      smClockMhz: 1395,
      temperatureCelsius: 54,
      throttleReasons: ['sw_power_cap'],
      migEnabled: false,
      migDevices: [],
    })
    expect(log.gpus[0]?.processes).toMatchObject([{ type: 'C', name: 'python3' }])
  })

  it('reads an idle one, which has no process', () => {
    const [gpu] = parseGpuXml(fixture('smi_idle.xml')).gpus
    expect(gpu).toMatchObject({ utilizationPercent: 0, processes: [] })
  })

  it('reads the names of an old driver, and leaves out what is not available', () => {
    const { gpus, problems } = parseGpuXml(fixture('old-driver.xml'))
    expect(problems).toEqual([])
    expect(gpus[0]).toMatchObject({
      powerWatts: 41.21,
      powerLimitWatts: 300,
      throttleReasons: ['gpu_idle'],
    })
    expect(gpus[0]).not.toHaveProperty('migEnabled')
    expect(gpus[1]).toEqual({
      busId: '00000000:5E:00.0',
      uuid: 'GPU-66666666-7777-8888-9999-000000000000',
      name: 'Quadro <K> & more',
      migDevices: [],
      settings: {},
      processes: [{ pid: 4711, type: 'G', name: '/usr/lib/xorg/Xorg', memoryBytes: 9 * MiB }],
    })
  })

  it('reads the slices of a partitioned GPU', () => {
    expect(parseGpuXml(fixture('mig.xml')).gpus[0]).toMatchObject({
      migEnabled: true,
      powerWatts: 80.5,
      migDevices: [
        { index: 0, memoryTotalBytes: 40192 * MiB, memoryUsedBytes: 37 * MiB },
        { index: 1, memoryTotalBytes: 40192 * MiB, memoryUsedBytes: 12 * MiB },
      ],
      settings: { mig_mode: 'Enabled', mig_devices: '40192 MiB, 40192 MiB' },
    })
  })

  it('turns into facts of the environment', () => {
    expect(nvidiaInventory(parseGpuXml(fixture('smi_busy.xml')), undefined).facts).toEqual([
      {
        id: 'GPU-b9d464c3-30ae-53cb-797e-ac5dea8ef9bb',
        name: 'NVIDIA H100 80GB HBM3',
        memoryBytes: 81559 * MiB,
        driver: '580.159.04',
        powerLimitWatts: 700,
        settings: {
          persistence_mode: 'Enabled',
          mig_mode: 'Disabled',
          compute_mode: 'Default',
          ecc_mode: 'Enabled',
          virtualization_mode: 'Pass-Through',
          vbios_version: '96.00.DA.00.0C',
          'max_clocks.sm': '1980 MHz',
          'max_clocks.mem': '2619 MHz',
          'applications_clocks.graphics': '1980 MHz',
          'applications_clocks.mem': '2619 MHz',
          'pcie.gen.max': '5',
          'pcie.width': '16x',
          cuda: '13.0',
          bus_id: '00000000:00:06.0',
        },
      },
    ])
  })

  const sane = (log: GpuLog) =>
    log.gpus.every(
      (gpu) =>
        Object.values(gpu).every((value) => typeof value !== 'number' || Number.isFinite(value)) &&
        Array.isArray(gpu.processes),
    )

  it('says that a text was cut off, wherever it was, and keeps what came before', () => {
    const text = fixture('smi_busy.xml')
    const end = text.indexOf('</nvidia_smi_log>') + '</nvidia_smi_log>'.length
    fc.assert(
      fc.property(fc.nat(end - 1), (length) => {
        const log = parseGpuXml(text.slice(0, length))
        expect(log.problems).not.toEqual([])
        expect(sane(log)).toBe(true)
      }),
    )
  })

  it('never throws, whatever it is given', () => {
    const text = fixture('old-driver.xml')
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('<gpu id="', '</gpu>', '<uuid>', '<', '>', '&amp;', '<a/>', '<!--', ']]>'),
      fc.tuple(fc.nat(text.length), fc.nat(200)).map(([at, size]) => text.slice(at, at + size)),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(sane(parseGpuXml(pieces.join('')))).toBe(true)
        expect(sane(parseGpuXml(`<nvidia_smi_log>${pieces.join('')}`))).toBe(true)
      }),
    )
  })

  it('stays quick on a text made to be slow', () => {
    expect(parseGpuXml('<'.repeat(200_000)).problems).not.toEqual([])
    expect(parseGpuXml('<a>'.repeat(100_000)).problems).not.toEqual([])
    expect(parseGpuXml(`<nvidia_smi_log><gpu ${'a '.repeat(50_000)}`).problems).not.toEqual([])
  })
})
