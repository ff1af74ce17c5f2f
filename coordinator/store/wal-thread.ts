import Database from 'better-sqlite3'
import { serveThread } from '../../shared/process/thread/serve-thread.js'
import type { WalMoves } from './wal-mover.js'

/** Moves a write-ahead log into its database, in a thread of its own. */
await serveThread((path) => {
  const database = new Database(path as string, { fileMustExist: true })
  const served: WalMoves = {
    move() {
      const [told] = database.pragma('wal_checkpoint(PASSIVE)') as {
        readonly log: number
        readonly checkpointed: number
      }[]
      return Promise.resolve({ frames: told?.log ?? 0, moved: told?.checkpointed ?? 0 })
    },
    close() {
      database.close()
      return Promise.resolve()
    },
  }
  return Promise.resolve(served)
})
