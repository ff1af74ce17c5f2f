import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Clock } from '../../../shared/process/clock.js'
import { gpuEntries, parseAnswer } from '../../host/amd-smi-parser/document.js'
import { amdInventory } from '../../host/amd-smi-parser/inventory.js'
import { metricFigures } from '../../host/amd-smi-parser/metric.js'
import { nvidiaInventory } from '../../host/nvidia-devices.js'
import { parseGpuCsv } from '../../host/nvidia-smi-parser/csv.js'
import { parseGpuList } from '../../host/nvidia-smi-parser/list.js'
import { parseGpuXml } from '../../host/nvidia-smi-parser/xml.js'

/** Bytes in use by device; undefined where the host cannot tell. */
export type ReadDeviceMemory = () => Promise<ReadonlyMap<string, number> | undefined>

const run = promisify(execFile)
const timeoutMs = 10_000
const largestBytes = 32 * 1024 ** 2

/** Reads it from nvidia-smi, else from amd-smi. */
export const deviceMemory: ReadDeviceMemory = async () =>
  (await nvidiaMemory()) ?? (await amdMemory())

async function answerOf(command: string, words: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(command, [...words], { timeout: timeoutMs, maxBuffer: largestBytes })).stdout
  } catch {
    // No such program or no driver: a host without devices of this vendor.
    return undefined
  }
}

async function nvidiaMemory(): Promise<ReadonlyMap<string, number> | undefined> {
  const columns = 'uuid,memory.used,mig.mode.current'
  const csv = await answerOf('nvidia-smi', [`--query-gpu=${columns}`, '--format=csv'])
  if (csv === undefined) return undefined
  const { rows } = parseGpuCsv(csv)
  const used = rows.flatMap(({ uuid, memoryUsedBytes }) =>
    uuid === undefined || memoryUsedBytes === undefined ? [] : [[uuid, memoryUsedBytes] as const],
  )
  const slices = rows.some(({ migMode }) => migMode === 'Enabled') ? await sliceMemory() : []
  const all = [...used, ...slices]
  return all.length === 0 ? undefined : new Map(all)
}

/** Of instances of partitioned GPUs, which the short query does not know. */
async function sliceMemory(): Promise<readonly (readonly [string, number])[]> {
  const [xml = '', list = ''] = await Promise.all([
    answerOf('nvidia-smi', ['-q', '-x']),
    answerOf('nvidia-smi', ['-L']),
  ])
  const { slices } = nvidiaInventory(parseGpuXml(xml), parseGpuList(list))
  return [...slices.values()]
    .flat()
    .flatMap(({ uuid, memoryUsedBytes }) =>
      memoryUsedBytes === undefined ? [] : [[uuid, memoryUsedBytes] as const],
    )
}

async function amdMemory(): Promise<ReadonlyMap<string, number> | undefined> {
  const ask = async (...words: readonly string[]) => {
    const text = await answerOf('amd-smi', [...words, '--json'])
    return text === undefined ? undefined : parseAnswer(text)
  }
  const metric = await ask('metric', '--mem-usage')
  if (metric === undefined) return undefined
  const list = (await ask('list', '-e')) ?? (await ask('list'))
  const { ids } = amdInventory({ list, fixed: await ask('static', '--asic'), version: undefined })
  const used = gpuEntries(metric).flatMap(({ gpu, fields }) => {
    const [id, { memoryBytes }] = [ids.get(gpu), metricFigures(fields)]
    return id === undefined || memoryBytes === undefined ? [] : [[id, memoryBytes] as const]
  })
  return used.length === 0 ? undefined : new Map(used)
}

/** A context of CUDA itself takes some hundred megabytes; an engine takes gigabytes. */
export const toleranceBytes = 768 * 1024 * 1024
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
