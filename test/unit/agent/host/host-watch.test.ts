import { describe, expect, it } from 'vitest'
import type { DeviceTelemetry } from '../../../../agent/host/device-telemetry.js'
import { devicePulse } from '../../../../agent/host/host.js'
import { telemetryPeriodSeconds, watchHost } from '../../../../agent/host/host-watch.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import type { TelemetryReading } from '../../../../shared/domain/sample.js'
import { FakeProc } from './fake-proc.js'

function open(processIds: readonly number[], devices?: DeviceTelemetry) {
  const clock = new FakeClock()
  const files = new FakeProc()
  const seen: TelemetryReading[] = []
  files.process(10, 1)
  files.thread(10, 10, 1, 0)
  files.files.set('/proc/10/status', 'VmRSS:\t2048 kB\n')
  files.cpu(10, 10)
  const watch = watchHost({
    clock,
    files,
    processIds,
    devices,
    deviceIds: devices === undefined ? [] : ['GPU-1'],
    cpuCount: 2,
    onReading: (reading) => seen.push(reading),
  })
  return { clock, files, seen, watch }
}

describe('watchHost', () => {
  it('reads the engine’s process tree every period until it is stopped', async () => {
    const { clock, files, seen, watch } = open([10])
    const from = watch.snapshot()
    files.thread(10, 10, 1 + 0.8 * telemetryPeriodSeconds, 0)
    await clock.advance(telemetryPeriodSeconds)
    expect(seen).toEqual([
      {
        at: clock.wall(),
        device: 'cpu',
        utilizationPercent: expect.closeTo(80, 6) as number,
        memoryBytes: 2048 * 1024,
      },
    ])
    await clock.advance(5 * telemetryPeriodSeconds)
    watch.stop()
    await clock.advance(1)
    expect(seen).toHaveLength(6)
    expect(watch.readings(from, watch.snapshot())).toHaveLength(6)
  })

  it('reads the host where the engine is elsewhere', async () => {
    const { clock, files, seen } = open([])
    files.cpu(10 + 0.5 * telemetryPeriodSeconds, 10)
    await clock.advance(telemetryPeriodSeconds)
    expect(seen[0]?.utilizationPercent).toBeCloseTo(25, 6)
    expect(seen[0]).not.toHaveProperty('memoryBytes')
  })

  it('leaves out what the system does not tell', async () => {
    const { clock, files, seen } = open([10])
    files.files.clear()
    await clock.advance(telemetryPeriodSeconds)
    await clock.advance(telemetryPeriodSeconds)
    expect(seen.at(-1)).not.toHaveProperty('memoryBytes')
  })

  it('passes on and merges what the devices say', async () => {
    const listeners: ((reading: TelemetryReading) => void)[] = []
    const gpu: TelemetryReading = { at: 0, device: 'GPU-1', powerWatts: 70 }
    const devices: DeviceTelemetry = {
      source: 'nvml',
      periodSeconds: 0.05,
      between: (from) => [{ ...gpu, at: from }],
      subscribe(listener) {
        listeners.push(listener)
        return () => listeners.splice(0)
      },
      foreignProcesses: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    }
    const { clock, seen, watch } = open([10], devices)
    const from = watch.snapshot()
    for (const listener of listeners) listener(gpu)
    await clock.advance(telemetryPeriodSeconds)
    expect(seen.map(({ device }) => device)).toEqual(['GPU-1', 'cpu'])
    const merged = watch.readings(from, watch.snapshot())
    expect(merged.map(({ device }) => device)).toEqual(['GPU-1', 'cpu'])
    expect(watch.around(from, from)).toEqual([{ ...gpu, at: from.wall - 3000 }])
    watch.stop()
    expect(listeners).toHaveLength(0)
  })
})

describe('the end of a window', () => {
  /** A device that is read at these seconds. */
  function readAt(...seconds: readonly number[]) {
    const clock = new FakeClock()
    const start = clock.wall()
    const devices: DeviceTelemetry = {
      source: 'amd-smi',
      periodSeconds: 1,
      between: (from, to) =>
        seconds
          .map((each) => start + 1000 * each)
          .filter((at) => at >= from && at <= to && at <= clock.wall())
          .map((at) => ({ at, device: 'GPU-1' })),
      subscribe: () => () => undefined,
      foreignProcesses: () => Promise.resolve(undefined),
      close: () => Promise.resolve(),
    }
    const watch = watchHost({
      clock,
      files: new FakeProc(),
      processIds: [],
      devices,
      deviceIds: ['GPU-1'],
      cpuCount: 1,
      onReading: () => undefined,
    })
    const waited = watch
      .bracketed(watch.snapshot(), new AbortController().signal)
      .then(() => clock.monotonic())
    return { clock, waited, watch }
  }

  it('is waited for until a slow source has told of it', async () => {
    const { clock, waited, watch } = readAt(-0.4, 0.6)
    await clock.advance(5)
    expect(await waited).toBeCloseTo(0.6, 1)
    watch.stop()
  })

  it('is not waited for beyond two periods of a source that fell silent', async () => {
    const { clock, waited, watch } = readAt(-0.4)
    await clock.advance(5)
    expect(await waited).toBeCloseTo(2, 1)
    watch.stop()
  })
})

describe('devicePulse', () => {
  it('averages over time, then averages utilisation and adds up the rest over devices', () => {
    expect(
      devicePulse([
        { at: 1, device: 'a', utilizationPercent: 100, memoryBytes: 10, powerWatts: 300 },
        { at: 2, device: 'a', utilizationPercent: 50, memoryBytes: 20, powerWatts: 500 },
        { at: 1, device: 'b', utilizationPercent: 25, memoryBytes: 5 },
      ]),
    ).toEqual({ utilizationPercent: 50, memoryBytes: 20, powerWatts: 400 })
    expect(devicePulse([])).toEqual({})
  })
})
