import type { ProcFiles } from './proc-files.js'
import { parseHostCpu, parseKilobytes } from './proc-parser.js'
import type { HostCpu } from './proc-parser.js'
import { processTree, residentBytes, ThreadLedger } from './process-tree.js'
import type { ThreadUse } from './process-tree.js'

/** Counters of the host’s CPUs at one moment; absent where the system does not tell. */
export interface CpuSnapshot {
  /** Seconds of the clock’s monotonic time. */
  readonly at: number
  readonly host?: HostCpu
  /** Of the engine’s process tree, since the watch began. */
  readonly engine?: ThreadUse
  /** Of this process, since the watch began. */
  readonly own?: ThreadUse
}

/** Seconds after which the engine’s process tree is looked for again: engines start few processes. */
const treeEverySeconds = 2

/** Reads the CPU use of one engine’s process tree, of this process and of the host. */
export class CpuWatch {
  readonly #files: ProcFiles
  readonly #roots: readonly number[]
  readonly #engine: ThreadLedger
  readonly #own: ThreadLedger
  #tree: readonly number[]
  #treeAt: number

  constructor(files: ProcFiles, roots: readonly number[], now: number) {
    this.#files = files
    this.#roots = roots
    this.#tree = roots.length === 0 ? [] : processTree(files, roots)
    this.#treeAt = now
    this.#engine = new ThreadLedger(files, this.#tree)
    this.#own = new ThreadLedger(files, [process.pid])
  }

  snapshot(now: number): CpuSnapshot {
    this.#refresh(now)
    const host = parseHostCpu(this.#files.text('/proc/stat') ?? '')
    const engine = this.#roots.length === 0 ? undefined : this.#engine.read(this.#tree)
    const own = this.#own.read([process.pid])
    return {
      at: now,
      ...(host === undefined ? {} : { host }),
      ...(engine === undefined ? {} : { engine }),
      ...(own === undefined ? {} : { own }),
    }
  }

  /** Resident memory of the engine’s process tree, in bytes. */
  engineBytes(): number | undefined {
    return residentBytes(this.#files, this.#tree)
  }

  #refresh(now: number): void {
    if (this.#roots.length === 0 || now - this.#treeAt < treeEverySeconds) return
    this.#treeAt = now
    this.#tree = processTree(this.#files, this.#roots)
  }
}

/** Memory of the host that is not available to programs, in bytes. */
export function hostMemoryUsed(files: ProcFiles): number | undefined {
  const text = files.text('/proc/meminfo') ?? ''
  const total = parseKilobytes(text, 'MemTotal')
  const available = parseKilobytes(text, 'MemAvailable')
  return total === undefined || available === undefined ? undefined : total - available
}
