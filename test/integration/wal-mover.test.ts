import Database from 'better-sqlite3'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WalMover } from '../../coordinator/store/wal-mover.js'
import { FakeClock } from '../../shared/process/clock.js'
import { silentLog } from '../fixtures/dispatch-bench.js'

const entry = new URL('../../dist/coordinator/store/wal-thread.js', import.meta.url)
const mebibyte = 2 ** 20

let folder: string
let path: string
let database: Database.Database
const clock = new FakeClock()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
  path = join(folder, 'store.sqlite')
  database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.exec('CREATE TABLE heap (piece BLOB)')
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

function write(mebibytes: number): void {
  const insert = database.prepare('INSERT INTO heap VALUES (?)')
  for (let count = 0; count < mebibytes; count += 1) insert.run(new Uint8Array(mebibyte))
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

describe('WalMover', () => {
  it('moves a long log into the database from a thread, and leaves a short one alone', async () => {
    const mover = new WalMover(database, path, { clock, log: silentLog, entry })
    write(4)
    mover.wrote()
    await clock.advance(1)
    expect(statSync(path).size).toBeLessThan(mebibyte)
    write(6)
    mover.wrote()
    await clock.advance(1)
    await until(() => statSync(path).size > 9 * mebibyte)
    await mover.close()
    expect(database.prepare('SELECT count(*) FROM heap').pluck().get()).toBe(10)
  })

  it('leaves it to SQLite where there can be no thread', async () => {
    const nowhere = new URL('./nowhere.js', import.meta.url)
    const mover = new WalMover(database, path, { clock, log: silentLog, entry: nowhere })
    write(9)
    mover.wrote()
    await clock.advance(1)
    const measure = () => database.pragma('wal_autocheckpoint', { simple: true })
    expect(measure()).toBe(65_536)
    await until(() => measure() === 1000)
    await mover.close()
  })
})
