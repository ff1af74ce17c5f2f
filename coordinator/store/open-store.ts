import Database from 'better-sqlite3'
import { randomBytes } from 'node:crypto'
import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { FmworkError } from '../../shared/domain/errors.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import type { Store } from '../dispatch/store-port.js'
import { prepareFolder } from './data-folder.js'
import { lockFolder } from './folder-lock.js'
import { idsOf } from './ids.js'
import { createLeaseShelf } from './lease-shelf.js'
import { migrate, readMigrations } from './migrator.js'
import { createPlannerLogShelf } from './planner-log-shelf.js'
import { createReportShelf } from './report-shelf.js'
import { Statements } from './statements.js'
import { guarded } from './store-errors.js'
import { createSweepShelf } from './sweep-shelf.js'
import { createTrialShelf } from './trial-shelf.js'
import { WalDisk } from './wal-disk.js'
import { WalMover } from './wal-mover.js'

export const databaseFile = 'fmwork.sqlite'

/** Above this many bytes the check of every page at start would be felt; `fmwork doctor` makes it. */
const quickCheckLimit = 64 * 2 ** 20

export interface StoreTools {
  readonly clock: Clock
  readonly log: Log
}

/**
 * Opens the store of a data folder, creating both where they are missing, and locks the folder for
 * this process.
 *
 * @throws FmworkError DATA_FOLDER_UNWRITABLE, DATA_FOLDER_LOCKED, STORE_CORRUPT (damaged, or of a
 *   newer FMwork), DISK_FULL.
 */
export function openStore(dataDir: string, tools: StoreTools): Store {
  prepareFolder(dataDir)
  const lock = lockFolder(dataDir)
  const path = join(dataDir, databaseFile)
  try {
    return build(path, tools, () => {
      lock.release()
    })
  } catch (error) {
    lock.release()
    throw error
  }
}

/** A store that forgets: for tests and for runs that nobody will resume. */
export function openMemoryStore(tools: StoreTools): Store {
  return build(':memory:', tools, () => undefined)
}

function build(path: string, { clock, log }: StoreTools, released: () => void): Store {
  const database = guarded(path, () => new Database(path, { timeout: 5000 }))
  try {
    guarded(path, () => {
      // A mark on paper: every transition is on disk before anyone is told, also after a power cut.
      // What is written ahead (Statements.ahead) is so when the disk is settled.
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.pragma('foreign_keys = ON')
      // One that can only be read opens as if all were well, and takes no write lock either.
      if (!database.memory) accessSync(path, constants.R_OK | constants.W_OK)
      checkPages(database, path)
    })
    const backup = guarded(path, () =>
      migrate(database, path, readMigrations(new URL('./migrations/', import.meta.url))),
    )
    if (backup !== undefined) log.info({ backup }, 'schema migrated; the old database is kept')
    const disk = database.memory ? undefined : new WalDisk(`${path}-wal`)
    const mover = database.memory ? undefined : new WalMover(database, path, { clock, log })
    const statements = guarded(
      path,
      () => new Statements(database, new URL('./statements/', import.meta.url), path, disk),
    )
    const ids = idsOf(guarded(path, () => storeIdOf(database)))
    return {
      ...createSweepShelf(statements, ids),
      ...createTrialShelf(statements, ids, () => clock.wall()),
      ...createLeaseShelf(statements, ids),
      ...createReportShelf(statements, ids),
      ...createPlannerLogShelf(statements, ids),
      atomically: (work) => statements.atomically(work),
      ahead(work) {
        mover?.wrote()
        return statements.ahead(work)
      },
      settled: () => statements.settled(),
      close() {
        if (!database.open) return
        void mover?.close()
        disk?.close()
        database.close()
        released()
      },
    }
  } catch (error) {
    database.close()
    throw error
  }
}

function checkPages(database: Database.Database, path: string): void {
  if (database.memory || statSync(path).size > quickCheckLimit) return
  const found = database.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw new FmworkError('STORE_CORRUPT', `${path} is damaged: ${String(found)}`)
}

/** Random, not seeded: what tells two data folders apart must differ between them. */
function storeIdOf(database: Database.Database): string {
  const known = database.prepare('SELECT id FROM store').pluck().get() as string | undefined
  if (known !== undefined) return known
  const id = randomBytes(4).toString('hex')
  database.prepare('INSERT INTO store (id) VALUES (?)').run(id)
  return id
}
