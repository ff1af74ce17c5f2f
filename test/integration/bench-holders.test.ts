import Database from 'better-sqlite3'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { databaseFile, openStore } from '../../coordinator/store/open-store.js'
import { FakeClock } from '../../shared/process/clock.js'
import { StoreBench } from '../contract/store-bench.js'
import { silentLog } from '../fixtures/dispatch-bench.js'
import { removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'

/**
 * The benches of kills and of split networks count moments in which two held what only one may hold. A
 * count of zero is worth something only if such a moment would be counted: here each is made.
 */
type Wrong = Readonly<Record<string, number>>
const { judgeHolders } = (await import(
  new URL('../bench/chaos/holders.mjs', import.meta.url).href
)) as { readonly judgeHolders: (folder: string, dataDir: string) => { readonly wrong: Wrong } }

const honest: Wrong = { sharedBlocks: 0, sharedDevices: 0, unheld: 0, overrun: 0, twins: 0 }
let folder: string
let dataDir: string
/** The lease of agent `a`, from 20 to 50, and that of `b` on the same block, from 60 on. */
let leases: { readonly first: string; readonly second: string }

beforeEach(() => {
  folder = temporaryFolder()
  dataDir = join(folder, 'data')
  mkdirSync(join(folder, 'logs'))
  const store = openStore(dataDir, { clock: new FakeClock(), log: silentLog })
  const bench = new StoreBench({ store, reopen: () => store, close: () => undefined })
  const first = bench.granted('a', 20).leaseId
  store.endLease(first, 'EXPIRED', 50)
  leases = { first, second: bench.granted('b', 60).leaseId }
  store.close()
})
afterAll(removeTemporaryFolders)

interface Line {
  readonly time: number
  readonly pid?: number
  readonly msg?: string
  readonly lease?: string
  readonly trial?: string
}
/** What a program logged. */
function logs(program: string, lines: readonly Line[]): void {
  const text = lines.map((line) => `${JSON.stringify({ pid: 1, msg: 'alive', ...line })}\n`)
  writeFileSync(join(folder, 'logs', `${program}.log`), text.join(''))
}
const starts = (time: number, lease: string, trial: string, pid = 1): Line => ({
  ...{ time, lease, trial, pid, msg: 'trial starts' },
})

/** What only a coordinator without its laws could write. */
function meddle(...statements: readonly string[]): void {
  const database = new Database(join(dataDir, databaseFile))
  for (const sql of statements) database.exec(sql)
  database.close()
}
const granting = (block: number, agent: string, at: number) =>
  `INSERT INTO lease (block_id, agent, granted_at, expires_at, changed_at) VALUES (${block}, '${agent}', ${at}, 99, ${at})`

const wrong = () => judgeHolders(folder, dataDir).wrong

describe('the judge of who held what', () => {
  it('finds nothing where each agent worked under its own lease while it had it', () => {
    logs('a', [starts(21, leases.first, 't1'), { time: 30, msg: 'trial ended', trial: 't1' }])
    logs('b', [starts(61, leases.second, 't1')])
    expect(wrong()).toEqual(honest)
  })

  it('counts a block that was granted twice', () => {
    meddle('DROP INDEX one_holder_per_block', granting(1, 'a', 65))
    expect(wrong()).toEqual({ ...honest, sharedBlocks: 1 })
  })

  it('counts a lease on devices that the agent’s other lease has', () => {
    const block = "INSERT INTO block VALUES (2, 1, 'another', 'cpu', 1, 1)"
    meddle('DROP TRIGGER devices_are_exclusive', block, granting(2, 'b', 65))
    expect(wrong()).toEqual({ ...honest, sharedDevices: 1 })
  })

  it.each([
    ['after it was over', 'a', 55, 'first'],
    ['before it was granted', 'b', 59, 'second'],
    ['that another agent has', 'a', 61, 'second'],
  ] as const)('counts a trial begun under a lease %s', (_, agent, time, lease) => {
    logs(agent, [starts(time, leases[lease], 't1')])
    expect(wrong()).toEqual({ ...honest, unheld: 1 })
  })

  it('counts a second trial at once on one device', () => {
    logs('b', [starts(61, leases.second, 't1'), starts(62, leases.second, 't2')])
    expect(wrong()).toEqual({ ...honest, overrun: 1 })
  })

  it('counts an agent that was started beside itself, without its lock', () => {
    logs('b', [starts(61, leases.second, 't1', 7), starts(62, leases.second, 't1', 8)])
    expect(wrong()).toEqual(honest)
    const beside = { time: 63, pid: 7, msg: 'trial ended', trial: 't1' }
    logs('b', [starts(61, leases.second, 't1', 7), starts(62, leases.second, 't1', 8), beside])
    expect(wrong()).toEqual({ ...honest, twins: 1 })
  })
})
