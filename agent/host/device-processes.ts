import type { ProcFiles } from './proc-files.js'
import { parseProcessStat } from './proc-parser.js'

/** Milliseconds that sightings are kept. */
const keptMs = 3_600_000

interface Sighting {
  readonly pid: number
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
  readonly #seen = new Map<number, Sighting>()
  #told = false

  constructor(files: ProcFiles) {
    this.#files = files
  }

  /** @param pids all processes on all devices at `at`; undefined when that is not known. */
  see(at: number, pids: readonly number[] | undefined): void {
    this.#told = pids !== undefined
    for (const pid of pids ?? []) {
      const known = this.#seen.get(pid)
      // A number that comes back after a while may be another process.
      if (known === undefined || known.lastSeen < at - 2_000) {
        this.#seen.set(pid, { pid, line: ancestry(this.#files, pid), lastSeen: at })
      } else {
        known.lastSeen = at
      }
    }
    for (const [pid, { lastSeen }] of this.#seen) {
      if (lastSeen < at - keptMs) this.#seen.delete(pid)
    }
  }

  /**
   * Those seen since then that neither are one of `ours` nor descend from one; undefined when the
   * devices do not tell. What is not seen from here is left out: inside a container the driver gives
   * the host’s numbers, so the engine itself perhaps.
   *
   * @param since epoch milliseconds.
   */
  foreign(ours: readonly number[], since: number): readonly number[] | undefined {
    if (!this.#told) return undefined
    return [...this.#seen.values()]
      .filter(({ lastSeen }) => lastSeen >= since)
      .filter(({ line }) => line.length > 0 && !line.some((pid) => ours.includes(pid)))
      .map(({ pid }) => pid)
  }
}
