import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../../coordinator/store/open-store.js'
import { WalDisk } from '../../../../coordinator/store/wal-disk.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { silentLog } from '../../../fixtures/dispatch-bench.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('WalDisk', () => {
  it('has nothing to wait for before anything was written', async () => {
    await new WalDisk(join(folder, 'never-there')).settled()
  })

  it('settles all who wait at the same time with one call', async () => {
    writeFileSync(join(folder, 'log'), 'frames')
    const disk = new WalDisk(join(folder, 'log'))
    disk.wrote()
    const first = disk.settled()
    expect(disk.settled()).toBe(first)
    await first
    await disk.settled()
    disk.close()
  })

  it('does not let a call under way settle what was written after it began', async () => {
    writeFileSync(join(folder, 'log'), 'frames')
    const disk = new WalDisk(join(folder, 'log'))
    disk.wrote()
    const first = disk.settled()
    // The call begins in the next turn; what is written then is not its own.
    await Promise.resolve()
    disk.wrote()
    const second = disk.settled()
    expect(second).not.toBe(first)
    const order: string[] = []
    await Promise.all([
      first.then(() => order.push('first')),
      second.then(() => order.push('second')),
    ])
    expect(order).toEqual(['first', 'second'])
    disk.close()
  })

  it('trusts no log that could not be brought to the disk once', async () => {
    const disk = new WalDisk(join(folder, 'gone'))
    disk.wrote()
    const refused = { code: 'DATA_FOLDER_UNWRITABLE' }
    await expect(disk.settled()).rejects.toMatchObject(refused)
    writeFileSync(join(folder, 'gone'), 'back again')
    disk.wrote()
    await expect(disk.settled()).rejects.toMatchObject(refused)
    expect(() => {
      disk.check()
    }).toThrow('did not reach the disk')
  })
})

describe('what a store writes ahead of the disk', () => {
  it('is there for whoever reads, in its place, and undone whole by a throw', async () => {
    const store = openStore(folder, { clock: new FakeClock(), log: silentLog })
    const named = (name: string) => store.insertSweep({ name, text: '', createdAt: 1 })
    store.ahead(() => named('first'))
    expect(() =>
      store.ahead(() => {
        named('undone')
        throw new Error('no')
      }),
    ).toThrow('no')
    store.atomically(() => store.ahead(() => named('second')))
    named('third')
    expect(store.listSweeps().map(({ name }) => name)).toEqual(['first', 'second', 'third'])
    await store.settled()
    store.close()
    const again = openStore(folder, { clock: new FakeClock(), log: silentLog })
    expect(again.listSweeps()).toHaveLength(3)
    again.close()
  })
})
