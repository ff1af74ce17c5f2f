import Database from 'better-sqlite3'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Statements } from '../../../../coordinator/store/statements.js'

let folder: string
let database: Database.Database
let statements: Statements

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
  database = new Database(':memory:')
  database.exec('CREATE TABLE note (text TEXT) STRICT')
  writeFileSync(join(folder, 'add-note.sql'), '-- Adds.\nINSERT INTO note VALUES (@text);')
  writeFileSync(join(folder, 'count-notes.sql'), '-- Counts.\nSELECT count(*) AS n FROM note;')
  statements = new Statements(database, pathToFileURL(`${folder}/`), 'the store')
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('Statements', () => {
  it('says DISK_FULL when there is no room, and leaves nothing half done', () => {
    statements.run('add-note', { text: 'first' })
    database.pragma('max_page_count = 4')
    expect(() =>
      statements.atomically(() => {
        statements.run('add-note', { text: 'second' })
        statements.run('add-note', { text: 'x'.repeat(100_000) })
      }),
    ).toThrow(expect.objectContaining({ code: 'DISK_FULL' }) as Error)
    expect(statements.first('count-notes')).toEqual({ n: 1 })
    database.pragma('max_page_count = 1000')
    statements.run('add-note', { text: 'x'.repeat(100_000) })
    expect(statements.first('count-notes')).toEqual({ n: 2 })
  })

  it('inserts many rows as it inserts each, all or none', () => {
    const notes = Array.from({ length: 47 }, (_, n) => ({ text: `note ${n}` }))
    statements.insertAll('add-note', notes)
    const kept = () => database.prepare('SELECT text FROM note ORDER BY rowid').all()
    expect(kept()).toEqual(notes)
    const broken = notes.map((note, n) => (n === 33 ? { text: new Uint8Array(1) } : note))
    expect(() => {
      statements.insertAll('add-note', broken)
    }).toThrow('cannot store BLOB')
    expect(() => {
      statements.insertAll('add-note', [...notes, {}])
    }).toThrow()
    expect(kept()).toEqual(notes)
  })

  it('knows only statements that have a file', () => {
    expect(() => statements.run('drop-everything')).toThrow('no statement drop-everything.sql')
  })
})

describe('the statement files', () => {
  const source = new URL('../../../../coordinator/store/statements/', import.meta.url)

  it('each say first what they do', () => {
    for (const name of readdirSync(source)) {
      expect(readFileSync(new URL(name, source), 'utf8'), name).toMatch(/^-- [A-Z]/)
    }
  })

  it('are not prepared anew for every limit', () => {
    const reading = new URL('../../../../coordinator/store/reading/', import.meta.url)
    for (const folder of [source, reading]) {
      for (const name of readdirSync(folder)) {
        const sql = readFileSync(new URL(name, folder), 'utf8')
        expect(sql, name).not.toMatch(/LIMIT @\w+(?! \+ 0)\b/)
      }
    }
  })

  it('state a law wherever they change a state', () => {
    for (const name of readdirSync(source)) {
      const sql = readFileSync(new URL(name, source), 'utf8')
      if (sql.includes('SET state')) expect(sql, name).toContain('-- Law:')
    }
  })
})
