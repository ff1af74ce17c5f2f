import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { FmworkError } from '../../../shared/domain/errors.js'

/** Above this a log is begun anew. */
const limitBytes = 16 * 1024 * 1024
/** How much of a log’s beginning and end is ever read at once. */
const startBytes = 4 * 1024 * 1024
const tailBytes = 64 * 1024

/** A file that an engine process writes its output to, from where it stood at the start. */
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

  /** Written since the start. */
  bytes(): number {
    return fstatSync(this.descriptor).size - this.#start
  }

  /** The last non-empty lines written since the start, oldest first. */
  lastLines(count: number): string[] {
    const size = fstatSync(this.descriptor).size
    return linesOf(this.#read(Math.max(this.#start, size - tailBytes), size)).slice(-count)
  }

  /** The first non-empty lines since the start, as far as 4 MiB reach. */
  firstLines(): string[] {
    const size = fstatSync(this.descriptor).size
    return linesOf(this.#read(this.#start, Math.min(size, this.#start + startBytes)))
  }

  #read(from: number, to: number): string {
    const buffer = Buffer.alloc(Math.max(0, to - from))
    const length = readSync(this.descriptor, buffer, 0, buffer.length, from)
    return buffer.toString('utf8', 0, length)
  }

  close(): void {
    closeSync(this.descriptor)
  }
}

/** Progress bars overwrite their line with carriage returns: only what they end as is a line. */
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/\r$/, '').replace(/^.*\r/, ''))
    .filter((line) => line.trim() !== '')
