import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { DeviceFacts } from '../../shared/domain/environment.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { DeviceTelemetry } from './device-telemetry.js'
import { parseGpuXml } from './nvidia-smi-parser/xml.js'
import type { GpuLog } from './nvidia-smi-parser/xml.js'
import { NvidiaSmiStream } from './nvidia-smi-stream.js'
import { procFiles } from './proc-files.js'
import { processTree } from './process-tree.js'

const run = promisify(execFile)
const queryTimeoutMs = 20_000
const largestAnswerBytes = 32 * 1024 * 1024

/** The host’s NVIDIA devices with their telemetry; undefined where there are none. */
export async function openNvidiaTelemetry(options: {
  readonly clock: Clock
  readonly log: Log
  readonly command?: string
}): Promise<{ facts: readonly DeviceFacts[]; telemetry: DeviceTelemetry } | undefined> {
  const command = options.command ?? 'nvidia-smi'
  const log = await queryAll(command)
  if (log === undefined) return undefined
  const facts = deviceFacts(log)
  if (facts.length === 0) return undefined
  const stream = new NvidiaSmiStream({ ...options, command })
  return {
    facts,
    telemetry: {
      between: (from, to) => stream.between(from, to),
      subscribe: (listener) => stream.subscribe(listener),
      async foreignProcesses(pids) {
        const now = await queryAll(command)
        if (now === undefined) return undefined
        const ours = new Set(processTree(procFiles, [...pids, process.pid]))
        return (
          now.gpus
            .flatMap((gpu) => gpu.processes)
            .filter(({ type }) => type !== 'G')
            .map(({ pid }) => pid)
            .filter((pid) => !ours.has(pid))
            // Inside a container the driver tells numbers of the host: what is not seen here, the
            // engine itself perhaps, cannot be judged.
            .filter((pid) => procFiles.text(`/proc/${pid}/stat`) !== undefined)
        )
      },
      close: () => stream.close(),
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
          },
        ],
  )
}
