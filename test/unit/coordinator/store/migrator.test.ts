import Database from 'better-sqlite3'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate, readMigrations } from '../../../../coordinator/store/migrator.js'

const one = { version: 1, name: '0001-a.sql', sql: 'CREATE TABLE a (x)' }
const two = { version: 2, name: '0002-b.sql', sql: 'CREATE TABLE b (x); INSERT INTO b VALUES (1)' }
const broken = { version: 2, name: '0002-c.sql', sql: 'CREATE TABLE c (x); INSERT INTO nowhere' }

let folder: string
let path: string
let database: Database.Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
  path = join(folder, 'store.sqlite')
  database = new Database(path)
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

const tables = (of: Database.Database) =>
  of.prepare('SELECT name FROM sqlite_schema ORDER BY name').pluck().all()

describe('migrate', () => {
  it('makes a new database without a backup, and does nothing the second time', () => {
    expect(migrate(database, path, [one, two])).toBeUndefined()
    expect(tables(database)).toEqual(['a', 'b'])
    expect(migrate(database, path, [one, two])).toBeUndefined()
  })

  it('brings an old database forward and keeps it as it was beside', () => {
    migrate(database, path, [one])
    database.exec('INSERT INTO a VALUES (42)')
    const backup = migrate(database, path, [one, two])
    expect(backup).toBe(`${path}.schema-1.backup`)
    expect(tables(database)).toEqual(['a', 'b'])
    const old = new Database(backup)
    expect(tables(old)).toEqual(['a'])
    expect(old.prepare('SELECT x FROM a').pluck().get()).toBe(42)
    old.close()
  })

  it('leaves the old schema whole when a migration fails, and keeps every backup', () => {
    migrate(database, path, [one])
    expect(() => migrate(database, path, [one, broken])).toThrow()
    expect(tables(database)).toEqual(['a'])
    expect(migrate(database, path, [one, two])).toBe(`${path}.schema-1.backup-2`)
    expect(existsSync(`${path}.schema-1.backup`)).toBe(true)
  })
})

describe('readMigrations', () => {
  it('finds the product’s migrations numbered from 1', () => {
    const folderUrl = new URL('../../../../coordinator/store/migrations/', import.meta.url)
    const migrations = readMigrations(folderUrl)
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, n) => n + 1))
  })
})
