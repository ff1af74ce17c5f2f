import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { FmworkError } from '../../shared/domain/errors.js'
import type { ReportBatch } from '../../shared/domain/report-item.js'
import { encodeRecord, recordAt, records } from './outbox-record.js'

/** Where a batch stands on disk. */
export interface Place {
  readonly sequence: number
  readonly segment: string
  readonly offset: number
  readonly length: number
}

export interface Recovered {
  readonly places: readonly Place[]
  /** Bytes behind the last whole record of a segment, cut off or skipped. */
  readonly damagedBytes: number
  /** The next sequence: one more than was ever written here. */
  readonly next: number
}

const suffix = '.batches'
const nameOf = (first: number): string => String(first).padStart(16, '0') + suffix
const firstOf = (name: string): number => Number(name.slice(0, -suffix.length))

/** Rows of node:fs errors that mean "no room". */
const fullCodes = ['ENOSPC', 'EDQUOT', 'EFBIG']

function diskError(error: unknown, folder: string): FmworkError {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const message = error instanceof Error ? error.message : String(error)
  return fullCodes.includes(code)
    ? new FmworkError('DISK_FULL', `no room for results in ${folder}: ${message}`, { cause: error })
    : new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot write results to ${folder}: ${message}`, {
        cause: error,
      })
}

/**
 * The files of an outbox: append-only segments, each named by the first sequence it may hold, so
 * that the last name alone remembers how far the numbers have come. Not safe for concurrent calls:
 * the outbox queues them.
 */
export class OutboxFiles {
  readonly #folder: string
  #current: { readonly name: string; readonly file: FileHandle; size: number } | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Reads what an earlier life left; a torn tail is cut off. @throws FmworkError */
  async recover(visit: (batch: ReportBatch) => void): Promise<Recovered> {
    try {
      await mkdir(this.#folder, { recursive: true })
      const names = (await readdir(this.#folder)).filter((name) => name.endsWith(suffix)).sort()
      const places: Place[] = []
      let damagedBytes = 0
      let next = 1
      for (const name of names) {
        const bytes = await readFile(join(this.#folder, name))
        let size = 0
        next = Math.max(next, firstOf(name))
        for (const { batch, offset, length } of records(bytes)) {
          places.push({ sequence: batch.sequence, segment: name, offset, length })
          next = Math.max(next, batch.sequence + 1)
          size = offset + length
          visit(batch)
        }
        damagedBytes += bytes.length - size
        if (name === names.at(-1)) await this.#reopen(name, size)
      }
      if (this.#current === undefined) await this.startSegment(next)
      return { places, damagedBytes, next }
    } catch (error) {
      throw diskError(error, this.#folder)
    }
  }

  get currentSegment(): string {
    return this.#current?.name ?? ''
  }

  get currentSize(): number {
    return this.#current?.size ?? 0
  }

  /** On disk when it resolves; nothing is left of it when it rejects. @throws FmworkError DISK_FULL */
  async append(batches: readonly ReportBatch[]): Promise<Place[]> {
    const current = this.#current
    if (current === undefined) throw new FmworkError('INTERNAL', 'the outbox is closed')
    const encoded = batches.map((batch) => ({ batch, bytes: encodeRecord(batch) }))
    const places: Place[] = []
    let offset = current.size
    for (const { batch, bytes } of encoded) {
      places.push({ sequence: batch.sequence, segment: current.name, offset, length: bytes.length })
      offset += bytes.length
    }
    try {
      const bytes = Buffer.concat(encoded.map((each) => each.bytes))
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await current.file.write(
          bytes,
          done,
          bytes.length - done,
          current.size + done,
        )
        done += bytesWritten
      }
      await current.file.datasync()
    } catch (error) {
      // What was half written must not be read as a record; the next append overwrites it.
      await current.file.truncate(current.size).catch(() => undefined)
      throw diskError(error, this.#folder)
    }
    current.size = offset
    return places
  }

  /** The batch at a place; undefined when the disk no longer gives it back whole. */
  async read(place: Place): Promise<ReportBatch | undefined> {
    const file = await open(join(this.#folder, place.segment), 'r')
    try {
      const bytes = Buffer.alloc(place.length)
      await file.read(bytes, 0, place.length, place.offset)
      return recordAt(bytes, 0)?.batch
    } finally {
      await file.close()
    }
  }

  /** Later appends go to a new file whose numbers start at `first`. */
  async startSegment(first: number): Promise<void> {
    const name = nameOf(first)
    if (name === this.#current?.name) return
    const file = await open(join(this.#folder, name), 'w')
    await this.#current?.file.close()
    this.#current = { name, file, size: 0 }
    await this.#syncFolder()
  }

  async remove(segment: string): Promise<void> {
    await rm(join(this.#folder, segment), { force: true })
  }

  /** Segments on disk, oldest first. */
  async segments(): Promise<string[]> {
    return (await readdir(this.#folder)).filter((name) => name.endsWith(suffix)).sort()
  }

  async close(): Promise<void> {
    await this.#current?.file.close()
    this.#current = undefined
  }

  async #reopen(name: string, size: number): Promise<void> {
    const file = await open(join(this.#folder, name), 'r+')
    await file.truncate(size)
    await file.sync()
    this.#current = { name, file, size }
  }

  /** A new file is there after a power cut only if its folder was synced. */
  async #syncFolder(): Promise<void> {
    const folder = await open(this.#folder, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }
}
