import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { FmworkError } from '../../../shared/domain/errors.js'

/** Above this a log is begun anew. */
const limitBytes = 16 * 1024 * 1024

/** A file that an engine process writes its standard error to, from where it stood at the start. */
export class EngineLog {
  readonly path: string
  readonly descriptor: number
  readonly #start: number

  /** @throws FmworkError DATA_FOLDER_UNWRITABLE. */
  constructor(path: string) {
    this.path = path
    try {
      mkdirSync(dirname(path), { recursive: true })
      const existing = openSync(path, 'a+')
      const size = fstatSync(existing).size
      if (size > limitBytes) {
        closeSync(existing)
        this.descriptor = openSync(path, 'w+')
        this.#start = 0
      } else {
        this.descriptor = existing
        this.#start = size
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new FmworkError('DATA_FOLDER_UNWRITABLE', `engine log ${path}: ${reason}`, {
        cause: error,
      })
    }
  }

  /** The last non-empty lines written since the start, oldest first. */
  lastLines(count: number): string[] {
    const size = fstatSync(this.descriptor).size
    const from = Math.max(this.#start, size - 8192)
    const buffer = Buffer.alloc(Math.max(0, size - from))
    readSync(this.descriptor, buffer, 0, buffer.length, from)
    const lines = buffer.toString('utf8').split('\n')
    return lines.filter((line) => line.trim() !== '').slice(-count)
  }

  close(): void {
    closeSync(this.descriptor)
  }
}
