import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toReading } from '../../../../../agent/host/nvidia-smi-stream.js'
import { parseGpuCsv, parseGpuLine } from '../../../../../agent/host/nvidia-smi-parser/csv.js'
import { readFigure, readReasons } from '../../../../../agent/host/nvidia-smi-parser/values.js'

const busy = readFileSync(
  new URL('../../../../fixtures/nvidia-smi/smi_csv_busy.txt', import.meta.url),
  'utf8',
)
const MiB = 1024 ** 2
const uuid = 'GPU-b9d464c3-30ae-53cb-797e-ac5dea8ef9bb'

describe('parseGpuCsv', () => {
  it('reads a loop’s output with units', () => {
    const { rows, problems } = parseGpuCsv(busy)
    expect(problems).toEqual([])
    expect(rows.length).toBeGreaterThan(20)
    expect(rows[0]).toEqual({
      at: new Date(2026, 10, 24, 5, 26, 30, 326).getTime(),
      index: 0,
      uuid,
      name: 'NVIDIA H100 80GB HBM3',
      utilizationPercent: 100,
      memoryUsedBytes: 883 * MiB,
      memoryTotalBytes: 81559 * MiB,
      powerWatts: 700.06,
      smClockMhz: 1395,
      temperatureCelsius: 54,
      throttleReasons: ['sw_power_cap'],
    })
    const gaps = rows.slice(1).map((row, index) => (row.at ?? NaN) - (rows[index]?.at ?? NaN))
    expect(Math.max(...gaps)).toBeLessThan(120)
  })

  it('reads the same without units', () => {
    const bare = busy.replace(/ (%|MiB|W|MHz)(?=,|$)/gm, '')
    expect(parseGpuCsv(bare).rows).toEqual(parseGpuCsv(busy).rows)
  })

  it('reads several devices, and leaves out what they do not tell', () => {
    const { rows } = parseGpuCsv(
      [
        'uuid, utilization.gpu [%], power.draw [W], clocks_throttle_reasons.active',
        'GPU-1, 7, 61.5, 0x0000000000000001',
        'GPU-2, [N/A], [Not Supported], [Unknown Error]',
        'GPU-3, N/A, [GPU requires reset], Not Active',
      ].join('\r\n'),
    )
    expect(rows).toEqual([
      { uuid: 'GPU-1', utilizationPercent: 7, powerWatts: 61.5, throttleReasons: ['gpu_idle'] },
      { uuid: 'GPU-2' },
      { uuid: 'GPU-3' },
    ])
  })

  it('takes the instant draw where there is one, else the average', () => {
    const header = 'uuid, power.draw [W], power.draw.instant [W]'
    const watts = (row: string) => parseGpuCsv(`${header}\n${row}`).rows[0]?.powerWatts
    expect(watts('GPU-1, 50, 60')).toBe(60)
    expect(watts('GPU-1, 50, [N/A]')).toBe(50)
  })

  it('tells lines that are none, by number', () => {
    const { rows, problems } = parseGpuCsv(
      'Unable to determine the device handle\nuuid, index\nGPU-1, 0\nGPU-1, 0, 3\n',
    )
    expect(rows).toHaveLength(1)
    expect(problems).toEqual([
      'line 1: a line before the header',
      'line 4: 3 cells where the header has 2',
    ])
  })

  it('never throws and never makes up a number', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('N/A', '[N/A]', '1 %', '0x4', 'uuid', '1e999'),
    )
    const line = fc.array(cell).map((cells) => cells.join(', '))
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { rows } = parseGpuCsv(`uuid, index, power.draw [W]\n${lines.join('\n')}`)
        const numbers = rows.flatMap((row): unknown[] => Object.values(row)).filter(Number.isNaN)
        expect(numbers).toEqual([])
      }),
    )
  })

  it('takes any line as garbage before a header', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(parseGpuLine(line, undefined).kind).not.toBe('row')
      }),
    )
  })
})

describe('readFigure', () => {
  it.each([
    ['100 %', 100],
    ['883 MiB', 883 * MiB],
    ['1.5 GiB', 1.5 * 1024 * MiB],
    ['700.06 W', 700.06],
    ['-3 C', -3],
    ['54', 54],
    ['12 parsecs', undefined],
    ['0x4', undefined],
    ['', undefined],
    ['[Not Supported]', undefined],
  ])('%s', (text, expected) => {
    expect(readFigure(text)).toBe(expected)
  })
})

describe('readReasons', () => {
  it('names the bits and keeps unknown ones', () => {
    expect(readReasons('0x00000000000000A4')).toEqual([
      'sw_power_cap',
      'sw_thermal_slowdown',
      'hw_power_brake_slowdown',
    ])
    expect(readReasons('0x1000')).toEqual(['0x1000'])
    expect(readReasons('0x0')).toEqual([])
    expect(readReasons('Active')).toBeUndefined()
  })
})

describe('toReading', () => {
  it('believes the line’s own time unless it is far from its arrival', () => {
    expect(toReading({ uuid, at: 1000, powerWatts: 5 }, 1200)).toEqual({
      at: 1000,
      device: uuid,
      powerWatts: 5,
    })
    expect(toReading({ uuid, at: 1000 }, 3_601_000)?.at).toBe(3_601_000)
    expect(toReading({ at: 1000 }, 1000)).toBeUndefined()
  })
})
