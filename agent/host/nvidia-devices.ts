import type { DeviceFacts } from '../../shared/domain/environment.js'
import type { ListedGpu } from './nvidia-smi-parser/list.js'
import type { GpuDetail, GpuLog, MigDevice } from './nvidia-smi-parser/xml.js'
import type { Hello } from './nvml/nvml-stream.js'
import { procFiles } from './proc-files.js'

/** An instance of a partitioned GPU, with what tells its processes from its neighbours’. */
export interface NvidiaSlice extends MigDevice {
  /** `MIG-…` */
  readonly uuid: string
  /** Such as `3g.40gb`. */
  readonly profile: string
}

/** The usable devices of a host: whole GPUs, and the instances of those that are partitioned. */
export interface NvidiaInventory {
  readonly facts: readonly DeviceFacts[]
  /** Instances by the UUID of their GPU; only of GPUs that are partitioned. */
  readonly slices: ReadonlyMap<string, readonly NvidiaSlice[]>
  /** UUIDs of GPUs that are partitioned into nothing: CUDA finds no device there. */
  readonly unusable: readonly string[]
}

/**
 * @param list of `nvidia-smi -L`; undefined when it gave none, and then a partitioned GPU counts whole.
 */
export function nvidiaInventory(
  log: GpuLog,
  list: readonly ListedGpu[] | undefined,
): NvidiaInventory {
  const facts: DeviceFacts[] = []
  const slices = new Map<string, readonly NvidiaSlice[]>()
  const unusable: string[] = []
  for (const gpu of log.gpus) {
    // A device without a UUID cannot be locked or told apart.
    if (gpu.uuid === undefined) continue
    const listed = list?.find(({ uuid }) => uuid === gpu.uuid)
    if (gpu.migEnabled !== true || listed === undefined) {
      facts.push(wholeFacts(log, gpu, gpu.uuid))
      continue
    }
    const mine = listed.slices.map((slice) => ({
      ...gpu.migDevices.find(({ index }) => index === slice.index),
      ...slice,
    }))
    if (mine.length === 0) unusable.push(gpu.uuid)
    else slices.set(gpu.uuid, mine)
    facts.push(...mine.map((slice) => sliceFacts(log, gpu, slice)))
  }
  return { facts, slices, unusable }
}

function wholeFacts(log: GpuLog, gpu: GpuDetail, id: string): DeviceFacts {
  return {
    id,
    name: gpu.name ?? 'unknown',
    memoryBytes: gpu.memoryTotalBytes ?? 0,
    ...(log.driver === undefined ? {} : { driver: log.driver }),
    ...(gpu.powerLimitWatts === undefined ? {} : { powerLimitWatts: gpu.powerLimitWatts }),
    settings: settingsOf(log, gpu),
  }
}

/** Named as NVML names it. The board’s power limit is not its own. */
function sliceFacts(log: GpuLog, gpu: GpuDetail, slice: NvidiaSlice): DeviceFacts {
  const { multiprocessors } = slice
  return {
    id: slice.uuid,
    name: `${gpu.name ?? 'unknown'} MIG ${slice.profile}`,
    memoryBytes: slice.memoryTotalBytes ?? 0,
    ...(log.driver === undefined ? {} : { driver: log.driver }),
    settings: {
      ...settingsOf(log, gpu),
      board: gpu.uuid ?? 'unknown',
      mig_profile: slice.profile,
      ...(multiprocessors === undefined ? {} : { multiprocessors: `${multiprocessors}` }),
      ...(gpu.powerLimitWatts === undefined
        ? {}
        : { 'board.power_limit': `${gpu.powerLimitWatts} W` }),
    },
  }
}

const settingsOf = (log: GpuLog, gpu: GpuDetail): Record<string, string> => ({
  ...gpu.settings,
  ...(log.cuda === undefined ? {} : { cuda: log.cuda }),
  ...placeOf(gpu.busId),
})

/** Where the device sits: its bus address, and the NUMA node that is near it. */
export function placeOf(busId: string | undefined): Record<string, string> {
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
export function factsOfHello(hello: Hello | undefined): DeviceFacts[] {
  return (hello?.devices ?? []).map((device) => ({
    id: device.uuid,
    name: device.name ?? 'unknown',
    memoryBytes: device.memoryTotalBytes ?? 0,
    ...(hello?.driver === undefined ? {} : { driver: hello.driver }),
    ...(device.powerLimitWatts === undefined ? {} : { powerLimitWatts: device.powerLimitWatts }),
    ...(device.board === undefined ? {} : { settings: { board: device.board } }),
  }))
}

/** Processes that compute, by device; on a partitioned GPU by instance. */
export function computingOn(
  log: GpuLog,
  slices: NvidiaInventory['slices'],
): Record<string, readonly number[]> {
  return Object.fromEntries(
    log.gpus.flatMap(({ uuid, processes }) => {
      if (uuid === undefined) return []
      const computing = processes.filter(({ type }) => type !== 'G')
      const mine = slices.get(uuid) ?? []
      if (mine.length === 0) return [[uuid, computing.map(({ pid }) => pid)]]
      return mine.map((slice) => [
        slice.uuid,
        computing
          // One that does not say where it runs may run anywhere on the board.
          .filter(({ gpuInstance }) => [undefined, slice.gpuInstance].includes(gpuInstance))
          .filter(({ computeInstance }) =>
            [undefined, slice.computeInstance].includes(computeInstance),
          )
          .map(({ pid }) => pid),
      ])
    }),
  )
}
