import type { ProcFiles } from './proc-files.js'
import { parseKilobytes, parseProcessStat, parseSchedStat } from './proc-parser.js'

/** The roots and every living descendant of theirs, in no particular order. */
export function processTree(files: ProcFiles, roots: readonly number[]): number[] {
  const children = new Map<number, number[]>()
  for (const pid of files.numbers('/proc')) {
    const stat = parseProcessStat(files.text(`/proc/${pid}/stat`) ?? '')
    if (stat === undefined) continue
    const siblings = children.get(stat.parent)
    if (siblings === undefined) children.set(stat.parent, [pid])
    else siblings.push(pid)
  }
  const found = new Set<number>()
  const pending = [...roots]
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    if (found.has(pid)) continue
    found.add(pid)
    pending.push(...(children.get(pid) ?? []))
  }
  return [...found]
}

/** Resident memory of processes together, in bytes; undefined where the system does not tell. */
export function residentBytes(files: ProcFiles, pids: readonly number[]): number | undefined {
  const sizes = pids
    .map((pid) => parseKilobytes(files.text(`/proc/${pid}/status`) ?? '', 'VmRSS'))
    .filter((size) => size !== undefined)
  return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0)
}

export interface ThreadUse {
  readonly ranSeconds: number
  /** Ready to run but waiting for a CPU, summed over threads. */
  readonly waitedSeconds: number
  /** The same of the thread that ran longest: the one whose waiting delays the work. */
  readonly busiestRanSeconds: number
  readonly busiestWaitedSeconds: number
}

/**
 * Adds up what the threads of a process tree ran and waited since it was made. Threads that end keep
 * what they had; threads that appear count from their start.
 */
export class ThreadLedger {
  readonly #files: ProcFiles
  readonly #last = new Map<string, { ran: number; waited: number }>()
  readonly #total = new Map<string, { ran: number; waited: number }>()
  #known = false

  constructor(files: ProcFiles, pids: readonly number[]) {
    this.#files = files
    this.read(pids)
    this.#known = true
  }

  /** Use since the ledger was made; undefined where the system does not tell. */
  read(pids: readonly number[]): ThreadUse | undefined {
    let told = false
    for (const pid of pids) {
      for (const tid of this.#files.numbers(`/proc/${pid}/task`)) {
        const stat = parseSchedStat(this.#files.text(`/proc/${pid}/task/${tid}/schedstat`) ?? '')
        if (stat === undefined) continue
        told = true
        this.#add(`${pid}/${tid}`, stat.ranSeconds, stat.waitedSeconds)
      }
    }
    if (!told && this.#total.size === 0) return undefined
    const threads = [...this.#total.values()]
    const busiest = threads.reduce((best, thread) => (thread.ran > best.ran ? thread : best), {
      ran: 0,
      waited: 0,
    })
    return {
      ranSeconds: threads.reduce((sum, thread) => sum + thread.ran, 0),
      waitedSeconds: threads.reduce((sum, thread) => sum + thread.waited, 0),
      busiestRanSeconds: busiest.ran,
      busiestWaitedSeconds: busiest.waited,
    }
  }

  #add(thread: string, ran: number, waited: number): void {
    const before = this.#last.get(thread) ?? (this.#known ? { ran: 0, waited: 0 } : { ran, waited })
    const total = this.#total.get(thread) ?? { ran: 0, waited: 0 }
    // A reused thread id starts again from zero.
    total.ran += Math.max(0, ran - before.ran)
    total.waited += Math.max(0, waited - before.waited)
    this.#total.set(thread, total)
    this.#last.set(thread, { ran, waited })
  }
}
