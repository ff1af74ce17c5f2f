import Database from 'better-sqlite3'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examine } from '../../../../../coordinator/store/doctor/examine.js'
import { databaseFile, openStore } from '../../../../../coordinator/store/open-store.js'
import { FakeClock } from '../../../../../shared/process/clock.js'
import { measurement, StoreBench } from '../../../../contract/store-bench.js'
import { silentLog } from '../../../../fixtures/dispatch-bench.js'

let dataDir: string
const now = 1_700_000_000_000

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
})
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true })
})

function filled(): StoreBench {
  const open = () => openStore(dataDir, { clock: new FakeClock(), log: silentLog })
  const store = open()
  const bench = new StoreBench({ store, reopen: open, close: () => store.close() })
  const lease = bench.granted('a')
  const trial = bench.queued(0)
  bench.store.leaseTrial(trial.trialId, lease)
  bench.store.succeedTrial(trial.trialId, lease.token, measurement, 50)
  return bench
}

const look = (agentFolders: readonly string[] = []) => examine({ dataDir, agentFolders, now })
const bad = (agentFolders: readonly string[] = []) =>
  look(agentFolders).filter(({ level }) => level === 'fault' || level === 'warning')

/** What only a program other than FMwork can write. */
function meddle(sql: string): void {
  const database = new Database(join(dataDir, databaseFile))
  database.pragma('foreign_keys = OFF')
  database.exec(sql)
  database.close()
}

describe('a doctor', () => {
  it('finds nothing wrong with a healthy folder, whether a coordinator runs or not', () => {
    const bench = filled()
    expect(bad()).toEqual([])
    expect(look().find(({ check }) => check === 'coordinator')?.found).toMatch(/process id/)
    bench.close()
    expect(bad()).toEqual([])
    expect(look().find(({ check }) => check === 'leases')).toMatchObject({ level: 'note' })
  })

  it('says where there is no database, and where it is none', () => {
    expect(bad()).toMatchObject([{ check: 'database', level: 'fault' }])
    writeFileSync(join(dataDir, databaseFile), 'this is no database '.repeat(100))
    expect(bad()).toMatchObject([{ check: 'database', level: 'fault' }])
  })

  it('finds a corrupted page, and names its cure', () => {
    filled().close()
    const path = join(dataDir, databaseFile)
    const file = openSync(path, 'r+')
    for (const page of [12, 13, 14, 15])
      writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096)
    closeSync(file)
    const [first] = bad()
    expect(first?.level).toBe('fault')
    expect(first?.cure).toMatch(/backup/)
  })

  it.each([
    [
      'trials in flight',
      "UPDATE lease SET state = 'EXPIRED'; INSERT INTO trial (sweep_id, configuration_index, configuration_key, configuration, block_key, hardware, engine_kind, tensor_parallel, purpose, state, seed, queued_at, changed_at, lease_id, agent) SELECT 1, 7, 'k', '{}', 'b', 'cpu', 'simulated', 1, 'explore', 'LEASED', 1, 1, 1, 1, 'a'",
    ],
    ['measurements', 'DELETE FROM measurement'],
    ['references', 'DELETE FROM agent'],
    ['tallies', 'UPDATE trial_tally SET trials = trials + 1'],
    ['tallies', 'UPDATE sweep_tally SET measured = 7'],
    ['tallies', 'UPDATE device_tally SET device_seconds = device_seconds + 1'],
    ['tallies', 'UPDATE sweep_tally SET gap_seconds = gap_seconds + 1'],
    [
      'trials of ended sweeps',
      "INSERT INTO trial (sweep_id, configuration_index, configuration_key, configuration, block_key, hardware, engine_kind, tensor_parallel, purpose, seed, queued_at, changed_at) VALUES (1, 8, 'k', '{}', 'b', 'cpu', 'simulated', 1, 'explore', 1, 1, 1); UPDATE sweep SET state = 'CANCELLED', ended_at = 5",
    ],
  ])('finds what breaks the law of %s', (check, sql) => {
    filled().close()
    meddle(sql)
    expect(bad().map((each) => each.check)).toContain(check)
  })

  it('knows a database of a newer FMwork, and one that will be brought forward', () => {
    filled().close()
    meddle('PRAGMA user_version = 99')
    expect(bad()).toMatchObject([{ check: 'schema', level: 'fault' }])
  })

  it('notices that the clock jumped back an hour', () => {
    const bench = filled()
    bench.store.endLease(bench.granted('b').leaseId, 'RELEASED', 9)
    meddle(`UPDATE trial SET changed_at = ${now + 3_600_000}`)
    const [finding] = bad()
    expect(finding?.check).toBe('clock')
    expect(finding?.found).toMatch(/3600 s after/)
    bench.close()
  })

  it('shows what lies in an agent’s quarantine and why', () => {
    filled().close()
    const folder = join(dataDir, 'agents', 'agent-1', 'outbox', 'quarantine')
    mkdirSync(folder, { recursive: true })
    const note = {
      agent: 'agent-1',
      kind: 'trial-result',
      trialId: 't1.ab',
      code: 'MESSAGE_INVALID',
      reason: 'what?',
    }
    writeFileSync(join(folder, '0000000000000002.refused.json'), JSON.stringify(note))
    const [finding] = bad()
    expect(finding?.level).toBe('warning')
    expect(finding?.found).toMatch(/1 items were refused.*t1\.ab.*MESSAGE_INVALID: what\?/)
  })
})
