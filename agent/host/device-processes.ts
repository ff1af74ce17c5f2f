import type { ProcFiles } from './proc-files.js'
import { parseProcessStat } from './proc-parser.js'

/** Milliseconds that sightings are kept. */
const keptMs = 3_600_000
/** Milliseconds unseen after which a number may belong to another process. */
const sameProcessMs = 2_000

interface Sighting {
  readonly pid: number
  readonly device: string
  /** Itself and its ancestors when it was first seen. */
  readonly line: readonly number[]
  lastSeen: number
}

/** A process and its ancestors; empty for a process that is not seen from here. */
export function ancestry(files: ProcFiles, pid: number): number[] {
  const line: number[] = []
  for (let each = pid; each > 0 && !line.includes(each);) {
    const stat = parseProcessStat(files.text(`/proc/${each}/stat`) ?? '')
    if (stat === undefined) break
    line.push(each)
    each = stat.parent
  }
  return line
}

/** Who was seen on the devices, and when; those that are gone again too. */
export class DeviceSightings {
  readonly #files: ProcFiles
  readonly #seen = new Map<string, Sighting>()
  #told: readonly string[] = []

  constructor(files: ProcFiles) {
    this.#files = files
  }

  /** @param pids by device, all of them at `at`; a device that does not tell is absent. */
  see(at: number, pids: Readonly<Record<string, readonly number[]>>): void {
    this.#told = Object.keys(pids)
    for (const [device, each] of Object.entries(pids)) {
      for (const pid of each) this.#seePid(at, device, pid)
    }
    for (const [key, { lastSeen }] of this.#seen) {
      if (lastSeen < at - keptMs) this.#seen.delete(key)
    }
  }

  #seePid(at: number, device: string, pid: number): void {
    const key = `${device} ${pid}`
    const known = this.#seen.get(key)
    if (known === undefined || known.lastSeen < at - sameProcessMs) {
      this.#seen.set(key, { pid, device, line: ancestry(this.#files, pid), lastSeen: at })
    } else {
      known.lastSeen = at
    }
  }

  /**
   * Those seen since then that neither are one of `ours` nor descend from one, ascending; undefined
   * when one of the devices does not tell. What is not seen from here is left out: inside a container
   * the driver gives the host’s numbers, so the engine itself perhaps.
   *
   * @param since epoch milliseconds.
   * @param on some of the devices; all that were told of when absent.
   */
  foreign(
    ours: readonly number[],
    since: number,
    on: readonly string[] = this.#told,
  ): readonly number[] | undefined {
    if (on.length === 0 || !on.every((device) => this.#told.includes(device))) return undefined
    const strangers = [...this.#seen.values()]
      .filter(({ lastSeen, device }) => lastSeen >= since && on.includes(device))
      .filter(({ line }) => line.length > 0 && !line.some((pid) => ours.includes(pid)))
      .map(({ pid }) => pid)
    return [...new Set(strangers)].sort((a, b) => a - b)
  }
}
