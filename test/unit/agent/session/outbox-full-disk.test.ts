import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Outbox } from '../../../../agent/session/outbox.js'
import type { ReportItem } from '../../../../shared/domain/report-item.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'
import { SmallDisk } from '../../../fixtures/small-disk.js'

let disk: SmallDisk
beforeEach(() => {
  disk = new SmallDisk(1)
})
afterEach(() => {
  disk.remove()
})

const result = (trialId: string): ReportItem => ({
  kind: 'trial-result',
  lease: { leaseId: 'lease-1', token: 1 },
  trialId,
  outcome: { kind: 'failed', code: 'ENGINE_FAILED', reason: 'x'.repeat(9000), deviceSeconds: 1 },
})
const idsOf = (items: readonly ReportItem[]) =>
  items.flatMap((item) => ('trialId' in item ? [item.trialId] : []))

describe('an outbox on a full disk', () => {
  it('waits with its results, says so, and keeps all of them in order when there is room', async (context) => {
    disk.orSkip(context)
    const clock = new FakeClock()
    const log = createLog({ name: 'test', level: 'silent' })
    const told = vi.spyOn(log, 'error')
    const folder = join(disk.folder, 'outbox')
    const open = () => Outbox.open({ folder, agent: 'agent-1', clock, log })
    const outbox = await open()
    await outbox.addDurably(result('before'))
    const empty = disk.fill(1)
    const kept: string[] = []
    const pending = ['first', 'second'].map((trialId) =>
      outbox.addDurably(result(trialId)).then(() => kept.push(trialId)),
    )
    await expect.poll(() => tried()).toBeGreaterThan(1)
    expect(kept).toEqual([])
    expect(told.mock.calls[0]?.[0]).toMatchObject({ err: { code: 'DISK_FULL' } })
    empty()
    await expect.poll(() => tried().then(() => kept.length)).toBe(2)
    await Promise.all(pending)
    await outbox.close()
    const again = await open()
    const found: string[] = []
    for (let after = 0; after < again.lastSequence;) {
      const batch = await again.take(after, new AbortController().signal)
      found.push(...idsOf(batch.items))
      after = batch.sequence
    }
    expect(found).toEqual(['before', 'first', 'second'])
    await again.close()

    /** How often it has told that it could not write, after a moment more. */
    async function tried(): Promise<number> {
      await clock.advance(2)
      return told.mock.calls.length
    }
  })
})
