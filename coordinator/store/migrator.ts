import type { Database } from 'better-sqlite3'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { FmworkError } from '../../shared/domain/errors.js'

/** `FMwk` in ASCII: marks a database as ours. */
export const applicationId = 0x464d776b

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/** The migrations of this build, ascending from version 1 without gaps. */
export function readMigrations(folder: URL): Migration[] {
  const migrations = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({
      version: Number(name.slice(0, 4)),
      name,
      sql: readFileSync(new URL(name, folder), 'utf8'),
    }))
  for (const [index, { version, name }] of migrations.entries()) {
    if (version !== index + 1) throw new Error(`migration ${name} is not number ${index + 1}`)
  }
  return migrations
}

const pragma = (database: Database, name: string): number =>
  Number(database.pragma(name, { simple: true }))

/**
 * Brings a database forward to the newest schema, each migration in a transaction of its own. A
 * copy of the database as it was is kept beside it first.
 *
 * @returns the backup’s path, where one was made.
 * @throws FmworkError STORE_CORRUPT for a database of a newer FMwork or of another program.
 */
export function migrate(
  database: Database,
  path: string,
  migrations: readonly Migration[],
): string | undefined {
  const version = pragma(database, 'user_version')
  const owner = pragma(database, 'application_id')
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
  const newest = migrations.length
  if (owner !== applicationId && (tables > 0 || version > 0)) {
    throw new FmworkError('STORE_CORRUPT', `${path} is a database of another program`, {
      hint: 'Give another --data DIR.',
    })
  }
  if (version > newest) {
    throw new FmworkError(
      'STORE_CORRUPT',
      `${path} was written by a newer FMwork: its schema is number ${version}, this FMwork knows ${newest}`,
      { hint: 'Install the newer FMwork, or give another --data DIR.' },
    )
  }
  const pending = migrations.slice(version)
  const backup = pending.length > 0 && version > 0 ? backUp(database, path, version) : undefined
  for (const migration of pending) {
    database
      .transaction(() => {
        database.exec(migration.sql)
        database.pragma(`application_id = ${applicationId}`)
        database.pragma(`user_version = ${migration.version}`)
      })
      .exclusive()
  }
  return backup
}

function backUp(database: Database, path: string, version: number): string {
  let copy = `${path}.schema-${version}.backup`
  for (let count = 2; existsSync(copy); count += 1) {
    copy = `${path}.schema-${version}.backup-${count}`
  }
  database.prepare('VACUUM INTO ?').run(copy)
  return copy
}
