import Database from 'better-sqlite3'
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, closeSync, cpSync, mkdirSync, mkdtempSync, openSync } from 'node:fs'
import { readFileSync, realpathSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databaseFile, openStore } from '../../coordinator/store/open-store.js'
import { errorTable } from '../../shared/domain/error-table.js'
import { FakeClock } from '../../shared/process/clock.js'
import { measurement, StoreBench } from '../contract/store-bench.js'
import { silentLog } from '../fixtures/dispatch-bench.js'
import { cliProgram, expectNoProcess, fmwork } from './cli-process.js'

let folder: string
let data: string
let database: string

/** A data folder with one measured trial in it. */
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-faults-')))
  chmodSync(folder, 0o755)
  data = join(folder, 'data')
  database = join(data, databaseFile)
  const store = openStore(data, { clock: new FakeClock(), log: silentLog })
  const bench = new StoreBench({ store, reopen: () => store, close: () => undefined })
  const lease = bench.granted('a')
  const { trialId } = bench.queued(0)
  store.leaseTrial(trialId, lease)
  store.succeedTrial(trialId, lease.token, measurement, 50)
  store.moveSweep(bench.sweepId, ['RUNNING'], 'COMPLETED', { reason: 'all measured', at: 60 })
  store.close()
})
afterEach(async () => {
  await expectNoProcess(folder)
  rmSync(folder, { recursive: true, force: true })
})

const isRoot = process.getuid?.() === 0
/** Root may write anything: as root the program is run as nobody, who owns the data. */
const nobody = 65_534
const userOfPrograms = isRoot ? { uid: nobody, gid: nobody } : {}
function asNobody(args: readonly string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [cliProgram, ...args], {
    ...userOfPrograms,
    ...{ cwd: folder, encoding: 'utf8', timeout: 30_000, killSignal: 'SIGKILL' },
  })
  return { exit: status, told: stdout + stderr }
}
const coordinator = () => ['coordinator', '--data', data, '--listen', '127.0.0.1:0']

describe('a data folder that can only be read', () => {
  it.each([
    ['folder', () => chmodSync(data, 0o555)],
    ['database', () => chmodSync(database, 0o444)],
  ])('by its %s is refused and explained, and goes on when that is mended', (_, close) => {
    if (isRoot) for (const path of [data, database]) chownSync(path, nobody, nobody)
    if (isRoot) chownSync(join(data, 'coordinator.lock'), nobody, nobody)
    if (isRoot) chownSync(join(data, 'coordinator.pid'), nobody, nobody)
    const before = readFileSync(database)
    close()
    const refused = asNobody(coordinator())
    expect(refused.exit).toBe(errorTable.DATA_FOLDER_UNWRITABLE.exit)
    expect(refused.told).toContain(data)
    const doctor = asNobody(['doctor', '--data', 'data'])
    expect(doctor.exit).toBe(errorTable.DOCTOR_FOUND.exit)
    expect(doctor.told).toMatch(/FAULT +writing: it cannot be written/)
    expect(doctor.told).toMatch(/Mend its permissions/)
    chmodSync(data, 0o755)
    chmodSync(database, 0o644)
    expect(readFileSync(database)).toEqual(before)
    expect(asNobody(['doctor', '--data', 'data']).exit).toBe(0)
  })
})

describe('an agent’s folder that can only be read', () => {
  it('is refused, and taken when that is mended', async () => {
    const state = join(folder, 'agent')
    mkdirSync(state)
    if (isRoot) chownSync(state, nobody, nobody)
    chmodSync(state, 0o555)
    const args = ['agent', '--coordinator', '127.0.0.1:1', '--name', 'one', '--data', state]
    const refused = asNobody(args)
    expect(refused.exit).toBe(errorTable.DATA_FOLDER_UNWRITABLE.exit)
    expect(refused.told).toContain(state)
    chmodSync(state, 0o755)
    const agent = spawn(process.execPath, [cliProgram, ...args], {
      ...{ ...userOfPrograms, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    }) as ChildProcess & { readonly stderr: NodeJS.ReadableStream }
    const closed = once(agent, 'close')
    for await (const line of createInterface({ input: agent.stderr })) {
      if (line.includes('"agent started"')) break
    }
    agent.kill('SIGTERM')
    agent.stderr.resume()
    expect(await closed).toEqual([0, null])
  })
})

describe('a database with a corrupted page', () => {
  it('is refused, not served; the doctor names it and the cure, and the cure works', () => {
    expect(fmwork(folder, ['backup', '--data', 'data', '--to', 'kept.sqlite']).exit).toBe(0)
    const page = pageOf('measurement')
    const file = openSync(database, 'r+')
    writeSync(file, Buffer.alloc(page.size, 0x5a), 0, page.size, (page.number - 1) * page.size)
    closeSync(file)
    const refused = fmwork(folder, coordinator())
    expect(refused.exit).toBe(errorTable.STORE_CORRUPT.exit)
    expect(refused.stderr).toContain(database)
    expect(refused.stderr).toContain('fmwork doctor')
    const doctor = fmwork(folder, ['doctor', '--data', 'data'])
    expect(doctor.exit).toBe(errorTable.DOCTOR_FOUND.exit)
    expect(doctor.stdout).toMatch(/FAULT +(integrity|database): .*(damaged|malformed)/)
    expect(doctor.stdout).toMatch(/cure:.*restore/i)
    rmSync(data, { recursive: true })
    cpSync(join(folder, 'kept.sqlite'), database)
    expect(fmwork(folder, ['doctor', '--data', 'data']).exit).toBe(0)
    const store = openStore(data, { clock: new FakeClock(), log: silentLog })
    const [sweep] = store.listSweeps()
    expect(store.totals(sweep?.sweepId ?? '').measured).toBe(1)
    store.close()
  })
})

function pageOf(table: string): { readonly number: number; readonly size: number } {
  const open = new Database(database, { readonly: true })
  const number = open
    .prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?')
    .pluck()
    .get(table) as number
  const size = Number(open.pragma('page_size', { simple: true }))
  open.close()
  return { number, size }
}

describe('a second coordinator', () => {
  it('is refused while the first lives, and not by what a kill left, whoever has its id now', async () => {
    const first = spawn(process.execPath, [cliProgram, ...coordinator()], {
      ...{ cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
    }) as ChildProcess & { readonly stdout: NodeJS.ReadableStream }
    const closed = once(first, 'close')
    try {
      await once(createInterface({ input: first.stdout }), 'line')
      const second = fmwork(folder, coordinator())
      expect(second.exit).toBe(errorTable.DATA_FOLDER_LOCKED.exit)
      expect(second.stderr).toContain(`process id ${first.pid ?? 0}`)
    } finally {
      first.kill('SIGKILL')
      await closed
    }
    // The system has given the id to another program since.
    writeFileSync(join(data, 'coordinator.pid'), `${process.pid}\n`)
    openStore(data, { clock: new FakeClock(), log: silentLog }).close()
  })
})
