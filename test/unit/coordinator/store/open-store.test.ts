import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databaseFile, openStore } from '../../../../coordinator/store/open-store.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import type { ErrorCode } from '../../../../shared/domain/error-table.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { silentLog } from '../../../fixtures/dispatch-bench.js'

const tools = { clock: new FakeClock(), log: silentLog }
let dataDir: string
let path: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
  path = join(dataDir, databaseFile)
})
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true })
})

function refusal(open: () => unknown): { code: ErrorCode; message: string } {
  try {
    open()
  } catch (error) {
    if (error instanceof FmworkError) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('it opened')
}

describe('openStore', () => {
  it('creates the folder and keeps what it is told', () => {
    const nested = join(dataDir, 'not', 'there', 'yet')
    const first = openStore(nested, tools)
    const sweep = first.insertSweep({ name: 'kept', text: 't', createdAt: 1 })
    first.close()
    first.close()
    const second = openStore(nested, tools)
    expect(second.findSweep(sweep?.sweepId ?? '')).toEqual(sweep)
    second.close()
  })

  it('does not know the ids of another folder', () => {
    const first = openStore(dataDir, tools)
    const sweep = first.insertSweep({ name: 'kept', text: 't', createdAt: 1 })
    const other = openStore(join(dataDir, 'other'), tools)
    other.insertSweep({ name: 'elsewhere', text: 't', createdAt: 1 })
    expect(other.findSweep(sweep?.sweepId ?? '')).toBeUndefined()
    first.close()
    other.close()
  })

  it('refuses a folder that cannot be, with the cause', () => {
    writeFileSync(join(dataDir, 'file'), '')
    const inside = join(dataDir, 'file', 'folder')
    expect(refusal(() => openStore(inside, tools))).toEqual({
      code: 'DATA_FOLDER_UNWRITABLE',
      message: expect.stringMatching(/cannot be written: ENOTDIR/) as string,
    })
    expect(refusal(() => openStore(join(dataDir, 'file'), tools)).code).toBe(
      'DATA_FOLDER_UNWRITABLE',
    )
  })

  it('refuses a folder that another coordinator holds, naming it', () => {
    const first = openStore(dataDir, tools)
    expect(refusal(() => openStore(dataDir, tools))).toEqual({
      code: 'DATA_FOLDER_LOCKED',
      message: `the data folder ${dataDir} is in use by the coordinator with process id ${process.pid}`,
    })
    first.close()
    openStore(dataDir, tools).close()
  })

  it('opens again after its holder was killed', async () => {
    const script = `
      const Database = require('better-sqlite3')
      const [dataDir] = process.argv.slice(1)
      require('fs').writeFileSync(dataDir + '/coordinator.pid', String(process.pid))
      const lock = new Database(dataDir + '/coordinator.lock')
      lock.exec('BEGIN EXCLUSIVE')
      console.log('held')
      setInterval(() => lock, 1000)`
    const holder = spawn(process.execPath, ['-e', script, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    const refused = refusal(() => openStore(dataDir, tools))
    expect(refused.code).toBe('DATA_FOLDER_LOCKED')
    expect(refused.message).toContain(`process id ${holder.pid ?? 0}`)
    const gone = once(holder, 'exit')
    holder.kill('SIGKILL')
    await gone
    openStore(dataDir, tools).close()
  })

  it('refuses a database of a newer FMwork and leaves it alone', () => {
    openStore(dataDir, tools).close()
    const newer = new Database(path)
    newer.pragma('user_version = 99')
    newer.close()
    const before = readFileSync(path)
    expect(refusal(() => openStore(dataDir, tools))).toEqual({
      code: 'STORE_CORRUPT',
      message: expect.stringMatching(
        /written by a newer FMwork: its schema is number 99/,
      ) as string,
    })
    expect(readFileSync(path)).toEqual(before)
  })

  it('refuses a database of another program', () => {
    const foreign = new Database(path)
    foreign.exec('CREATE TABLE theirs (x)')
    foreign.close()
    expect(refusal(() => openStore(dataDir, tools))).toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('another program') as string,
    })
  })

  it('refuses a file that is no database, and a damaged one', () => {
    writeFileSync(path, 'this is not a database, it only has the name of one'.repeat(40))
    expect(refusal(() => openStore(dataDir, tools)).code).toBe('STORE_CORRUPT')
    rmSync(path)
    openStore(dataDir, tools).close()
    truncateSync(path, Math.floor(readFileSync(path).length / 2 / 4096) * 4096)
    expect(refusal(() => openStore(dataDir, tools)).code).toBe('STORE_CORRUPT')
    rmSync(path)
    openStore(dataDir, tools).close()
    const bytes = readFileSync(path)
    bytes.fill(0xa5, 4096, 3 * 4096)
    writeFileSync(path, bytes)
    expect(refusal(() => openStore(dataDir, tools)).code).toBe('STORE_CORRUPT')
  })
})
