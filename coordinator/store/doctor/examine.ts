import Database from 'better-sqlite3'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { asFmworkError } from '../../../shared/domain/errors.js'
import { readMigrations } from '../migrator.js'
import { databaseFile } from '../open-store.js'
import { storeError } from '../store-errors.js'
import { checkIntegrity, checkSchema } from './check-database.js'
import {
  checkDisk,
  checkLog,
  checkQuarantine,
  checkWriting,
  coordinatorOf,
  localAgentFolders,
} from './check-folder.js'
import { checkClock, checkLeases, checkStates, checkTallies } from './check-states.js'
import { ok } from './finding.js'
import type { Finding } from './finding.js'

export interface Examination {
  readonly dataDir: string
  /** State folders of agents that are not below the data folder. */
  readonly agentFolders: readonly string[]
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * Looks at everything and changes nothing; a coordinator may run meanwhile.
 *
 * @throws FmworkError DATA_FOLDER_UNWRITABLE for a folder that cannot be read.
 */
export function examine({ dataDir, agentFolders, now }: Examination): Finding[] {
  const path = join(dataDir, databaseFile)
  const agents = [...localAgentFolders(dataDir), ...agentFolders]
  if (!existsSync(path)) {
    return [
      {
        check: 'database',
        level: 'fault',
        found: `${dataDir} holds no database`,
        cure: 'Give the folder that `fmwork run` or `fmwork coordinator` writes with --data DIR.',
      },
      ...checkQuarantine(agents),
    ]
  }
  const writing = checkWriting(dataDir, path)
  // Who holds the lock can be told only by trying to take it.
  const coordinator = writing.level === 'ok' ? coordinatorOf(dataDir) : undefined
  const runs = coordinator?.runs === true
  return [
    writing,
    ...(coordinator === undefined ? [] : [ok('coordinator', coordinator.words)]),
    checkDisk(dataDir),
    checkLog(path),
    ...insideOf(path, runs, now),
    ...checkQuarantine(agents),
  ]
}

function insideOf(path: string, coordinatorRuns: boolean, now: number): Finding[] {
  const found: Finding[] = []
  let database: Database.Database | undefined
  try {
    database = new Database(path, { readonly: true, timeout: 5000 })
    const { length: newest } = readMigrations(new URL('../migrations/', import.meta.url))
    const schema = checkSchema(database, newest)
    found.push(schema, ...checkIntegrity(database))
    // The laws are written in the words of the newest schema.
    if (schema.level === 'ok') {
      found.push(
        ...checkStates(database),
        checkTallies(database),
        checkLeases(database, coordinatorRuns, now),
        checkClock(database, now),
      )
    }
  } catch (error) {
    const { message } = asFmworkError(storeError(error, path))
    found.push({
      check: 'database',
      level: 'fault',
      found: message,
      cure: 'Keep a copy of the folder, then restore a backup (`fmwork backup` makes them).',
    })
  } finally {
    database?.close()
  }
  return found
}
