import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { boardOf } from '../../shared/domain/environment.js'
import type { Environment } from '../../shared/domain/environment.js'
import { comparableFacts, fingerprint } from '../../shared/domain/fingerprint.js'
import type { Doubt } from '../../shared/domain/measurement.js'
import type { TelemetryReading } from '../../shared/domain/sample.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { QuietLock } from '../../shared/process/quiet-lock.js'
import type { Neighbour } from '../../shared/process/quiet-lock.js'
import { findAccelerators } from './accelerators.js'
import { hostMemoryUsed } from './cpu-telemetry.js'
import type { DeviceTelemetry } from './device-telemetry.js'
import { hardwareOf, hostFacts } from './facts.js'
import { hostUtilization, watchHost } from './host-watch.js'
import type { HostWatch } from './host-watch.js'
import { preFlight } from './pre-flight.js'
import { parseHostCpu } from './proc-parser.js'
import { procFiles } from './proc-files.js'

/** Of all devices since the last pulse; absent where the host cannot tell. */
export interface HostPulse {
  /** Mean over the devices; on a CPU host 100 % is all cores. */
  readonly utilizationPercent?: number
  readonly memoryBytes?: number
  readonly powerWatts?: number
}

/** The machine an agent runs on. */
export interface Host {
  readonly environment: Environment
  /** Hardware class, such as `H100`; `cpu` without accelerators. */
  readonly hardware: string
  /** `cpu`, or the UUIDs of its accelerators. */
  readonly deviceIds: readonly string[]
  /**
   * Waits until no other agent measures on these devices (or starts an engine under this lock).
   *
   * @param onWait called once if it has to wait, with the name of the agent that holds them.
   * @param devices some of the host’s; all when absent.
   * @returns releases; idempotent.
   */
  quiet(
    signal: AbortSignal,
    onWait: (holder: string) => void,
    devices?: readonly string[],
  ): Promise<() => void>
  /**
   * Waits a little for quiet devices, and says what is not as it should be before a trial.
   *
   * @param processIds roots of the engine’s process tree; empty for a remote engine.
   * @param on some of the host’s devices; all when absent.
   */
  preFlight(
    processIds: readonly number[],
    signal: AbortSignal,
    on?: readonly string[],
  ): Promise<readonly Doubt[]>
  /** @param processIds roots of the engine’s process tree; empty for a remote engine. */
  watch(processIds: readonly number[], onReading: (reading: TelemetryReading) => void): HostWatch
  /**
   * Processes on the devices besides these; undefined when the host cannot tell.
   *
   * @param since epoch milliseconds; those that came and went count too, where they were seen.
   * @param on some of the host’s devices; all when absent.
   */
  foreignProcesses(
    pids: readonly number[],
    since?: number,
    on?: readonly string[],
  ): Promise<readonly number[] | undefined>
  /** Others that measure, or start an engine, on other devices of this host now. */
  neighbours(): readonly Neighbour[]
  /** For heartbeats. */
  pulse(): HostPulse
  close(): Promise<void>
}

export interface HostOptions {
  readonly clock: Clock
  readonly log: Log
  /** The agent’s name, shown to others who wait for it. */
  readonly agent: string
  readonly agentVersion: string
  /** Shared by all agents of a host; a folder of the system’s temporary one by default. */
  readonly lockFolder?: string
  /** `none` measures on the CPU even where accelerators are present. */
  readonly accelerators?: 'detect' | 'none'
}

/**
 * Finds out what the machine is and starts its telemetry.
 *
 * @throws FmworkError USAGE when CUDA_VISIBLE_DEVICES or the like names a device that is not there;
 *   DATA_FOLDER_UNWRITABLE
 */
export async function openHost(options: HostOptions): Promise<Host> {
  const { clock, log } = options
  const found =
    options.accelerators === 'none'
      ? undefined
      : await findAccelerators({ clock, log, environment: process.env })
  const environment = hostFacts(
    options.agentVersion,
    found?.facts ?? [],
    found === undefined ? {} : { telemetry: found.telemetry.source },
  )
  const devices: DeviceTelemetry | undefined = found?.telemetry
  log.info(
    {
      fingerprint: fingerprint(comparableFacts(environment)),
      telemetry: environment.settings?.telemetry ?? 'none',
      devices: environment.devices.map(({ name }) => name),
    },
    'host',
  )
  const deviceIds = environment.devices.map((device) => device.id)
  const boards = new Map(environment.devices.map((device) => [device.id, boardOf(device)]))
  const lock = new QuietLock({
    clock,
    agent: options.agent,
    devices: deviceIds,
    boardOf: (id) => boards.get(id),
    ...(options.lockFolder === undefined ? {} : { folder: options.lockFolder }),
  })
  const { cpuCount } = environment
  const cpuNow = () => {
    const host = parseHostCpu(procFiles.text('/proc/stat') ?? '')
    return { at: clock.monotonic(), wall: clock.wall(), ...(host === undefined ? {} : { host }) }
  }
  let last = cpuNow()
  return {
    environment,
    hardware: hardwareOf(environment),
    deviceIds,
    quiet: (signal, onWait, devices) => lock.acquire(signal, onWait, devices),
    neighbours: () => lock.neighbours(),
    watch: (processIds, onReading) =>
      watchHost({
        clock,
        files: procFiles,
        processIds,
        devices,
        deviceIds: devices === undefined ? [] : deviceIds,
        cpuCount,
        onReading,
      }),
    preFlight: (processIds, signal, on = deviceIds) =>
      preFlight(
        {
          clock,
          files: procFiles,
          devices,
          deviceIds: on,
          boardOf: (id) => boards.get(id),
          processIds,
          diskFree: () => freeBytes(tmpdir()),
        },
        signal,
      ),
    foreignProcesses: async (pids, since, on) => devices?.foreignProcesses(pids, since, on),
    pulse() {
      const before = last
      last = cpuNow()
      if (devices !== undefined) return devicePulse(devices.between(before.wall, last.wall))
      const utilization = last.at > before.at ? hostUtilization(before, last, cpuCount) : undefined
      const memory = hostMemoryUsed(procFiles)
      return {
        ...(utilization === undefined ? {} : { utilizationPercent: utilization }),
        ...(memory === undefined ? {} : { memoryBytes: memory }),
      }
    },
    async close() {
      await devices?.close()
    },
  }
}

/** Bytes that are free for this user in a folder’s file system. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Means over time per device; utilisation is then averaged and the rest summed over devices. */
export function devicePulse(readings: readonly TelemetryReading[]): HostPulse {
  const devices = [...new Set(readings.map((reading) => reading.device))]
  const perDevice = (field: 'utilizationPercent' | 'memoryBytes' | 'powerWatts') =>
    devices
      .map((device) =>
        readings
          .filter((reading) => reading.device === device)
          .map((reading) => reading[field])
          .filter((value) => value !== undefined),
      )
      .filter((values) => values.length > 0)
      .map(meanOf)
  const utilization = perDevice('utilizationPercent')
  const memory = perDevice('memoryBytes')
  const power = perDevice('powerWatts')
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    ...(utilization.length === 0 ? {} : { utilizationPercent: meanOf(utilization) }),
    ...(memory.length === 0 ? {} : { memoryBytes: sum(memory) }),
    ...(power.length === 0 ? {} : { powerWatts: sum(power) }),
  }
}
