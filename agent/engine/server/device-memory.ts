import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Clock } from '../../../shared/process/clock.js'
import { parseGpuCsv } from '../../host/nvidia-smi-parser/csv.js'

/** Bytes in use by device; undefined where the host cannot tell. */
export type ReadDeviceMemory = () => Promise<ReadonlyMap<string, number> | undefined>

const run = promisify(execFile)
const timeoutMs = 10_000

/** Reads it from nvidia-smi. */
export async function nvidiaDeviceMemory(): Promise<ReadonlyMap<string, number> | undefined> {
  try {
    const query = ['--query-gpu=uuid,memory.used', '--format=csv']
    const { stdout } = await run('nvidia-smi', query, { timeout: timeoutMs })
    const used = parseGpuCsv(stdout).rows.flatMap(({ uuid, memoryUsedBytes }) =>
      uuid === undefined || memoryUsedBytes === undefined ? [] : [[uuid, memoryUsedBytes] as const],
    )
    return used.length === 0 ? undefined : new Map(used)
  } catch {
    // No such program or no driver: a host without NVIDIA devices.
    return undefined
  }
}

/** A context of CUDA itself takes some hundred megabytes; an engine takes gigabytes. */
const toleranceBytes = 768 * 1024 * 1024
const pollSeconds = 0.25

const held = (before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>) =>
  [...now].filter(([device, bytes]) => bytes > (before.get(device) ?? 0) + toleranceBytes)

/**
 * Waits until no device holds notably more than it did before the engine started: the memory of a
 * process that was killed comes back some time after the process is gone.
 *
 * @returns why it is not free, in words; undefined when it is, or the host cannot tell.
 */
export async function untilFree(
  before: ReadonlyMap<string, number> | undefined,
  read: ReadDeviceMemory,
  seconds: number,
  clock: Clock,
): Promise<string | undefined> {
  if (before === undefined) return undefined
  const until = clock.monotonic() + seconds
  for (;;) {
    const now = await read()
    const busy = now === undefined ? [] : held(before, now)
    if (busy.length === 0) return undefined
    if (clock.monotonic() >= until) {
      return busy
        .map(([device, bytes]) => {
          const was = ((before.get(device) ?? 0) / 2 ** 30).toFixed(1)
          return `${device} holds ${(bytes / 2 ** 30).toFixed(1)} GiB, ${was} GiB before the engine`
        })
        .join('; ')
    }
    await clock.sleep(pollSeconds)
  }
}
