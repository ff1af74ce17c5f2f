import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { FmworkError } from '../../../shared/domain/errors.js'
import { lockFolder } from '../folder-lock.js'
import type { Finding } from './finding.js'
import { ok } from './finding.js'

const mebibyte = 2 ** 20
const lowBytes = 1024 * mebibyte
const fullBytes = 64 * mebibyte

/** Does a coordinator run on the folder: its lock is held by a living process. */
export function coordinatorOf(dataDir: string): { readonly runs: boolean; readonly words: string } {
  try {
    lockFolder(dataDir).release()
    return { runs: false, words: 'no coordinator runs on it' }
  } catch (error) {
    if (error instanceof FmworkError && error.code === 'DATA_FOLDER_LOCKED') {
      return { runs: true, words: error.message }
    }
    throw error
  }
}

/** A coordinator has to write both the folder and the database; whoever asks must be its user. */
export function checkWriting(dataDir: string, database: string): Finding {
  const check = 'writing'
  const { R_OK, W_OK, X_OK } = constants
  try {
    accessSync(dataDir, R_OK | W_OK | X_OK)
    accessSync(database, R_OK | W_OK)
    return ok(check, 'folder and database can be written')
  } catch (error) {
    return {
      check,
      level: 'fault',
      found: `it cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      cure: 'Mend its permissions or its mount, or ask as the user that the coordinator runs as. Nothing in it is lost, and agents keep what they measure until then.',
    }
  }
}

export function checkDisk(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(dataDir)
  const free = bavail * bsize
  const words = `${(free / mebibyte).toFixed(0)} MiB are free where ${dataDir} lies`
  if (free >= lowBytes) return ok('disk', words)
  return {
    check: 'disk',
    level: free < fullBytes ? 'fault' : 'warning',
    found: words,
    cure: 'Free some space, or drop raw samples of old sweeps with `fmwork prune`. A full disk stops the sweeps and loses nothing: they go on by themselves.',
  }
}

/** A write-ahead log that grows means that it is never taken in. */
export function checkLog(database: string): Finding {
  const wal = `${database}-wal`
  const bytes = existsSync(wal) ? statSync(wal).size : 0
  const words = `the write-ahead log has ${(bytes / mebibyte).toFixed(1)} MiB`
  if (bytes < 256 * mebibyte) return ok('write-ahead log', words)
  return {
    check: 'write-ahead log',
    level: 'warning',
    found: words,
    cure: 'A reader holds an old snapshot open: end long exports and database browsers.',
  }
}

interface Note {
  readonly agent: string
  readonly kind: string
  readonly trialId?: string
  readonly code: string
  readonly reason: string
}

/** Results that a coordinator would not take, in the state folders of agents. */
export function checkQuarantine(agentFolders: readonly string[]): Finding[] {
  return agentFolders.map((folder) => {
    const check = `quarantine of ${folder}`
    const quarantine = join(folder, 'outbox', 'quarantine')
    const notes = existsSync(quarantine)
      ? readdirSync(quarantine)
          .filter((name) => name.endsWith('.json'))
          .map((name) => JSON.parse(readFileSync(join(quarantine, name), 'utf8')) as Note)
      : []
    const [first] = notes
    if (first === undefined) return ok(check, 'empty')
    const trial = first.trialId === undefined ? '' : ` of trial ${first.trialId}`
    return {
      check,
      level: 'warning',
      found: `${notes.length} items were refused; the first: ${first.kind}${trial}, ${first.code}: ${first.reason}`,
      cure: 'Install the same FMwork on agent and coordinator and start the agent: it sends them again. Nothing in there is lost.',
    }
  })
}

/** State folders of the agents that `fmwork run` started. */
export function localAgentFolders(dataDir: string): string[] {
  const folder = join(dataDir, 'agents')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
}
