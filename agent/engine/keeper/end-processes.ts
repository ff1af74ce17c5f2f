import type { Clock } from '../../../shared/process/clock.js'
import { signalProcess } from '../process/process-group.js'
import { anyAlive, killAll } from './marked-processes.js'

const pollSeconds = 0.05
/** A driver may take so long to let a killed process go. */
const lastSeconds = 20

export interface EngineProcesses {
  /** The first process; it leads a group. */
  readonly pid: number
  readonly mark: string
}

async function goneWithin(
  { pid, mark }: EngineProcesses,
  seconds: number,
  clock: Clock,
): Promise<boolean> {
  const until = clock.monotonic() + seconds
  while (anyAlive(pid, mark)) {
    if (clock.monotonic() >= until) return false
    await clock.sleep(pollSeconds)
  }
  return true
}

/** Asks the first process to end and gives it time, then ends everything. */
export async function endInOrder(
  processes: EngineProcesses,
  graceSeconds: number,
  clock: Clock,
): Promise<void> {
  signalProcess(processes.pid, 'SIGTERM')
  if (!(await goneWithin(processes, graceSeconds, clock))) await endNow(processes, clock)
}

/** Ends everything at once; whether it is gone. What forks while it is killed is killed again. */
export async function endNow(processes: EngineProcesses, clock: Clock): Promise<boolean> {
  const until = clock.monotonic() + lastSeconds
  do {
    killAll(processes.pid, processes.mark)
    if (await goneWithin(processes, pollSeconds, clock)) return true
  } while (clock.monotonic() < until)
  return false
}
