import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../../coordinator/store/open-store.js'
import { examine } from '../../../../coordinator/store/doctor/examine.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { StoreBench } from '../../../contract/store-bench.js'
import { silentLog } from '../../../fixtures/dispatch-bench.js'

/** A disk of eight mebibytes, where this user may mount one. */
let disk: string
let mounted: boolean

beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'fmwork-disk-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk])
  mounted = status === 0
})
afterEach(() => {
  if (mounted) spawnSync('umount', [disk])
  rmSync(disk, { recursive: true, force: true })
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
  it('is told as such, loses nothing that was kept, and is over when there is room', (context) => {
    if (!mounted) context.skip('mounting a small tmpfs needs root')
    const dataDir = join(disk, 'data')
    const open = () => openStore(dataDir, { clock: new FakeClock(), log: silentLog })
    let store = open()
    const bench = new StoreBench({ store, reopen: open, close: () => undefined })
    const first = bench.queued(0)
    const { bavail, bsize } = statfsSync(disk)
    const filler = join(disk, 'filler')
    writeFileSync(filler, Buffer.alloc((bavail - 4) * bsize))
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
    rmSync(filler)
    expect(codeOf(fill)).toBeUndefined()
    store.close()
    store = open()
    expect(store.findTrial(first.trialId)).toMatchObject({ state: 'QUEUED' })
    store.close()
  })
})
