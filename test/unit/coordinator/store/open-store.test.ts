import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../../../coordinator/store/open-store.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'

describe('openStore', () => {
  it('opens', () => {
    const dir = mkdtempSync(join(tmpdir(), 'fmwork-'))
    const tools = { clock: new FakeClock(), log: createLog({ name: 't', level: 'silent' }) }
    const store = openStore(dir, tools)
    const s = store.insertSweep({ name: 'a', text: 'x', createdAt: 1 })
    expect(s?.state).toBe('RUNNING')
    expect(store.totals(s!.sweepId)).toMatchObject({ measured: 0 })
    expect(() => openStore(dir, tools)).toThrow(/process id/)
    store.close()
    openStore(dir, tools).close()
  })
})
