import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FmworkError } from '../../shared/domain/errors.js'
import type { ReportItem } from '../../shared/domain/report-item.js'
import { encodeRecord, recordAt } from './outbox-record.js'

/** What people and `fmwork doctor` read of a refused item, beside its bytes. */
export interface RefusalNote {
  readonly agent: string
  readonly kind: ReportItem['kind']
  readonly trialId?: string
  /** Row of errorTable, and the coordinator’s words. */
  readonly code: string
  readonly reason: string
  /** Epoch milliseconds. */
  readonly refusedAt: number
}

const suffix = '.refused'
const noteSuffix = '.json'

/**
 * Items that the coordinator would not take, each in a file of its own with a note that says why.
 * Nothing leaves it but by being sent again.
 */
export class Quarantine {
  readonly #folder: string
  #files: string[] = []
  #bytes = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Items that wait here. */
  get size(): number {
    return this.#files.length
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Finds what an earlier life left. */
  async recover(): Promise<void> {
    if (!existsSync(this.#folder)) return
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(suffix)).sort()
    this.#files = names
    this.#bytes = 0
    for (const name of names) this.#bytes += (await readFile(join(this.#folder, name))).length
  }

  /** On disk, synced, when it resolves. */
  async add(
    item: ReportItem,
    from: { readonly agent: string; readonly sequence: number },
    error: FmworkError,
    refusedAt: number,
  ): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const name = `${String(from.sequence).padStart(16, '0')}${suffix}`
    const bytes = encodeRecord({ ...from, items: [item] })
    const note: RefusalNote = {
      agent: from.agent,
      kind: item.kind,
      ...('trialId' in item ? { trialId: item.trialId } : {}),
      code: error.code,
      reason: error.message,
      refusedAt,
    }
    await this.#write(`${name}${noteSuffix}`, `${JSON.stringify(note)}\n`)
    await this.#write(name, bytes)
    this.#files.push(name)
    this.#bytes += bytes.length
  }

  /** Hands every item to `admit`, oldest first; one that was admitted leaves. Damaged ones stay. */
  async release(admit: (item: ReportItem) => Promise<void>): Promise<number> {
    let released = 0
    for (const name of [...this.#files]) {
      const bytes = await readFile(join(this.#folder, name))
      const item = recordAt(bytes, 0)?.batch.items[0]
      if (item === undefined) continue
      await admit(item)
      await rm(join(this.#folder, name), { force: true })
      await rm(join(this.#folder, `${name}${noteSuffix}`), { force: true })
      this.#files = this.#files.filter((each) => each !== name)
      this.#bytes -= bytes.length
      released += 1
    }
    return released
  }

  /** Whole or not at all, also after a power cut. */
  async #write(name: string, content: string | Buffer): Promise<void> {
    const path = join(this.#folder, name)
    const file = await open(`${path}.part`, 'w')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.part`, path)
    const folder = await open(this.#folder, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }
}
