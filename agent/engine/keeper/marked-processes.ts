import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { signalGroup, signalProcess } from '../process/process-group.js'

/**
 * The variable that every process of one engine start inherits. Engines start helpers in process
 * groups and sessions of their own (MPI, shard launchers), which only their environment gives away.
 */
export const markVariable = 'FMWORK_ENGINE_START'

/** Living processes with this mark. One that has ended and waits for its parent shows no environment. */
function markedProcesses(mark: string): number[] {
  const wanted = `${markVariable}=${mark}`
  return processNumbers().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(wanted)
    } catch {
      // Gone meanwhile, or another user’s.
      return false
    }
  })
}

const processNumbers = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

const showsEnvironments = existsSync('/proc/self/environ')

/** Whether anything of an engine start still runs; elsewhere than on Linux only its group is known. */
export function anyAlive(leader: number, mark: string): boolean {
  return showsEnvironments ? markedProcesses(mark).length > 0 : signalGroup(leader, 0)
}

/** SIGKILL for the group and for everything with the mark. */
export function killAll(leader: number, mark: string): void {
  signalGroup(leader, 'SIGKILL')
  if (!showsEnvironments) return
  for (const pid of markedProcesses(mark)) signalProcess(pid, 'SIGKILL')
}
