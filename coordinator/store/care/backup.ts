import Database from 'better-sqlite3'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FmworkError } from '../../../shared/domain/errors.js'
import { prepareFolder } from '../data-folder.js'
import { databaseFile } from '../open-store.js'
import { storeError } from '../store-errors.js'

export interface Backup {
  readonly path: string
  readonly bytes: number
}

/**
 * Copies the database of a data folder as it is at one moment, while a coordinator works on it, and
 * checks the copy. Nothing is left of a copy that failed.
 *
 * @throws FmworkError SWEEP_NOT_FOUND without a database, USAGE for a target that exists, DISK_FULL,
 *   STORE_CORRUPT when the copy is not whole, DATA_FOLDER_UNWRITABLE.
 */
export function backUp(dataDir: string, target: string): Promise<Backup> {
  return Promise.resolve().then(() => copied(dataDir, target))
}

function copied(dataDir: string, target: string): Backup {
  const source = join(dataDir, databaseFile)
  if (!existsSync(source)) {
    throw new FmworkError('SWEEP_NOT_FOUND', `${dataDir} holds no database to copy`)
  }
  if (existsSync(target)) {
    throw new FmworkError('USAGE', `${target} exists already`, {
      problems: [
        { field: '--to', value: target, expected: 'expected a file that is not there yet' },
      ],
    })
  }
  prepareFolder(dirname(target))
  const part = `${target}.part`
  try {
    const database = new Database(source, { readonly: true, timeout: 5000 })
    try {
      // One look at one moment: a copy page by page begins anew whenever the coordinator writes.
      database.prepare('VACUUM INTO ?').run(part)
    } finally {
      database.close()
    }
    check(part)
    const file = openSync(part, 'r+')
    fsyncSync(file)
    closeSync(file)
    renameSync(part, target)
    return { path: target, bytes: statSync(target).size }
  } catch (error) {
    for (const rest of ['', '-journal', '-wal', '-shm']) rmSync(`${part}${rest}`, { force: true })
    throw storeError(error, target)
  }
}

function check(path: string): void {
  const copy = new Database(path)
  try {
    // One file, so that it can be carried about.
    copy.pragma('journal_mode = DELETE')
    const found = copy.pragma('integrity_check(1)', { simple: true })
    if (found !== 'ok') {
      throw new FmworkError('STORE_CORRUPT', `the copy is damaged: ${String(found)}`)
    }
  } finally {
    copy.close()
  }
}
