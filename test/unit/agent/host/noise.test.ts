import { describe, expect, it } from 'vitest'
import { judgeDevices } from '../../../../agent/host/device-noise.js'
import type { HostSnapshot } from '../../../../agent/host/host-watch.js'
import {
  defaultThresholds,
  disturbanceBetween,
  judgeDisturbance,
  spoiled,
} from '../../../../agent/host/noise.js'
import type { TelemetryReading } from '../../../../shared/domain/sample.js'

const use = (ran: number, waited: number) => ({
  ranSeconds: ran,
  waitedSeconds: waited,
  busiestRanSeconds: ran,
  busiestWaitedSeconds: waited,
})
const moment = (at: number, parts: Partial<HostSnapshot> = {}): HostSnapshot => ({
  at,
  wall: at * 1000,
  ...parts,
})

describe('disturbanceBetween', () => {
  it('gives each as a share of wall time', () => {
    const before = moment(0, {
      host: { busySeconds: 100, idleSeconds: 0, stealSeconds: 0 },
      engine: use(10, 1),
      own: use(5, 0),
    })
    const after = moment(2, {
      host: { busySeconds: 103, idleSeconds: 0, stealSeconds: 0.2 },
      engine: use(11.5, 1.2),
      own: use(5.5, 0.1),
    })
    const { engineWait, clientWait, foreignCpu, steal } = disturbanceBetween(before, after, 2)
    expect(engineWait).toBeCloseTo(0.1, 9)
    expect(clientWait).toBeCloseTo(0.05, 9)
    // 3 s busy, 1.5 s of them the engine’s, 0.5 s ours: 1 s of 4 possible.
    expect(foreignCpu).toBeCloseTo(0.25, 9)
    expect(steal).toBeCloseTo(0.05, 9)
  })

  it('says nothing where the system tells nothing', () => {
    expect(disturbanceBetween(moment(0), moment(1), 2)).toEqual({})
    expect(disturbanceBetween(moment(1), moment(1), 2)).toEqual({})
  })
})

describe('judgeDisturbance', () => {
  const kinds = (...given: Parameters<typeof judgeDisturbance>) =>
    judgeDisturbance(...given).map(({ kind, severity }) => `${kind} ${severity}`)

  it('accepts an ordinary desk: coordinator and a second, idle agent beside it', () => {
    const quiet = { engineWait: 0.02, clientWait: 0.02, foreignCpu: 0.1, steal: 0 }
    expect(kinds(quiet, defaultThresholds, false)).toEqual([])
  })

  it('marks, then refuses, an engine that waited', () => {
    expect(kinds({ engineWait: 0.08 }, defaultThresholds, false)).toEqual(['engine_starved marked'])
    expect(kinds({ engineWait: 0.2 }, defaultThresholds, false)).toEqual(['engine_starved invalid'])
  })

  it('only marks a busy host while the engine’s own wait is known', () => {
    const busy = { foreignCpu: 0.9 }
    expect(kinds({ ...busy, engineWait: 0 }, defaultThresholds, false)).toEqual([
      'host_busy marked',
    ])
    expect(kinds(busy, defaultThresholds, false)).toEqual(['host_busy invalid'])
    expect(kinds(busy, defaultThresholds, true)).toEqual(['host_busy marked'])
  })

  it('says figure and threshold', () => {
    expect(judgeDisturbance({ steal: 0.2 }, defaultThresholds, false)).toEqual([
      {
        kind: 'host_busy',
        severity: 'invalid',
        detail:
          'the hypervisor held the host’s CPUs 20.0 % of the time; above 10.0 % it is not trusted',
      },
    ])
  })

  it('sets a repetition aside for what cannot be defended only', () => {
    expect(spoiled({ engineWait: 0.1, foreignCpu: 0.9 }, defaultThresholds)).toBe(false)
    expect(spoiled({ engineWait: 0.16 }, defaultThresholds)).toBe(true)
    expect(spoiled({ clientWait: 0.3 }, defaultThresholds)).toBe(true)
  })
})

describe('judgeDevices', () => {
  const reading = (at: number, more: Partial<TelemetryReading> = {}): TelemetryReading => ({
    at,
    device: 'GPU-1',
    utilizationPercent: 100,
    ...more,
  })
  const windowOf = (readings: readonly TelemetryReading[]) => ({
    from: readings[0]?.at ?? 0,
    to: readings.filter(({ device }) => device !== 'cpu').at(-1)?.at ?? 0,
    readings,
  })
  const kinds = (...readings: TelemetryReading[]) =>
    judgeDevices([windowOf(readings)]).map(({ kind }) => kind)

  it('has nothing to say about a steady device, an idle clock, or a CPU', () => {
    expect(
      kinds(
        reading(0, { clockMhz: 1980, throttleReasons: [] }),
        reading(100, { clockMhz: 345, utilizationPercent: 0, throttleReasons: ['gpu_idle'] }),
        reading(200, { clockMhz: 1965 }),
        { at: 0, device: 'cpu' },
        { at: 9000, device: 'cpu' },
      ),
    ).toEqual([])
  })

  it('sees gaps, throttling and clocks that moved', () => {
    expect(kinds(reading(0), reading(3500))).toEqual(['telemetry_gap'])
    expect(kinds(reading(0, { throttleReasons: ['sw_power_cap'] }))).toEqual(['throttled'])
    expect(kinds(reading(0, { clockMhz: 1980 }), reading(100, { clockMhz: 1400 }))).toEqual([
      'clocks_changed',
    ])
  })

  it('does not take the time between two windows for a gap', () => {
    expect(judgeDevices([windowOf([reading(0)]), windowOf([reading(60_000)])])).toEqual([])
  })

  it('takes a source that fell silent, and a device that never told, for a gap', () => {
    const window = { from: 0, to: 10_000, readings: [reading(0), reading(2000)] }
    expect(judgeDevices([window])).toMatchObject([
      { kind: 'telemetry_gap', detail: expect.stringContaining('8.0 s') as string },
    ])
    const steady = [0, 2000, 4000].map((at) => reading(at))
    const short = { from: 0, to: 4000, readings: steady }
    expect(judgeDevices([short], ['GPU-1'])).toEqual([])
    expect(judgeDevices([short], ['GPU-1', 'GPU-2']).map(({ kind }) => kind)).toEqual([
      'telemetry_gap',
    ])
  })

  it('does not take a setting for throttling', () => {
    const throttleReasons = ['applications_clocks_setting', 'gpu_idle']
    expect(kinds(reading(0, { throttleReasons }))).toEqual([])
  })
})
