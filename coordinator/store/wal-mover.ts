import type { Database } from 'better-sqlite3'
import { statSync } from 'node:fs'
import type { Cancel, Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { ThreadCalls } from '../../shared/process/thread/thread-calls.js'

/** What the thread serves. */
export interface WalMoves {
  /** Frames in the log, and those of them that are in the database now. */
  move(): Promise<{ readonly frames: number; readonly moved: number }>
  close(): Promise<void>
}

export interface WalMoverOptions {
  readonly clock: Clock
  readonly log: Log
  /** The compiled wal-thread; another in tests only. */
  readonly entry?: URL
}

/** Seconds between two moves while something is written. */
const pace = 1
/** A log smaller than this is left alone, in bytes: short runs need no thread. */
const leftAlone = 8 * 2 ** 20
/** Frames, of 4 KiB, from which on the thread tries to come to the log’s end, so that it begins anew. */
const longLog = 8192
/** How often it tries. */
const tries = 8
/** Frames at which SQLite moves the log in the writer’s own time, should the thread not keep up. */
const atLast = 65_536
/** SQLite’s own measure, where there is no thread. */
const withoutThread = 1000

/**
 * Moves the write-ahead log into the database in a thread, so that the event loop waits for neither
 * the writing nor the disk. A log begins anew with the first transaction that finds all of it moved.
 */
export class WalMover {
  readonly #database: Database
  readonly #path: string
  readonly #options: WalMoverOptions
  #thread: Promise<ThreadCalls<WalMoves>> | undefined
  #cancel: Cancel | undefined
  #moving = false
  #over = false

  constructor(database: Database, path: string, options: WalMoverOptions) {
    this.#database = database
    this.#path = path
    this.#options = options
    database.pragma(`wal_autocheckpoint = ${atLast}`)
  }

  /** Something was written. */
  wrote(): void {
    if (this.#over || this.#moving || this.#cancel !== undefined) return
    this.#cancel = this.#options.clock.after(pace, () => {
      this.#cancel = undefined
      this.#move().catch((error: unknown) => {
        this.#giveUp(error)
      })
    })
  }

  /** Before the database is closed. Resolves when the thread, if there is one, has closed its own. */
  async close(): Promise<void> {
    this.#over = true
    this.#cancel?.()
    try {
      await (await this.#thread)?.close()
    } catch (error) {
      this.#options.log.debug({ err: error }, 'closed a mover of the log that was broken')
    }
  }

  async #move(): Promise<void> {
    if (statSync(`${this.#path}-wal`).size < leftAlone) return
    this.#moving = true
    try {
      this.#thread ??= this.#open()
      const thread = await this.#thread
      for (let count = 0; count < tries && !this.#over; count += 1) {
        const { frames, moved } = await thread.call('move', [])
        if (frames < longLog || moved === frames) return
      }
    } finally {
      this.#moving = false
    }
  }

  async #open(): Promise<ThreadCalls<WalMoves>> {
    const { entry = new URL('./wal-thread.js', import.meta.url) } = this.#options
    const what = 'mover of the log'
    const thread = new ThreadCalls<WalMoves>({ entry, opening: this.#path, name: 'wal', what })
    await thread.opened()
    return thread
  }

  #giveUp(error: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#database.pragma(`wal_autocheckpoint = ${withoutThread}`)
    this.#options.log.warn(
      { err: error },
      'the log is moved in the coordinator’s own time from now on',
    )
  }
}
