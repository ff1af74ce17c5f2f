import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { DeviceFacts } from '../../shared/domain/environment.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { DeviceSightings } from './device-processes.js'
import type { DeviceReading, DeviceTelemetry } from './device-telemetry.js'
import { computingOn, factsOfHello, nvidiaInventory } from './nvidia-devices.js'
import type { NvidiaInventory } from './nvidia-devices.js'
import { parseGpuList } from './nvidia-smi-parser/list.js'
import type { ListedGpu } from './nvidia-smi-parser/list.js'
import { parseGpuXml } from './nvidia-smi-parser/xml.js'
import type { GpuLog } from './nvidia-smi-parser/xml.js'
import { NvidiaSmiStream, streamPeriodMs } from './nvidia-smi-stream.js'
import { nvmlPeriodMs, openNvmlStream } from './nvml/nvml-stream.js'
import type { NvmlStream } from './nvml/nvml-stream.js'
import { procFiles } from './proc-files.js'
import { ReadingShelf } from './reading-shelf.js'
import { perSlice } from './slice-readings.js'

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
  const described = await queryAll(command)
  const inventory = described && nvidiaInventory(described, await listSlices(command, described))
  const slices: NvidiaInventory['slices'] = inventory?.slices ?? new Map()
  if (inventory !== undefined && inventory.unusable.length > 0) {
    log.warn({ devices: inventory.unusable }, 'partitioned into nothing (MIG): not used')
  }
  const partitioned = {
    add(reading: DeviceReading) {
      for (const each of perSlice(reading, slices)) shelf.add(each)
    },
  }
  const sightings = new DeviceSightings(procFiles)
  let smi: NvidiaSmiStream | undefined
  let nvml: NvmlStream | undefined
  const startSmi = () => {
    smi = new NvidiaSmiStream({ clock, log, command, shelf: partitioned })
  }
  if (options.nvml !== 'off') {
    nvml = await openNvmlStream({
      clock,
      log,
      shelf: partitioned,
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
  const facts = inventory?.facts ?? factsOfHello(nvml?.hello)
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
          sightings.see(clock.wall(), computingOn(now, slices))
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

/** Asked only where something is partitioned. @returns undefined as above. */
async function listSlices(command: string, log: GpuLog): Promise<readonly ListedGpu[] | undefined> {
  if (!log.gpus.some(({ migEnabled }) => migEnabled === true)) return undefined
  try {
    const { stdout } = await run(command, ['-L'], { timeout: queryTimeoutMs })
    const gpus = parseGpuList(stdout)
    return gpus.length === 0 ? undefined : gpus
  } catch {
    return undefined
  }
}
