import { codeWords } from './codes.js'
import type { CLibrary } from './library.js'
import { cString } from './layouts.js'
import { readablesOf } from './nvml-slice.js'
import type { NvmlReadable } from './nvml-slice.js'

/** Bytes that NVML’s names and versions fit in (NVML_DEVICE_UUID_V2_BUFFER_SIZE). */
const nameBytes = 96

/** NVIDIA’s management library, opened. Creates no context on any device. */
export interface Nvml {
  /** Driver version, such as `580.159.04`. */
  readonly driver: string | undefined
  readonly devices: readonly NvmlReadable[]
  close(): void
}

/** @throws Error when the library has no driver to talk to. */
export function openNvml(library: CLibrary): Nvml {
  const initialise = library.find('nvmlInit_v2', [])
  const count = library.find('nvmlDeviceGetCount_v2', ['void *'])
  const handleAt = library.find('nvmlDeviceGetHandleByIndex_v2', ['uint32_t', 'void *'])
  if (initialise === undefined || count === undefined || handleAt === undefined) {
    throw new Error('libnvidia-ml lacks nvmlInit_v2: not a driver of this decade')
  }
  const started = initialise()
  if (started !== 0) throw new Error(codeWords(started))
  const number = Buffer.alloc(4)
  const counted = count(number)
  if (counted !== 0) throw new Error(codeWords(counted))
  const devices: NvmlReadable[] = []
  for (let index = 0; index < number.readUInt32LE(); index += 1) {
    const handle = Buffer.alloc(8)
    // A device that fell off the bus has no handle; the others still tell.
    if (handleAt(index, handle) !== 0) continue
    devices.push(...readablesOf(library, handle.readBigUInt64LE()))
  }
  const version = library.find('nvmlSystemGetDriverVersion', ['void *', 'uint32_t'])
  const text = Buffer.alloc(nameBytes)
  return {
    driver: version?.(text, nameBytes) === 0 ? cString(text) : undefined,
    devices,
    close() {
      library.find('nvmlShutdown', [])?.()
      library.unload()
    },
  }
}
