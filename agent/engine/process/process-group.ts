/** Sends a signal to a process group; whether there was one. @throws what is not its absence */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  return signalled(-leader, signal)
}

/** The same for one process. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  return signalled(pid, signal)
}

function signalled(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
