import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUp } from '../../../../../coordinator/store/care/backup.js'
import { prune } from '../../../../../coordinator/store/care/prune.js'
import type { Store } from '../../../../../coordinator/dispatch/store-port.js'
import { databaseFile, openStore } from '../../../../../coordinator/store/open-store.js'
import { FmworkError } from '../../../../../shared/domain/errors.js'
import type { ErrorCode } from '../../../../../shared/domain/error-table.js'
import type { Sample } from '../../../../../shared/domain/sample.js'
import { FakeClock } from '../../../../../shared/process/clock.js'
import { measurement, StoreBench } from '../../../../contract/store-bench.js'
import { silentLog } from '../../../../fixtures/dispatch-bench.js'

let folder: string
let bench: StoreBench
let store: Store
const dataDir = () => join(folder, 'data')
const open = (dir = dataDir()) => openStore(dir, { clock: new FakeClock(), log: silentLog })
const coded = (code: ErrorCode): Error => expect.objectContaining({ code }) as Error
const sample = (request: number): Sample => ({
  repetition: 0,
  request,
  warmUp: false,
  scheduledAt: 0,
  sentAt: 0,
  chunkAt: [0.1, 0.2],
  chunkTokens: [1, 1],
  endedAt: 0.2,
  inputTokensAsked: 1,
  outputTokensAsked: 2,
  inputTokens: 1,
  outputTokens: 2,
  cachedTokens: null,
  outcome: 'ok',
})

let trialId: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
  store = open()
  bench = new StoreBench({ store, reopen: open, close: () => store.close() })
  const lease = bench.granted('a')
  trialId = bench.queued(0).trialId
  store.leaseTrial(trialId, lease)
  store.addSamples(
    trialId,
    lease.token,
    Array.from({ length: 2000 }, (_, n) => sample(n)),
  )
  store.succeedTrial(trialId, lease.token, measurement, 50)
  store.endLease(lease.leaseId, 'RELEASED', 60)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a backup', () => {
  it('is whole while the store is at work, and opens as a store of its own', async () => {
    const target = join(folder, 'copy.sqlite')
    const copying = backUp(dataDir(), target)
    for (let index = 1; index < 30; index += 1) bench.queued(index)
    const { bytes } = await copying
    expect(bytes).toBeGreaterThan(0)
    expect(readdirSync(folder).sort()).toEqual(['copy.sqlite', 'data'])
    const restored = join(folder, 'restored')
    open(restored).close()
    for (const rest of ['', '-wal', '-shm'])
      rmSync(join(restored, databaseFile + rest), { force: true })
    renameSync(target, join(restored, databaseFile))
    const again = open(restored)
    expect(again.findTrial(trialId)).toMatchObject({ state: 'SUCCEEDED', measurement })
    expect(again.samplesOf(trialId)).toHaveLength(2000)
    again.close()
  })

  it('never writes over anything, and says where there is nothing to copy', async () => {
    const target = join(folder, 'copy.sqlite')
    writeFileSync(target, 'precious')
    await expect(backUp(dataDir(), target)).rejects.toThrow(coded('USAGE'))
    await expect(backUp(folder, join(folder, 'x'))).rejects.toThrow(coded('SWEEP_NOT_FOUND'))
    const nowhere = join(dataDir(), databaseFile, 'x')
    await expect(backUp(dataDir(), nowhere)).rejects.toThrow(coded('DATA_FOLDER_UNWRITABLE'))
    expect(existsSync(`${nowhere}.part`)).toBe(false)
  })
})

describe('pruning', () => {
  it('drops raw samples of old sweeps only, keeps what was measured, and gives the space back', () => {
    expect(() => prune(dataDir(), 1e15)).toThrow(coded('DATA_FOLDER_LOCKED'))
    store.moveSweep(bench.sweepId, ['RUNNING'], 'COMPLETED', { reason: '', at: 1000 })
    store.close()
    expect(prune(dataDir(), 1000)).toMatchObject({ sweeps: 0, samples: 0 })
    const pruned = prune(dataDir(), 1001)
    expect(pruned).toMatchObject({ sweeps: 1, samples: 2000 })
    expect(pruned.bytesAfter).toBeLessThan(pruned.bytesBefore)
    store = open()
    expect(store.samplesOf(trialId)).toEqual([])
    expect(store.findTrial(trialId)?.measurement).toEqual(measurement)
  })

  it('is an error of ours, not of SQLite, on a folder without a database', () => {
    expect(() => prune(folder, 1)).toThrow(FmworkError)
  })
})
