import { describe, expect, it } from 'vitest'
import type { DeviceReading, DeviceTelemetry } from '../../../../agent/host/device-telemetry.js'
import { preFlight, unrest } from '../../../../agent/host/pre-flight.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { FakeProc } from './fake-proc.js'

interface Scene {
  /** What the device tells, by seconds since the start. */
  readonly device?: (seconds: number) => Partial<DeviceReading>
  readonly foreign?: (seconds: number) => readonly number[]
  readonly processIds?: readonly number[]
  readonly available?: number
  readonly disk?: number
  readonly board?: string
}

async function fly(scene: Scene) {
  const clock = new FakeClock()
  const start = clock.wall()
  const files = new FakeProc()
  files.files.set(
    '/proc/meminfo',
    `MemTotal:       16777216 kB\nMemAvailable:   ${scene.available ?? 8_000_000} kB\n`,
  )
  const devices: DeviceTelemetry = {
    source: 'nvml',
    periodSeconds: 0.1,
    between: (from, to) =>
      [0, 100, 200, 300]
        .map((ago) => to - ago)
        .filter((at) => at >= from)
        .map((at) => ({
          at,
          device: 'GPU-1',
          utilizationPercent: 0,
          ...scene.device?.((at - start) / 1000),
        })),
    subscribe: () => () => undefined,
    foreignProcesses: () => Promise.resolve(scene.foreign?.((clock.wall() - start) / 1000) ?? []),
    close: () => Promise.resolve(),
  }
  const done = preFlight(
    {
      clock,
      files,
      devices: scene.device === undefined && scene.foreign === undefined ? undefined : devices,
      deviceIds: ['GPU-1'],
      processIds: scene.processIds ?? [10],
      diskFree: () => Promise.resolve(scene.disk),
      boardOf: () => scene.board,
    },
    new AbortController().signal,
  ).then((doubts) => ({ doubts, waited: clock.monotonic() }))
  await clock.advance(20)
  return done
}

describe('a slice of a board', () => {
  it('is said to have no power of its own', async () => {
    const { doubts, waited } = await fly({ device: () => ({ clockMhz: 1410 }), board: 'GPU-0' })
    expect(doubts).toMatchObject([{ kind: 'shared_board', severity: 'marked' }])
    expect(doubts[0]?.detail).toContain('GPU-1 is a slice of GPU-0: power, energy')
    expect(waited).toBeLessThan(1)
  })
})

describe('preFlight', () => {
  it('costs nothing where all is quiet, or there is no device', async () => {
    expect(await fly({})).toMatchObject({ doubts: [] })
    const quiet = await fly({ device: () => ({ temperatureCelsius: 44, clockMhz: 1980 }) })
    expect(quiet.doubts).toEqual([])
  })

  it('waits until a device has come to rest', async () => {
    const clock = new FakeClock()
    const start = clock.wall()
    const busy = (at: number) => ((at - start) / 1000 < 1.2 ? 90 : 0)
    const devices: DeviceTelemetry = {
      source: 'nvml',
      periodSeconds: 0.1,
      between: (from, to) =>
        [to, to - 100, to - 200]
          .filter((at) => at >= from)
          .map((at) => ({ at, device: 'GPU-1', utilizationPercent: busy(at) })),
      subscribe: () => () => undefined,
      foreignProcesses: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    }
    let ended: number | undefined
    const done = preFlight(
      {
        clock,
        files: new FakeProc(),
        devices,
        deviceIds: ['GPU-1'],
        processIds: [10],
        diskFree: () => Promise.resolve(undefined),
      },
      new AbortController().signal,
    ).then((doubts) => {
      ended = clock.monotonic()
      return doubts
    })
    await clock.advance(10)
    expect(await done).toEqual([])
    expect(ended).toBeGreaterThanOrEqual(1.2)
    expect(ended).toBeLessThan(2)
  })

  it('starts anyway after all patience, and says why', async () => {
    const { doubts } = await fly({ device: () => ({ utilizationPercent: 40 }) })
    expect(doubts).toEqual([
      {
        kind: 'device_unsettled',
        severity: 'marked',
        detail: 'the device was 40 % busy; waited 5 s for it',
      },
    ])
  })

  it('waits for strangers, unless the engine may be one of them', async () => {
    const { doubts } = await fly({ foreign: () => [77] })
    expect(doubts.map(({ detail }) => detail)).toEqual([
      'processes 77 use the device; waited 5 s for it',
    ])
    expect((await fly({ foreign: () => [77], processIds: [] })).doubts).toEqual([])
    expect((await fly({ foreign: (at) => (at < 2 ? [77] : []) })).doubts).toEqual([])
  })

  it('says when memory or disk run short', async () => {
    const { doubts } = await fly({ available: 100_000, disk: 1024 ** 2 })
    expect(doubts.map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      'host_short: 98 MiB of memory available, below 492 MiB',
      'host_short: 1 MiB of disk free, below 256 MiB',
    ])
  })

  it('ends with its signal', async () => {
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    const clock = new FakeClock()
    const devices: DeviceTelemetry = {
      source: 'nvml',
      periodSeconds: 0.1,
      between: (_from, to) => [{ at: to, device: 'GPU-1', utilizationPercent: 99 }],
      subscribe: () => () => undefined,
      foreignProcesses: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    }
    await expect(
      preFlight(
        {
          clock,
          files: new FakeProc(),
          devices,
          deviceIds: ['GPU-1'],
          processIds: [],
          diskFree: () => Promise.resolve(undefined),
        },
        stop.signal,
      ),
    ).rejects.toThrow('enough')
  })
})

describe('unrest', () => {
  const at = (moment: number, more: Partial<DeviceReading>): DeviceReading => ({
    at: moment,
    device: 'GPU-1',
    utilizationPercent: 0,
    ...more,
  })

  it.each([
    [[at(0, { temperatureCelsius: 60 }), at(1, { temperatureCelsius: 55 })], 'moved by 5 °C'],
    [[at(0, { clockMhz: 1980 }), at(1, { clockMhz: 1200 })], 'clock moved by 39 %'],
    [[at(0, { throttleReasons: ['hw_thermal_slowdown'] })], 'for its heat (hw_thermal_slowdown)'],
    [[at(0, { utilizationPercent: 6 })], '6 % busy'],
  ])('%#: %s', (readings, words) => {
    expect(unrest(readings)).toContain(words)
  })

  it('takes a device at its highest clock for quiet, and one without figures', () => {
    expect(unrest([at(0, { clockMhz: 1980 }), at(1, { clockMhz: 1965 })])).toBeUndefined()
    expect(unrest([{ at: 0, device: 'GPU-1' }])).toBeUndefined()
    expect(unrest([])).toBeUndefined()
  })
})
