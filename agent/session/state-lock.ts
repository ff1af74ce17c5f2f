import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FmworkError } from '../../shared/domain/errors.js'
import { processStart } from '../../shared/process/process-start.js'
import { makeFolder } from '../../shared/process/make-folder.js'

const lockName = 'agent.lock'

/** Process id and start time: an id alone is used again by the system. */
const identity = (pid: number): string => `${pid} ${processStart(pid) ?? ''}`.trim()

function lives(holder: string): boolean {
  const pid = Number(holder.split(' ', 1)[0])
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return identity(pid) === holder
}

/**
 * Makes this process the only agent of a state folder: two would number their reports alike. A lock
 * left by a killed process is taken over.
 *
 * @returns releases it.
 * @throws FmworkError DATA_FOLDER_LOCKED, DATA_FOLDER_UNWRITABLE
 */
export function lockState(folder: string): () => void {
  const lock = join(folder, lockName)
  const draft = `${lock}.${process.pid}`
  try {
    makeFolder(folder)
    writeFileSync(draft, identity(process.pid))
    // A link is made or refused in one step, with its content.
    if (!linked(draft, lock)) {
      const holder = readFileSync(lock, 'utf8')
      if (lives(holder)) {
        throw new FmworkError(
          'DATA_FOLDER_LOCKED',
          `the agent folder ${folder} is in use by process ${holder.split(' ', 1)[0] ?? ''}`,
          { hint: 'Give every agent a folder of its own, or stop that one.' },
        )
      }
      rmSync(lock)
      linkSync(draft, lock)
    }
  } catch (error) {
    if (error instanceof FmworkError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot use the agent folder: ${reason}`, {
      cause: error,
    })
  } finally {
    rmSync(draft, { force: true })
  }
  return () => {
    rmSync(lock, { force: true })
  }
}

function linked(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
