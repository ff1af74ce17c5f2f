import type { Log } from '../shared/process/log.js'

/** Parameters of glibc’s mallopt(3). */
const setting = { trimThreshold: -1, mmapThreshold: -3, arenaMax: -8 } as const

/** By which the person who starts a process sets the same. */
const operatorsWords = /^MALLOC_|^GLIBC_TUNABLES$/

export interface AllocatorOptions {
  readonly log: Log
  readonly environment?: NodeJS.ProcessEnv
  /** The C library that this process allocates with. A test gives another. */
  readonly library?: string
}

/**
 * Has the C library give back what buffers took, for the rest of this process: of messages and results
 * that come and go in many threads it would else keep some 180 MiB (docs/BENCHMARKS-SCALE.md). To be
 * called before threads are started, as arenas that exist stay.
 *
 * @returns whether it was told so: not where its environment names settings of its own, nor where there
 *   is no glibc.
 */
export async function calmAllocator(options: AllocatorOptions): Promise<boolean> {
  const { log, environment = process.env, library = 'libc.so.6' } = options
  const own = Object.keys(environment).filter((name) => operatorsWords.test(name))
  if (own.length > 0) {
    log.debug({ own }, 'the allocator is as the environment says')
    return false
  }
  try {
    const { default: koffi } = await import('koffi')
    const mallopt = koffi.load(library).func('int mallopt(int parameter, int value)')
    const taken = [
      mallopt(setting.arenaMax, 2),
      mallopt(setting.mmapThreshold, 128 * 1024),
      mallopt(setting.trimThreshold, 128 * 1024),
    ].every((answer) => answer === 1)
    log.debug({ taken }, 'the allocator was told to give back what buffers took')
    return taken
  } catch (error) {
    log.debug({ error }, 'this allocator keeps what buffers took: it is not glibc’s')
    return false
  }
}
