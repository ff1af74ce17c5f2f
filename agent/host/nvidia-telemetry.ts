import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { DeviceFacts } from '../../shared/domain/environment.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { DeviceSightings } from './device-processes.js'
import type { DeviceTelemetry } from './device-telemetry.js'
import { parseGpuXml } from './nvidia-smi-parser/xml.js'
import type { GpuLog } from './nvidia-smi-parser/xml.js'
import { NvidiaSmiStream, streamPeriodMs } from './nvidia-smi-stream.js'
import { nvmlPeriodMs, openNvmlStream } from './nvml/nvml-stream.js'
import type { Hello, NvmlStream } from './nvml/nvml-stream.js'
import { procFiles } from './proc-files.js'
import { ReadingShelf } from './reading-shelf.js'

const run = promisify(execFile)
const queryTimeoutMs = 20_000
/** Milliseconds back to the last look at who is on the devices, at most. */
const lastLookMs = 1_000
const largestAnswerBytes = 32 * 1024 * 1024

export interface NvidiaOptions {
  readonly clock: Clock
  readonly log: Log
  /** `nvidia-smi` by default. */
  readonly command?: string
  /** `auto` takes NVML where it works; `off` only ever asks nvidia-smi. */
  readonly nvml?: 'auto' | 'off'
  /** File of libnvidia-ml, instead of the usual places. */
  readonly nvmlFile?: string
  /** The compiled NVML probe, instead of the one beside its module. */
  readonly probe?: string
}

export interface NvidiaDevices {
  readonly facts: readonly DeviceFacts[]
  readonly telemetry: DeviceTelemetry
}

/** The host’s NVIDIA devices with their telemetry; undefined where there are none. */
export async function openNvidiaTelemetry(
  options: NvidiaOptions,
): Promise<NvidiaDevices | undefined> {
  const { clock, log, command = 'nvidia-smi' } = options
  const shelf = new ReadingShelf()
  const sightings = new DeviceSightings(procFiles)
  let smi: NvidiaSmiStream | undefined
  let nvml: NvmlStream | undefined
  const startSmi = () => {
    smi = new NvidiaSmiStream({ clock, log, command, shelf })
  }
  const described = await queryAll(command)
  if (options.nvml !== 'off') {
    nvml = await openNvmlStream({
      clock,
      log,
      shelf,
      sightings,
      ...(options.nvmlFile === undefined ? {} : { nvmlFile: options.nvmlFile }),
      ...(options.probe === undefined ? {} : { probe: options.probe }),
      onGivenUp: () => {
        log.warn('NVML gives nothing any more; nvidia-smi is read instead')
        const given = nvml
        nvml = undefined
        void given?.close()
        startSmi()
      },
    })
  }
  const facts = described === undefined ? factsOfHello(nvml?.hello) : deviceFacts(described)
  if (facts.length === 0) {
    await nvml?.close()
    return undefined
  }
  if (nvml === undefined) startSmi()
  return {
    facts,
    telemetry: {
      get source() {
        return nvml === undefined ? 'nvidia-smi' : 'nvml'
      },
      get periodSeconds() {
        return (nvml === undefined ? streamPeriodMs : nvmlPeriodMs) / 1000
      },
      between: (from, to) => shelf.between(from, to),
      subscribe: (listener) => shelf.subscribe(listener),
      async foreignProcesses(pids, since = clock.wall(), on) {
        if (nvml === undefined) {
          const now = await queryAll(command)
          if (now === undefined) return undefined
          sightings.see(clock.wall(), computing(now))
        }
        const from = Math.min(since, clock.wall() - lastLookMs)
        return sightings.foreign([...pids, process.pid], from, on)
      },
      async close() {
        await Promise.all([nvml?.close(), smi?.close()])
      },
    },
  }
}

/** Processes that compute, by device. */
const computing = (log: GpuLog): Record<string, readonly number[]> =>
  Object.fromEntries(
    log.gpus.flatMap(({ uuid, processes }) =>
      uuid === undefined
        ? []
        : [[uuid, processes.filter(({ type }) => type !== 'G').map(({ pid }) => pid)]],
    ),
  )

/** @returns undefined when there is no nvidia-smi, or it finds no driver. */
async function queryAll(command: string): Promise<GpuLog | undefined> {
  try {
    const { stdout } = await run(command, ['-q', '-x'], {
      timeout: queryTimeoutMs,
      maxBuffer: largestAnswerBytes,
    })
    return parseGpuXml(stdout)
  } catch {
    // Not installed, no driver, no permission: a host without NVIDIA devices, as far as we can use them.
    return undefined
  }
}

/** Devices that can be named; a device without a UUID cannot be locked or told apart. */
export function deviceFacts(log: GpuLog): DeviceFacts[] {
  return log.gpus.flatMap((gpu) =>
    gpu.uuid === undefined
      ? []
      : [
          {
            id: gpu.uuid,
            name: gpu.name ?? 'unknown',
            memoryBytes: gpu.memoryTotalBytes ?? 0,
            ...(log.driver === undefined ? {} : { driver: log.driver }),
            ...(gpu.powerLimitWatts === undefined ? {} : { powerLimitWatts: gpu.powerLimitWatts }),
            settings: {
              ...gpu.settings,
              ...(log.cuda === undefined ? {} : { cuda: log.cuda }),
              ...placeOf(gpu.busId),
            },
          },
        ],
  )
}

/** Where the device sits: its bus address, and the NUMA node that is near it. */
function placeOf(busId: string | undefined): Record<string, string> {
  if (busId === undefined) return {}
  // `00000000:00:06.0` is 0000:00:06.0 in sysfs.
  const address = busId.toLowerCase().replace(/^0000(?=[0-9a-f]{4}:)/, '')
  const node = procFiles.text(`/sys/bus/pci/devices/${address}/numa_node`)?.trim()
  return {
    bus_id: busId,
    // -1: the system has one node only, or does not tell.
    ...(node === undefined || node === '-1' ? {} : { numa_node: node }),
  }
}

/** The same as NVML tells it, where nvidia-smi is not installed. */
function factsOfHello(hello: Hello | undefined): DeviceFacts[] {
  return (hello?.devices ?? []).map((device) => ({
    id: device.uuid,
    name: device.name ?? 'unknown',
    memoryBytes: device.memoryTotalBytes ?? 0,
    ...(hello?.driver === undefined ? {} : { driver: hello.driver }),
    ...(device.powerLimitWatts === undefined ? {} : { powerLimitWatts: device.powerLimitWatts }),
  }))
}
