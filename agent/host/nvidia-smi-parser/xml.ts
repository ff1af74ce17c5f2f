import { readFigure, readWords } from './values.js'
import { elementAt, readXml, textAt } from './xml-tree.js'
import type { XmlElement } from './xml-tree.js'

export interface GpuProcess {
  readonly pid: number
  /** `C` computes, `G` draws. */
  readonly type?: string
  readonly name?: string
  readonly memoryBytes?: number
  /** Where it runs on a partitioned GPU. */
  readonly gpuInstance?: number
  readonly computeInstance?: number
}

/** An instance of a partitioned GPU. */
export interface MigDevice {
  readonly index?: number
  readonly gpuInstance?: number
  readonly computeInstance?: number
  readonly multiprocessors?: number
  readonly memoryTotalBytes?: number
  readonly memoryUsedBytes?: number
}

/** One GPU of `nvidia-smi -q -x`. Fields that the driver does not tell are absent. */
export interface GpuDetail {
  readonly busId?: string
  readonly uuid?: string
  readonly name?: string
  readonly memoryTotalBytes?: number
  readonly memoryUsedBytes?: number
  readonly utilizationPercent?: number
  readonly powerWatts?: number
  readonly powerLimitWatts?: number
  readonly smClockMhz?: number
  readonly temperatureCelsius?: number
  readonly throttleReasons?: readonly string[]
  readonly migEnabled?: boolean
  readonly migDevices: readonly MigDevice[]
  /** How the device is set, by nvidia-smi’s names; what the driver does not tell is left out. */
  readonly settings: Readonly<Record<string, string>>
  readonly processes: readonly GpuProcess[]
}

export interface GpuLog {
  readonly driver?: string
  readonly cuda?: string
  readonly gpus: readonly GpuDetail[]
  /** What is wrong with the text, in words; empty for a whole one. */
  readonly problems: readonly string[]
}

/** Drops absent fields, as exactOptionalPropertyTypes wants. */
function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as T
}

/** Reads `nvidia-smi -q -x`. Never throws: what is missing or cut off is told in `problems`. */
export function parseGpuXml(text: string): GpuLog {
  const { root, complete } = readXml(text)
  const log = elementAt(root, 'nvidia_smi_log')
  if (log === undefined) return { gpus: [], problems: ['no nvidia_smi_log element'] }
  const gpus = log.children.filter(({ name }) => name === 'gpu').map(readGpu)
  const attached = readFigure(textAt(log, 'attached_gpus'))
  const problems = [
    ...(complete ? [] : ['the text ends early or its elements do not match']),
    ...(attached === undefined || attached === gpus.length
      ? []
      : [`${attached} GPUs are attached, ${gpus.length} are described`]),
  ]
  return {
    ...present<Pick<GpuLog, 'driver' | 'cuda'>>({
      driver: readWords(textAt(log, 'driver_version')),
      cuda: readWords(textAt(log, 'cuda_version')),
    }),
    gpus,
    problems,
  }
}

function readGpu(gpu: XmlElement): GpuDetail {
  // Drivers before 530 say power_readings, and have one draw that is neither average nor instant.
  const power = elementAt(gpu, 'gpu_power_readings') ?? elementAt(gpu, 'power_readings') ?? gpu
  const figure = (...path: string[]) => readFigure(textAt(gpu, ...path))
  const draw = ['instant_power_draw', 'power_draw', 'average_power_draw']
    .map((name) => readFigure(textAt(power, name)))
    .find((watts) => watts !== undefined)
  const limit = ['current_power_limit', 'power_limit', 'enforced_power_limit']
    .map((name) => readFigure(textAt(power, name)))
    .find((watts) => watts !== undefined)
  const mig = readWords(textAt(gpu, 'mig_mode', 'current_mig'))
  return present<GpuDetail>({
    busId: gpu.id,
    uuid: readWords(textAt(gpu, 'uuid')),
    name: readWords(textAt(gpu, 'product_name')),
    memoryTotalBytes: figure('fb_memory_usage', 'total'),
    memoryUsedBytes: figure('fb_memory_usage', 'used'),
    utilizationPercent: figure('utilization', 'gpu_util'),
    powerWatts: draw,
    powerLimitWatts: limit,
    smClockMhz: figure('clocks', 'sm_clock'),
    temperatureCelsius: figure('temperature', 'gpu_temp'),
    throttleReasons: readReasonElements(gpu),
    migEnabled: mig === undefined ? undefined : mig === 'Enabled',
    migDevices: (elementAt(gpu, 'mig_devices')?.children ?? [])
      .filter(({ name }) => name === 'mig_device')
      .map(readMigDevice),
    settings: readSettings(gpu),
    processes: (elementAt(gpu, 'processes')?.children ?? []).flatMap(readProcess),
  })
}

/** Settings that a measurement depends on, by our name and their place. */
const settingPlaces: readonly (readonly [string, ...string[]])[] = [
  ['persistence_mode', 'persistence_mode'],
  ['mig_mode', 'mig_mode', 'current_mig'],
  ['compute_mode', 'compute_mode'],
  ['ecc_mode', 'ecc_mode', 'current_ecc'],
  ['virtualization_mode', 'gpu_virtualization_mode', 'virtualization_mode'],
  ['vbios_version', 'vbios_version'],
  ['max_clocks.sm', 'max_clocks', 'sm_clock'],
  ['max_clocks.mem', 'max_clocks', 'mem_clock'],
  ['applications_clocks.graphics', 'applications_clocks', 'graphics_clock'],
  ['applications_clocks.mem', 'applications_clocks', 'mem_clock'],
  ['pcie.gen.max', 'pci', 'pci_gpu_link_info', 'pcie_gen', 'max_link_gen'],
  ['pcie.width', 'pci', 'pci_gpu_link_info', 'link_widths', 'current_link_width'],
]

function readSettings(gpu: XmlElement): Readonly<Record<string, string>> {
  const mig = (elementAt(gpu, 'mig_devices')?.children ?? []).filter(
    ({ name }) => name === 'mig_device',
  )
  return Object.fromEntries([
    ...settingPlaces.flatMap(([name, ...path]) => {
      const words = readWords(textAt(gpu, ...path))
      return words === undefined ? [] : [[name, words]]
    }),
    ...(mig.length === 0
      ? []
      : [['mig_devices', mig.map((each) => textAt(each, 'fb_memory_usage', 'total')).join(', ')]]),
  ]) as Record<string, string>
}

function readReasonElements(gpu: XmlElement): readonly string[] | undefined {
  const reasons =
    elementAt(gpu, 'clocks_event_reasons') ?? elementAt(gpu, 'clocks_throttle_reasons')
  if (reasons === undefined || reasons.children.length === 0) return undefined
  return reasons.children
    .filter(({ text }) => text === 'Active')
    .map(({ name }) => name.replace(/^clocks_(event|throttle)_reason_/, ''))
}

function readMigDevice(device: XmlElement): MigDevice {
  return present<MigDevice>({
    index: readFigure(textAt(device, 'index')),
    gpuInstance: readFigure(textAt(device, 'gpu_instance_id')),
    computeInstance: readFigure(textAt(device, 'compute_instance_id')),
    multiprocessors: readFigure(
      textAt(device, 'device_attributes', 'shared', 'multiprocessor_count'),
    ),
    memoryTotalBytes: readFigure(textAt(device, 'fb_memory_usage', 'total')),
    memoryUsedBytes: readFigure(textAt(device, 'fb_memory_usage', 'used')),
  })
}

function readProcess(info: XmlElement): GpuProcess[] {
  const pid = readFigure(textAt(info, 'pid'))
  if (info.name !== 'process_info' || pid === undefined) return []
  return [
    present<GpuProcess>({
      pid,
      type: readWords(textAt(info, 'type')),
      name: readWords(textAt(info, 'process_name')),
      memoryBytes: readFigure(textAt(info, 'used_memory')),
      gpuInstance: readFigure(textAt(info, 'gpu_instance_id')),
      computeInstance: readFigure(textAt(info, 'compute_instance_id')),
    }),
  ]
}
