import type { DeviceReading } from '../device-telemetry.js'
import { sharedFigures } from '../slice-readings.js'
import type { CLibrary } from './library.js'
import { NvmlDevice } from './nvml-device.js'

/** A device that can be read: a whole GPU, or an instance of a partitioned one. */
export interface NvmlReadable {
  readonly uuid: string | undefined
  readonly name: string | undefined
  readonly powerLimitWatts: number | undefined
  readonly memoryTotalBytes: number | undefined
  /** UUID of the GPU that it is an instance of. */
  readonly board?: string
  /** Everything that a reading holds but its time and its device. */
  read(counter: boolean): Omit<DeviceReading, 'at' | 'device'>
  processes(): readonly number[] | undefined
}

/** NVML_DEVICE_MIG_ENABLE */
const enabled = 1

/** An instance: memory and processes are its own, clock and heat its board’s, power nobody’s. */
class NvmlSlice implements NvmlReadable {
  readonly uuid: string | undefined
  readonly name: string | undefined
  readonly powerLimitWatts = undefined
  readonly board: string
  readonly #own: NvmlDevice
  readonly #whole: NvmlDevice

  constructor(own: NvmlDevice, whole: NvmlDevice, board: string) {
    this.#own = own
    this.#whole = whole
    this.uuid = own.uuid
    this.name = own.name
    this.board = board
  }

  get memoryTotalBytes(): number | undefined {
    return this.#own.memoryTotalBytes
  }

  read(): Omit<DeviceReading, 'at' | 'device'> {
    const shared = sharedFigures(this.#whole.read(false))
    const used = this.#own.memoryUsedBytes
    return { ...(used === undefined ? {} : { memoryBytes: used }), ...shared }
  }

  processes(): readonly number[] | undefined {
    return this.#own.processes()
  }
}

/**
 * A GPU as what can be used of it: itself, or its instances while it is partitioned. A GPU that is
 * partitioned into nothing gives nothing.
 */
export function readablesOf(library: CLibrary, handle: bigint): readonly NvmlReadable[] {
  const whole = new NvmlDevice(library, handle)
  const { uuid } = whole
  if (uuid === undefined || !isPartitioned(library, handle)) return [whole]
  return instanceHandles(library, handle).map(
    (each) => new NvmlSlice(new NvmlDevice(library, each), whole, uuid),
  )
}

function isPartitioned(library: CLibrary, handle: bigint): boolean {
  const ask = library.find('nvmlDeviceGetMigMode', ['uintptr_t', 'void *', 'void *'])
  const mode = Buffer.alloc(4)
  return ask?.(handle, mode, Buffer.alloc(4)) === 0 && mode.readUInt32LE() === enabled
}

function instanceHandles(library: CLibrary, handle: bigint): bigint[] {
  const most = library.find('nvmlDeviceGetMaxMigDeviceCount', ['uintptr_t', 'void *'])
  const at = library.find('nvmlDeviceGetMigDeviceHandleByIndex', [
    'uintptr_t',
    'uint32_t',
    'void *',
  ])
  const count = Buffer.alloc(4)
  if (most?.(handle, count) !== 0) return []
  return Array.from({ length: count.readUInt32LE() }, (_, index) => {
    const room = Buffer.alloc(8)
    // Places without an instance answer that there is none.
    return at?.(handle, index, room) === 0 ? room.readBigUInt64LE() : undefined
  }).filter((each) => each !== undefined)
}
