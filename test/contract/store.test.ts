import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMemoryStore, openStore } from '../../coordinator/store/open-store.js'
import { FakeClock } from '../../shared/process/clock.js'
import { silentLog } from '../fixtures/dispatch-bench.js'
import { storeContract } from './store.js'

storeContract('SQLite in memory', () => {
  const store = openMemoryStore({ clock: new FakeClock(), log: silentLog })
  return {
    store,
    reopen: () => store,
    close() {
      store.close()
    },
  }
})

storeContract('SQLite on disk', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
  const open = () => openStore(dataDir, { clock: new FakeClock(), log: silentLog })
  let store = open()
  return {
    store,
    reopen() {
      store.close()
      store = open()
      return store
    },
    close() {
      store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
})
