import { readFileSync } from 'node:fs'

/**
 * When a process started, in ticks since boot (field 22 of Linux’s /proc/PID/stat): with its number
 * it names a process for ever. Undefined where there is no such process or the system does not tell.
 */
export function processStart(pid: number): number | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    // Gone, hidden, or a system without /proc: all mean that nothing is known.
    return undefined
  }
  // The command may hold spaces and brackets: fields are counted from its last one.
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  return Number.isFinite(ticks) ? ticks : undefined
}
