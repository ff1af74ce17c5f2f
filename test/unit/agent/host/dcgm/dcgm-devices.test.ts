import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dcgmDevices } from '../../../../../agent/host/dcgm/dcgm-devices.js'
import { parsePrometheus } from '../../../../../agent/host/dcgm/prometheus-text.js'

const MiB = 1024 ** 2
const labels = (gpu: number, more = '') =>
  `{gpu="${gpu}",UUID="GPU-${gpu}",device="nvidia${gpu}",modelName="NVIDIA H100 80GB HBM3",Hostname="node",DCGM_FI_DRIVER_VERSION="580.1"${more}}`

describe('parsePrometheus', () => {
  it('reads names, labels with escapes, values and timestamps', () => {
    const text = [
      '# HELP a helps',
      '# TYPE a gauge',
      'a 1.5',
      String.raw`b{x="say \"hi\"\\\n", y="2",} 3e2 1700000000000`,
      'c{} 7',
    ].join('\n')
    expect(parsePrometheus(text)).toEqual([
      { name: 'a', labels: {}, value: 1.5 },
      { name: 'b', labels: { x: 'say "hi"\\\n', y: '2' }, value: 300 },
      { name: 'c', labels: {}, value: 7 },
    ])
  })

  it.each(['a NaN', 'a +Inf', 'a{x="1} 3', 'a{x=1} 3', 'a', '<html>', 'a{x="1" y="2"} 3'])(
    'passes over %s',
    (line) => {
      expect(parsePrometheus(line)).toEqual([])
    },
  )

  it('never throws and never makes up a number', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (name, inner, value) => {
        for (const text of [name, `${name}{${inner}} ${value}`, `a{${inner}} 1`]) {
          expect(parsePrometheus(text).every((each) => Number.isFinite(each.value))).toBe(true)
        }
      }),
    )
  })
})

describe('dcgmDevices', () => {
  it('reads each device in our units', () => {
    const text = [0, 1]
      .flatMap((gpu) => [
        `DCGM_FI_DEV_GPU_UTIL${labels(gpu)} 87`,
        `DCGM_FI_DEV_FB_USED${labels(gpu)} 900`,
        `DCGM_FI_DEV_FB_FREE${labels(gpu)} 80000`,
        `DCGM_FI_DEV_POWER_USAGE${labels(gpu)} 695.5`,
        `DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION${labels(gpu)} 123456`,
        `DCGM_FI_DEV_SM_CLOCK${labels(gpu)} 1395`,
        `DCGM_FI_DEV_GPU_TEMP${labels(gpu)} 61`,
        `DCGM_FI_DEV_CLOCK_THROTTLE_REASONS${labels(gpu)} 4`,
      ])
      .join('\n')
    const devices = dcgmDevices(text)
    expect(devices.map(({ facts }) => facts.id)).toEqual(['GPU-0', 'GPU-1'])
    expect(devices[0]).toEqual({
      facts: {
        id: 'GPU-0',
        name: 'NVIDIA H100 80GB HBM3',
        memoryBytes: 80_900 * MiB,
        driver: '580.1',
      },
      figures: {
        utilizationPercent: 87,
        memoryBytes: 900 * MiB,
        powerWatts: 695.5,
        energyJoules: 123.456,
        temperatureCelsius: 61,
        clockMhz: 1395,
        throttleReasons: ['sw_power_cap'],
      },
    })
  })

  it('adds up the memory of slices, and nothing else', () => {
    const slice = (id: number) => labels(0, `,GPU_I_PROFILE="3g.40gb",GPU_I_ID="${id}"`)
    const text = [1, 2]
      .flatMap((id) => [
        `DCGM_FI_DEV_FB_USED${slice(id)} 100`,
        `DCGM_FI_DEV_POWER_USAGE${slice(id)} 80`,
      ])
      .join('\n')
    expect(dcgmDevices(text)[0]?.figures).toEqual({ memoryBytes: 200 * MiB, powerWatts: 80 })
  })

  it('finds no device in an exposition of something else', () => {
    expect(dcgmDevices('node_load1 0.5\nDCGM_FI_DEV_GPU_UTIL 5')).toEqual([])
  })
})
