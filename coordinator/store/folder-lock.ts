import Database from 'better-sqlite3'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FmworkError } from '../../shared/domain/errors.js'
import { storeError } from './store-errors.js'

const lockFile = 'coordinator.lock'
const holderFile = 'coordinator.pid'

export interface FolderLock {
  release(): void
}

function holderOf(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, holderFile), 'utf8').trim()
  } catch {
    return 'unknown'
  }
}

/**
 * Makes this process the only coordinator of a folder. The operating system holds the lock (an
 * exclusive SQLite transaction on a file of its own), so it goes with the process however that ends.
 *
 * @throws FmworkError DATA_FOLDER_LOCKED naming the holder’s process id, DATA_FOLDER_UNWRITABLE.
 */
export function lockFolder(dataDir: string): FolderLock {
  let database: Database.Database | undefined
  try {
    database = new Database(join(dataDir, lockFile), { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
    writeFileSync(join(dataDir, holderFile), `${process.pid}\n`)
  } catch (error) {
    database?.close()
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') {
      throw new FmworkError(
        'DATA_FOLDER_LOCKED',
        `the data folder ${dataDir} is in use by the coordinator with process id ${holderOf(dataDir)}`,
        { cause: error },
      )
    }
    throw storeError(error, dataDir)
  }
  const held = database
  return {
    release() {
      held.close()
    },
  }
}
