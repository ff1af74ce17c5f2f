import type { DeviceFacts } from '../../../shared/domain/environment.js'
import { gpuEntries } from './document.js'
import { figureAt, isFields, valueAt, wordsAt } from './values.js'
import type { Fields } from './values.js'

/** Answers of `amd-smi list -e`, `static` and `version`, parsed; undefined where one gave none. */
export interface AmdAnswers {
  readonly list: unknown
  readonly fixed: unknown
  readonly version: unknown
}

export interface AmdInventory {
  /** In the order of the bus. */
  readonly facts: readonly DeviceFacts[]
  /** Ids by amd-smi’s number of the GPU. */
  readonly ids: ReadonlyMap<number, string>
  /** Partitions of one GPU, which ROCm knows by number only: they cannot be told apart by name. */
  readonly unusable: readonly string[]
}

/** The devices of a host as ROCm names them. */
export function amdInventory({ list, fixed, version }: AmdAnswers): AmdInventory {
  const listed = new Map(gpuEntries(list).map(({ gpu, fields }) => [gpu, fields]))
  const described = new Map(gpuEntries(fixed).map(({ gpu, fields }) => [gpu, fields]))
  const numbers = [...new Set([...described.keys(), ...listed.keys()])].sort((a, b) => a - b)
  const stack = versionSettings(version)
  const devices = numbers.flatMap((gpu) => {
    const entry = { list: listed.get(gpu) ?? {}, ...described.get(gpu) }
    const id = idOf(entry)
    return id === undefined ? [] : [{ gpu, facts: factsOf(id, entry, stack) }]
  })
  const count = (id: string) => devices.filter(({ facts }) => facts.id === id).length
  const usable = devices.filter(({ facts }) => count(facts.id) === 1)
  return {
    facts: usable.map(({ facts }) => facts),
    ids: new Map(usable.map(({ gpu, facts }) => [gpu, facts.id])),
    unusable: [...new Set(devices.map(({ facts }) => facts.id))].filter((id) => count(id) > 1),
  }
}

/** `GPU-` and 16 digits, as ROCR_VISIBLE_DEVICES takes it: HIP’s own name, or the serial number’s. */
function idOf(entry: Fields): string | undefined {
  const own = wordsAt(entry, ['list', 'hip_uuid'])
  if (own !== undefined && /^GPU-[0-9a-f]{16}$/i.test(own)) return own
  const serial = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(
    wordsAt(entry, ['asic', 'asic_serial']) ?? '',
  )?.[1]
  if (serial !== undefined && !/^0+$/.test(serial)) {
    return `GPU-${serial.toLowerCase().padStart(16, '0')}`
  }
  const place = wordsAt(entry, ['list', 'uuid'], ['list', 'bdf'], ['bus', 'bdf'])
  return place === undefined ? undefined : `AMD-${place}`
}

/** Settings by our name and their places, newest first. */
const settingPlaces: Readonly<Record<string, readonly (readonly string[])[]>> = {
  gfx_version: [['asic', 'target_graphics_version']],
  compute_units: [['asic', 'num_compute_units']],
  vbios_version: [
    ['ifwi', 'version'],
    ['vbios', 'version'],
  ],
  compute_partition: [
    ['partition', 'accelerator_partition'],
    ['partition', 'compute_partition'],
  ],
  memory_partition: [['partition', 'memory_partition']],
  process_isolation: [['process_isolation']],
  perf_level: [['perf_level']],
  bus_id: [
    ['bus', 'bdf'],
    ['list', 'bdf'],
  ],
  numa_node: [['numa', 'node']],
  'pcie.width': [['bus', 'max_pcie_width']],
}

function factsOf(id: string, entry: Fields, stack: Record<string, string>): DeviceFacts {
  const driver = wordsAt(entry, ['driver', 'version'], ['driver', 'driver_version'])
  const cap = figureAt(
    entry,
    'W',
    ['limit', 'socket_power'],
    ['limit', 'ppt0', 'socket_power_limit'],
    ['limit', 'current_power'],
  )
  const most = figureAt(entry, 'W', ['limit', 'max_power'], ['limit', 'ppt0', 'max_power_limit'])
  const settings = Object.entries(settingPlaces).flatMap(([name, places]) => {
    const words = wordsAt(entry, ...places)
    // -1: no node is near it.
    return words === undefined || (name === 'numa_node' && words === '-1') ? [] : [[name, words]]
  })
  return {
    id,
    name: nameOf(entry),
    memoryBytes: figureAt(entry, 'MB', ['vram', 'size'], ['vram', 'vram_size']) ?? 0,
    ...(driver === undefined ? {} : { driver }),
    ...(cap === undefined || cap <= 0 ? {} : { powerLimitWatts: cap }),
    settings: {
      ...(Object.fromEntries(settings) as Record<string, string>),
      ...(most === undefined ? {} : { max_power_limit: `${most} W` }),
      ...stack,
    },
  }
}

/** `Aqua Vanjaram [Instinct MI300A]` is sold by the name in brackets. */
function nameOf(entry: Fields): string {
  const words = wordsAt(entry, ['asic', 'market_name'], ['board', 'product_name']) ?? 'AMD GPU'
  const name = /\[(.+)\]/.exec(words)?.[1] ?? words
  return /^AMD\b/i.test(name) ? name : `AMD ${name}`
}

function versionSettings(answer: unknown): Record<string, string> {
  const entry: unknown = Array.isArray(answer) ? (answer as readonly unknown[])[0] : answer
  const rocm = wordsAt(entry, ['rocm_version'])
  const tool = wordsAt(entry, ['amdsmi_library_version'], ['version'])
  return {
    ...(rocm === undefined ? {} : { rocm }),
    ...(tool === undefined ? {} : { amd_smi: tool }),
  }
}

/** Processes of `amd-smi process` by GPU number; a GPU whose list is no list is absent. */
export function processesByGpu(answer: unknown): ReadonlyMap<number, readonly number[]> {
  return new Map(
    gpuEntries(answer).flatMap(({ gpu, fields }) => {
      const list = valueAt(fields, 'process_list')
      if (!Array.isArray(list)) return []
      const pids = (list as readonly unknown[]).flatMap((each) => {
        // "No running processes detected" stands where an object would.
        const info = valueAt(each, 'process_info') ?? each
        const pid = isFields(info) ? figureAt(info, '', ['pid']) : undefined
        return pid === undefined || !Number.isInteger(pid) || pid <= 0 ? [] : [pid]
      })
      return [[gpu, pids] as const]
    }),
  )
}
