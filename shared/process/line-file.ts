import { mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Bytes of lines that may wait for room; lines beyond them are lost. */
const waitingBytes = 1024 * 1024
/** A pipe that is full is given so long to be read, in milliseconds, before lines wait. */
const patience = { pause: 10, most: 1000 }

const standardError = 2

/**
 * Appends lines to a file, each at once: the last one before a crash is the one needed. Where there is no
 * room lines wait for the next one, then some are lost: a full disk ends no program. Never throws.
 */
export class LineFile {
  readonly #descriptor: number
  readonly #lost: (lines: number) => void
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #dropped = 0
  /** Nobody reads it any more. */
  #isClosed = false

  /**
   * @param path of the file, which is made with its folder; standard error when absent.
   * @param lost told, in a later turn, how many lines were lost, once there is room again.
   */
  constructor(path: string | undefined, lost: (lines: number) => void) {
    if (path !== undefined) mkdirSync(dirname(path), { recursive: true })
    this.#descriptor = path === undefined ? standardError : openSync(path, 'a')
    this.#lost = lost
  }

  write(line: string): void {
    if (this.#isClosed) return
    const bytes = Buffer.from(line)
    const isClear = this.#goOn()
    if (!isClear && this.#waitingBytes + bytes.length > waitingBytes) {
      this.#dropped += 1
      return
    }
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (!isClear || !this.#goOn() || this.#dropped === 0) return
    const lines = this.#dropped
    this.#dropped = 0
    setImmediate(() => {
      this.#lost(lines)
    })
  }

  /** Writes what waits. @returns whether nothing waits any more */
  #goOn(): boolean {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const written = this.#put(first)
      this.#waitingBytes -= written
      if (written < first.length) {
        this.#waiting[0] = first.subarray(written)
        return false
      }
      this.#waiting.shift()
    }
    return true
  }

  /** @returns how many of the bytes there was room for */
  #put(bytes: Buffer): number {
    let written = 0
    for (let waited = 0; written < bytes.length;) {
      try {
        written += writeSync(this.#descriptor, bytes, written)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EPIPE') this.#isClosed = true
        if (code !== 'EAGAIN' || waited >= patience.most) return written
        waited += patience.pause
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patience.pause)
      }
    }
    return written
  }
}
