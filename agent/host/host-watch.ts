import type { TelemetryReading } from '../../shared/domain/sample.js'
import type { Cancel, Clock } from '../../shared/process/clock.js'
import { CpuWatch } from './cpu-telemetry.js'
import type { CpuSnapshot } from './cpu-telemetry.js'
import { telemetryGapSeconds } from './device-noise.js'
import type { DeviceReading, DeviceTelemetry } from './device-telemetry.js'
import type { ProcFiles } from './proc-files.js'

/** Seconds between readings: fine enough that a trial of a second has ten. */
export const telemetryPeriodSeconds = 0.1

/** The host as seen during one trial. */
export interface HostWatch {
  /** Devices that readings are expected of. */
  readonly deviceIds: readonly string[]
  /** Counters now; two of them bracket a window. */
  snapshot(): HostSnapshot
  /** Readings taken inside a window given by its two snapshots, oldest first. */
  readings(from: HostSnapshot, to: HostSnapshot): readonly TelemetryReading[]
  /** Readings of the devices in a window and {@link telemetryGapSeconds} around it, oldest first. */
  around(from: HostSnapshot, to: HostSnapshot): readonly DeviceReading[]
  /**
   * Resolves when every device has been read after `to`, or is not read any more: what a slow source
   * has not told yet belongs to the trial’s end.
   */
  bracketed(to: HostSnapshot, signal: AbortSignal): Promise<void>
  stop(): void
}

export interface HostSnapshot extends CpuSnapshot {
  /** Epoch milliseconds. */
  readonly wall: number
}

export interface HostWatchOptions {
  readonly clock: Clock
  readonly files: ProcFiles
  readonly processIds: readonly number[]
  readonly devices: DeviceTelemetry | undefined
  /** Ids of those devices. */
  readonly deviceIds: readonly string[]
  readonly cpuCount: number
  /** Gets readings as they come. */
  readonly onReading: (reading: TelemetryReading) => void
}

/**
 * Reads the CPU side every {@link telemetryPeriodSeconds} and passes on what the devices say. A `cpu`
 * reading is the engine’s process tree: 100 % is one core, memory is its resident set. Without an
 * engine process (a remote engine) it is the host: 100 % is all cores.
 */
export function watchHost(options: HostWatchOptions): HostWatch {
  const { clock, devices } = options
  const cpu = new CpuWatch(options.files, options.processIds, clock.monotonic())
  const kept: TelemetryReading[] = []
  const snapshot = (): HostSnapshot => ({
    ...cpu.snapshot(clock.monotonic()),
    wall: clock.wall(),
  })
  let last = snapshot()
  let stopped = false
  let cancel: Cancel = () => undefined
  const tick = () => {
    if (stopped) return
    const now = snapshot()
    const reading = cpuReading(last, now, cpu.engineBytes(), options)
    last = now
    kept.push(reading)
    options.onReading(reading)
    cancel = clock.after(telemetryPeriodSeconds, tick)
  }
  cancel = clock.after(telemetryPeriodSeconds, tick)
  const unsubscribe = devices?.subscribe(options.onReading)
  return {
    deviceIds: options.deviceIds,
    snapshot,
    readings: (from, to) =>
      [
        ...kept.filter(({ at }) => at >= from.wall && at <= to.wall),
        ...(devices?.between(from.wall, to.wall) ?? []),
      ].sort((a, b) => a.at - b.at),
    around: (from, to) =>
      devices?.between(
        from.wall - 1000 * telemetryGapSeconds,
        to.wall + 1000 * telemetryGapSeconds,
      ) ?? [],
    async bracketed(to, signal) {
      if (devices === undefined) return
      // A source that keeps its period has told within it; one that is late gets as much again.
      const until = clock.monotonic() + 2 * devices.periodSeconds
      const isRead = (device: string) =>
        devices.between(to.wall, Infinity).some((reading) => reading.device === device)
      while (!options.deviceIds.every(isRead) && clock.monotonic() < until) {
        await clock.sleep(Math.min(0.05, devices.periodSeconds), signal)
      }
    },
    stop() {
      stopped = true
      cancel()
      unsubscribe?.()
    },
  }
}

function cpuReading(
  before: HostSnapshot,
  after: HostSnapshot,
  engineBytes: number | undefined,
  options: HostWatchOptions,
): TelemetryReading {
  const seconds = after.at - before.at
  const utilization =
    options.processIds.length > 0
      ? engineUtilization(before, after)
      : hostUtilization(before, after, options.cpuCount)
  return {
    at: after.wall,
    device: 'cpu',
    ...(utilization === undefined || seconds <= 0 ? {} : { utilizationPercent: utilization }),
    ...(engineBytes === undefined ? {} : { memoryBytes: engineBytes }),
  }
}

/** CPU time of the engine’s process tree over wall time, in percent of one core. */
export function engineUtilization(before: CpuSnapshot, after: CpuSnapshot): number | undefined {
  if (before.engine === undefined || after.engine === undefined) return undefined
  const ran = after.engine.ranSeconds - before.engine.ranSeconds
  return (100 * ran) / (after.at - before.at)
}

/** Busy share of all the host’s CPUs, in percent. */
export function hostUtilization(
  before: CpuSnapshot,
  after: CpuSnapshot,
  cpuCount: number,
): number | undefined {
  if (before.host === undefined || after.host === undefined) return undefined
  const busy = after.host.busySeconds - before.host.busySeconds
  return Math.min(100, (100 * busy) / ((after.at - before.at) * cpuCount))
}
