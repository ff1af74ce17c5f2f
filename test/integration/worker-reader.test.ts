import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLocalReader } from '../../coordinator/store/local-reader.js'
import { openStore } from '../../coordinator/store/open-store.js'
import { openWorkerReader } from '../../coordinator/store/worker-reader.js'
import { FakeClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { StoreBench } from '../contract/store-bench.js'

const entry = pathToFileURL(resolve('dist/coordinator/store/reader-worker.js'))

let folder: string
let bench: StoreBench
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-worker-reader-')))
  const tools = { clock: new FakeClock(), log: createLog({ name: 'test', level: 'silent' }) }
  const store = openStore(folder, tools)
  bench = new StoreBench({ store, reopen: () => store, close: () => store.close() })
})
afterEach(() => {
  bench.close()
  rmSync(folder, { recursive: true })
})

it('answers as a reader in this thread does, beside a store at work', async () => {
  const [worker, local] = [await openWorkerReader(folder, entry), await openLocalReader(folder)]
  try {
    for (let index = 0; index < 5; index += 1) bench.queued(index)
    const { sweepId } = bench
    const query = { sweepId, offset: 1, limit: 3 }
    const page = await worker.trials(query)
    expect(page.total).toBe(5)
    expect(page).toEqual(await local.trials(query))
    expect(await worker.next(sweepId, 9)).toEqual(await local.next(sweepId, 9))
    expect(await worker.marks(sweepId)).toEqual(await local.marks(sweepId))
    expect(await worker.events(sweepId, undefined, 9)).toEqual([])
    expect(await worker.eventsSince(sweepId, 0, 9)).toEqual([])
    expect(await worker.curve(sweepId)).toEqual([])
    expect(await worker.pastCosts('simulated', 'cpu', 9)).toEqual([])
    expect(await worker.trial(page.trials[0]?.trialId ?? '', 9)).toMatchObject({ sweepId })
  } finally {
    await worker.close()
    await local.close()
  }
  await expect(worker.curve(bench.sweepId)).rejects.toMatchObject({ code: 'INTERNAL' })
})

it('says what keeps it from opening, and leaves no thread behind', async () => {
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  await expect(openWorkerReader(empty, entry)).rejects.toMatchObject({
    code: 'DATA_FOLDER_UNWRITABLE',
  })
})
