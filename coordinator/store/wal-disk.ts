import { closeSync, fdatasync, openSync } from 'node:fs'
import { FmworkError } from '../../shared/domain/errors.js'

/**
 * Brings the write-ahead log of a database to the disk beside the event loop. Works that wait at the
 * same time share one call. What SQLite does for a transaction with `synchronous = FULL`, this does
 * later: the log is written in order, so that what is on disk is always a beginning of it.
 *
 * A log that could not be brought to the disk once is never trusted again: the operating system may
 * have forgotten what it could not write.
 */
export class WalDisk {
  readonly #path: string
  #file: number | undefined
  #written = 0
  #settled = 0
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined
  #broken: FmworkError | undefined
  #closed = false

  /** @param path of the log, which is there after the first transaction. */
  constructor(path: string) {
    this.#path = path
  }

  /** @throws FmworkError DATA_FOLDER_UNWRITABLE once the log could not be brought to the disk. */
  check(): void {
    if (this.#broken !== undefined) throw this.#broken
  }

  /** A transaction was written that nobody has brought to the disk yet. */
  wrote(): void {
    this.#written += 1
  }

  /** Resolves when everything written before this call is on disk. */
  settled(): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken)
    if (this.#settled === this.#written) return Promise.resolve()
    // One under way may have begun before the last write: the next one is for all that wait now.
    this.#next ??= (this.#running ?? Promise.resolve()).then(() => this.#bring())
    return this.#next
  }

  close(): void {
    this.#closed = true
    if (this.#running === undefined) this.#closeFile()
  }

  #bring(): Promise<void> {
    const written = this.#written
    this.#running = this.#next
    this.#next = undefined
    return new Promise((resolve, reject) => {
      const over = (error: Error | null) => {
        this.#running = undefined
        if (this.#closed) this.#closeFile()
        if (error === null) {
          this.#settled = written
          resolve()
          return
        }
        this.#broken ??= new FmworkError(
          'DATA_FOLDER_UNWRITABLE',
          `${this.#path}: what was written did not reach the disk: ${error.message}`,
          { cause: error, hint: 'Look after the disk, then start the coordinator again.' },
        )
        reject(this.#broken)
      }
      try {
        this.#file ??= openSync(this.#path, 'r')
        fdatasync(this.#file, over)
      } catch (error) {
        over(error as Error)
      }
    })
  }

  #closeFile(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}
