import type { DeviceFacts } from '../../../shared/domain/environment.js'
import type { DeviceReading } from '../device-telemetry.js'
import { reasonNames } from '../nvidia-smi-parser/values.js'
import { parsePrometheus } from './prometheus-text.js'
import type { PrometheusSample } from './prometheus-text.js'

const bytesPerMebibyte = 1024 ** 2

/** One device as dcgm-exporter tells it. */
export interface DcgmDevice {
  readonly facts: DeviceFacts
  readonly figures: Omit<DeviceReading, 'at' | 'device'>
}

/** The devices of a scrape of dcgm-exporter; what its configuration leaves out is absent. */
export function dcgmDevices(text: string): DcgmDevice[] {
  const samples = parsePrometheus(text).filter(({ name }) => name.startsWith('DCGM_FI_'))
  const uuids = new Set(samples.flatMap(({ labels }) => labels.UUID ?? []))
  return [...uuids].map((uuid) =>
    readDevice(
      uuid,
      samples.filter(({ labels }) => labels.UUID === uuid),
    ),
  )
}

function readDevice(uuid: string, samples: readonly PrometheusSample[]): DcgmDevice {
  // Without MIG a figure has one line; with it each slice repeats what belongs to the board.
  const lines = (name: string) => samples.filter((sample) => sample.name === `DCGM_FI_DEV_${name}`)
  const figure = (name: string) => lines(name)[0]?.value
  // Memory alone is the slice’s own, and adds up.
  const mebibytes = (name: string) =>
    lines(name).reduce<number | undefined>((sum, { value }) => (sum ?? 0) + value, undefined)
  const used = mebibytes('FB_USED')
  const free = mebibytes('FB_FREE')
  const millijoules = figure('TOTAL_ENERGY_CONSUMPTION')
  const mask = figure('CLOCKS_EVENT_REASONS') ?? figure('CLOCK_THROTTLE_REASONS')
  const utilization = figure('GPU_UTIL')
  const watts = figure('POWER_USAGE')
  const celsius = figure('GPU_TEMP')
  const clock = figure('SM_CLOCK')
  const labels = samples[0]?.labels ?? {}
  const driver = labels.DCGM_FI_DRIVER_VERSION
  return {
    facts: {
      id: uuid,
      name: labels.modelName ?? 'unknown',
      memoryBytes: ((used ?? 0) + (free ?? 0)) * bytesPerMebibyte,
      ...(driver === undefined ? {} : { driver }),
    },
    figures: {
      ...(utilization === undefined ? {} : { utilizationPercent: utilization }),
      ...(used === undefined ? {} : { memoryBytes: used * bytesPerMebibyte }),
      ...(watts === undefined ? {} : { powerWatts: watts }),
      ...(millijoules === undefined ? {} : { energyJoules: millijoules / 1000 }),
      ...(celsius === undefined ? {} : { temperatureCelsius: celsius }),
      ...(clock === undefined ? {} : { clockMhz: clock }),
      ...(mask === undefined || !Number.isSafeInteger(mask) || mask < 0
        ? {}
        : { throttleReasons: reasonNames(BigInt(mask)) }),
    },
  }
}
