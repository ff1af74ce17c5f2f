import type { Doubt } from '../../shared/domain/measurement.js'
import type { Clock } from '../../shared/process/clock.js'
import { heatReasons } from './device-noise.js'
import type { DeviceReading, DeviceTelemetry } from './device-telemetry.js'
import type { ProcFiles } from './proc-files.js'
import { parseKilobytes } from './proc-parser.js'

/** Seconds of readings that must be quiet: three values of a sensor that has ten a second. */
const quietSeconds = 0.3
/** Seconds that a trial waits for quiet; after them it starts anyway, and says so. */
const patienceSeconds = 5
const lookEverySeconds = 0.1
/** Utilisation of a device with an engine that has nothing to do; its sensor tells 0. */
const idlePercent = 5
/** Degrees within those readings: more is a device on its way to another state. */
const temperatureStep = 3
/**
 * Share of the SM clock within those readings. The clock itself says nothing: a device on which an
 * engine waits keeps its highest (docs/evidence).
 */
const clockStep = 0.1
/** Below these, the system starts to reclaim, to swap or to fail writes. */
const least = { memoryShare: 0.03, memoryBytes: 256 * 1024 ** 2, diskBytes: 256 * 1024 ** 2 }

export interface PreFlightOptions {
  readonly clock: Clock
  readonly files: ProcFiles
  readonly devices: DeviceTelemetry | undefined
  readonly deviceIds: readonly string[]
  /** The board that a device is a slice of. */
  readonly boardOf?: (device: string) => string | undefined
  /** The engine’s processes: others on the devices are waited for. */
  readonly processIds: readonly number[]
  /** Bytes free where the agent writes; undefined where the system does not tell. */
  readonly diskFree: () => Promise<number | undefined>
}

/** Waits until the devices are quiet, and says what is not as it should be before a trial. */
export async function preFlight(options: PreFlightOptions, signal: AbortSignal): Promise<Doubt[]> {
  const unsettled = await waitForQuiet(options, signal)
  const free = await options.diskFree()
  return [
    ...(unsettled === undefined
      ? []
      : [
          {
            kind: 'device_unsettled',
            severity: 'marked',
            detail: `${unsettled}; waited ${patienceSeconds} s for it`,
          } as const,
        ]),
    ...shortages(options.files, free),
    ...sharedBoards(options),
  ]
}

/** What a slice of a board cannot have of its own, however quiet it is. */
function sharedBoards({ deviceIds, boardOf = () => undefined }: PreFlightOptions): Doubt[] {
  const slices = deviceIds.flatMap((device) => {
    const board = boardOf(device)
    return board === undefined ? [] : [`${device} is a slice of ${board}`]
  })
  if (slices.length === 0) return []
  return [
    {
      kind: 'shared_board',
      severity: 'marked',
      detail: `${slices.join(', ')}: power, energy and utilisation are told of the whole board only and are left out; its other slices share its clock and its power limit`,
    },
  ]
}

/** @returns why it is not quiet, after all patience; undefined when it is. */
async function waitForQuiet(
  { clock, devices, deviceIds, processIds }: PreFlightOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (devices === undefined) return undefined
  const until = clock.monotonic() + patienceSeconds
  for (;;) {
    const now = clock.wall()
    const readings = devices
      .between(now - 1000 * Math.max(quietSeconds, 3 * devices.periodSeconds), now)
      .filter(({ device }) => deviceIds.includes(device))
    const reason = unrest(readings) ?? (await strangers(devices, processIds, deviceIds))
    if (reason === undefined || clock.monotonic() >= until) return reason
    await clock.sleep(lookEverySeconds, signal)
  }
}

async function strangers(
  devices: DeviceTelemetry,
  processIds: readonly number[],
  deviceIds: readonly string[],
): Promise<string | undefined> {
  // Asking nvidia-smi takes most of a second: the end of the trial asks it once.
  if (devices.source !== 'nvml' || processIds.length === 0) return undefined
  const foreign = (await devices.foreignProcesses(processIds, undefined, deviceIds)) ?? []
  return foreign.length === 0 ? undefined : `processes ${foreign.join(', ')} use the device`
}

/** What is not quiet about these readings, in words. */
export function unrest(readings: readonly DeviceReading[]): string | undefined {
  const busy = Math.max(0, ...readings.map(({ utilizationPercent = 0 }) => utilizationPercent))
  if (busy > idlePercent) return `the device was ${busy.toFixed(0)} % busy`
  for (const device of new Set(readings.map((reading) => reading.device))) {
    const own = readings.filter((reading) => reading.device === device)
    const temperatures = own.flatMap(({ temperatureCelsius }) => temperatureCelsius ?? [])
    const step = Math.max(...temperatures) - Math.min(...temperatures)
    if (step > temperatureStep) return `the device’s temperature moved by ${step.toFixed(0)} °C`
    const clocks = own.flatMap(({ clockMhz }) => clockMhz ?? [])
    const share = 1 - Math.min(...clocks) / Math.max(...clocks)
    if (share > clockStep) return `the SM clock moved by ${(100 * share).toFixed(0)} %`
  }
  const hot = readings.flatMap(({ throttleReasons = [] }) => throttleReasons).find(isHot)
  return hot === undefined ? undefined : `the device was held back for its heat (${hot})`
}

const isHot = (reason: string) => heatReasons.test(reason)

function shortages(files: ProcFiles, diskFree: number | undefined): Doubt[] {
  const text = files.text('/proc/meminfo') ?? ''
  const total = parseKilobytes(text, 'MemTotal')
  const available = parseKilobytes(text, 'MemAvailable')
  const wanted = Math.max(least.memoryBytes, least.memoryShare * (total ?? 0))
  const short: string[] = []
  if (available !== undefined && available < wanted) {
    short.push(`${mebibytes(available)} of memory available, below ${mebibytes(wanted)}`)
  }
  if (diskFree !== undefined && diskFree < least.diskBytes) {
    short.push(`${mebibytes(diskFree)} of disk free, below ${mebibytes(least.diskBytes)}`)
  }
  return short.map((detail) => ({ kind: 'host_short', severity: 'marked', detail }))
}

const mebibytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(0)} MiB`
