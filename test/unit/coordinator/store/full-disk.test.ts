import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../../coordinator/store/open-store.js'
import { examine } from '../../../../coordinator/store/doctor/examine.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { StoreBench } from '../../../contract/store-bench.js'
import { silentLog } from '../../../fixtures/dispatch-bench.js'
import { SmallDisk } from '../../../fixtures/small-disk.js'

let disk: SmallDisk
beforeEach(() => {
  disk = new SmallDisk(8)
})
afterEach(() => {
  disk.remove()
})

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof FmworkError ? error.code : String(error)
  }
}

describe('a full disk', () => {
  it('is told to whoever orders a sweep, by one statement alone, and no sweep is kept', (context) => {
    disk.orSkip(context)
    const dataDir = join(disk.folder, 'data')
    const open = () => openStore(dataDir, { clock: new FakeClock(), log: silentLog })
    let store = open()
    const empty = disk.fill(0)
    const text = 'x'.repeat(500_000)
    const order = () => store.insertSweep({ name: 'large', text, createdAt: 1 })
    expect(codeOf(order)).toBe('DISK_FULL')
    expect(store.findSweep('large')).toBeUndefined()
    empty()
    store.close()
    store = open()
    expect(store.listSweeps()).toEqual([])
    expect(order()).toMatchObject({ name: 'large' })
    store.close()
  })

  it('is told as such, loses nothing that was kept, and is over when there is room', (context) => {
    disk.orSkip(context)
    const dataDir = join(disk.folder, 'data')
    const open = () => openStore(dataDir, { clock: new FakeClock(), log: silentLog })
    let store = open()
    const bench = new StoreBench({ store, reopen: open, close: () => undefined })
    const first = bench.queued(0)
    const empty = disk.fill(4)
    const reading = { at: 1, device: 'x'.repeat(4000) }
    const fill = () => {
      for (let count = 0; count < 100; count += 1) store.addTelemetry('a', undefined, [reading])
    }
    expect(codeOf(fill)).toBe('DISK_FULL')
    const finding = examine({ dataDir, agentFolders: [], now: 0 }).find(
      ({ check }) => check === 'disk',
    )
    expect(finding).toMatchObject({ level: 'fault' })
    expect(bench.stateOf(first)).toBe('QUEUED')
    // Killed in that state and started again, as far as the disk lets it.
    empty()
    expect(codeOf(fill)).toBeUndefined()
    store.close()
    store = open()
    expect(store.findTrial(first.trialId)).toMatchObject({ state: 'QUEUED' })
    store.close()
  })
})
