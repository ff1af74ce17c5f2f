import koffi from 'koffi'
import type { LibraryHandle } from 'koffi'

/** A C argument: a 32-bit unsigned number, a device handle, or memory that the callee reads or fills. */
export type CArgument = number | bigint | Buffer
export type CType = 'uint32_t' | 'uintptr_t' | 'void *'

/** A C library whose functions answer with a code, 0 meaning success. A test gives another. */
export interface CLibrary {
  /** Undefined where the library has no function of that name: an older driver. */
  find(
    name: string,
    parameters: readonly CType[],
  ): ((...given: readonly CArgument[]) => number) | undefined
  unload(): void
}

/** Where drivers put it, after what the dynamic linker finds: container runtimes mount it elsewhere. */
const places: readonly string[] = [
  'libnvidia-ml.so.1',
  '/usr/local/nvidia/lib64/libnvidia-ml.so.1',
  '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1',
  '/usr/lib/aarch64-linux-gnu/libnvidia-ml.so.1',
  '/usr/lib64/libnvidia-ml.so.1',
  '/usr/lib/wsl/lib/libnvidia-ml.so.1',
]

/**
 * Loads NVIDIA’s management library.
 *
 * @param path instead of the usual places.
 * @throws Error with the linker’s words when there is none.
 */
export function loadNvml(path?: string): CLibrary {
  const reasons: string[] = []
  for (const place of path === undefined ? places : [path]) {
    try {
      return wrap(koffi.load(place))
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new Error(reasons[0] ?? 'no place to look for libnvidia-ml.so.1')
}

function wrap(handle: LibraryHandle): CLibrary {
  return {
    find(name, parameters) {
      try {
        return handle.func(name, 'int', [...parameters]) as (
          ...given: readonly CArgument[]
        ) => number
      } catch {
        // Not in this library: what it would tell is left out.
        return undefined
      }
    },
    unload: () => handle.unload(),
  }
}
