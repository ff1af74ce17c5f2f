import { join } from 'node:path'
import { asFmworkError, FmworkError } from '../../shared/domain/errors.js'
import type { ReportBatch, ReportItem } from '../../shared/domain/report-item.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { harmlessItem } from './harmless-item.js'
import { OutboxFiles } from './outbox-files.js'
import type { Place } from './outbox-files.js'
import { Quarantine } from './quarantine.js'
import { itemBytes } from './report-size.js'

export interface OutboxOptions {
  readonly folder: string
  readonly agent: string
  readonly clock: Clock
  readonly log: Log
  /** Above it, samples and telemetry are dropped and no new trial should start; results never are. */
  readonly maxBytes?: number
  /** A segment is closed when it is longer. */
  readonly segmentBytes?: number
}

/** Items that wait for company, and for how long. */
const batchItems = 500
const batchBytes = 512 * 1024
const batchSeconds = 0.2
/** Seconds between attempts to write to a disk that is full. */
const retrySeconds = 2

interface Waiter {
  readonly met: () => boolean
  readonly resolve: () => void
}

/**
 * What the coordinator has not yet acknowledged, on disk. Items become numbered batches, in the
 * order they were added; a batch is offered to the reporter only once it is synced, so no number is
 * ever used twice. The measurement never waits for the network, only (for results) for the disk.
 */
export class Outbox {
  readonly #options: Required<OutboxOptions>
  readonly #files: OutboxFiles
  readonly #quarantine: Quarantine
  readonly #pendingResults = new Set<string>()
  #items: ReportItem[] = []
  #itemBytes = 0
  /** On disk and not acknowledged, in order. */
  #places: Place[] = []
  #bytes = 0
  #next = 1
  #dropped = 0
  #work: Promise<void> = Promise.resolve()
  #cancelTimer: (() => void) | undefined
  #waiters: Waiter[] = []
  readonly #closed = new AbortController()

  private constructor(options: OutboxOptions) {
    this.#options = { maxBytes: 256 * 1024 * 1024, segmentBytes: 4 * 1024 * 1024, ...options }
    this.#files = new OutboxFiles(options.folder)
    this.#quarantine = new Quarantine(join(options.folder, 'quarantine'))
  }

  /** @throws FmworkError DATA_FOLDER_UNWRITABLE, DISK_FULL */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const outbox = new Outbox(options)
    const { places, damagedBytes, next } = await outbox.#files.recover((batch) => {
      outbox.#note(batch)
    })
    await outbox.#quarantine.recover()
    outbox.#places = [...places]
    outbox.#bytes = places.reduce((sum, { length }) => sum + length, 0)
    outbox.#next = next
    if (damagedBytes > 0) {
      options.log.warn({ damagedBytes }, 'outbox: cut off what an interrupted write left')
    }
    if (places.length > 0) options.log.info({ batches: places.length }, 'outbox: batches to send')
    const quarantined = outbox.#quarantine.size
    if (quarantined > 0) options.log.warn({ quarantined }, 'outbox: refused items are kept')
    return outbox
  }

  /** Nothing is waiting for an acknowledgement. */
  get empty(): boolean {
    return this.#items.length === 0 && this.#places.length === 0
  }

  /** The highest number given to a batch so far; 0 before the first. */
  get lastSequence(): number {
    return this.#next - 1
  }

  /** Too much is waiting: start nothing new. */
  get full(): boolean {
    return this.#bytes + this.#itemBytes + this.#quarantine.bytes > this.#options.maxBytes
  }

  /** Items that the coordinator would not take, kept until they can be sent again. */
  get quarantined(): number {
    return this.#quarantine.size
  }

  /** Batches that wait for an acknowledgement. */
  get waiting(): number {
    return this.#places.length
  }

  /** Samples and telemetry given up since the outbox was opened, because it was full. */
  get dropped(): number {
    return this.#dropped
  }

  /** True when the trial’s result is here, unacknowledged: it must not be measured again. */
  holdsResult(trialId: string): boolean {
    return this.#pendingResults.has(trialId)
  }

  /** Takes an item that may be lost in a crash within a fifth of a second. Returns at once. */
  add(item: ReportItem): void {
    if (this.full && (item.kind === 'telemetry' || item.kind === 'trial-samples')) {
      if (this.#dropped === 0) this.#options.log.error('outbox: full, samples are being dropped')
      this.#dropped += 1
      return
    }
    this.#push(item)
    if (this.#items.length >= batchItems || this.#itemBytes >= batchBytes) this.#flushSoon()
    else this.#cancelTimer ??= this.#options.clock.after(batchSeconds, () => this.#flushSoon())
  }

  /** Resolves when the item, and all before it, survive a crash. Waits for room on a full disk. */
  async addDurably(item: ReportItem): Promise<void> {
    this.#closed.signal.throwIfAborted()
    this.#push(item)
    await this.#flush()
  }

  /** The first batch after `sequence`, as soon as there is one. @throws the signal’s reason */
  async take(after: number, signal: AbortSignal): Promise<ReportBatch> {
    for (;;) {
      await this.#until(() => this.#places.some((place) => place.sequence > after), signal)
      const place = this.#places.find(({ sequence }) => sequence > after)
      if (place === undefined) continue
      const batch = await this.#files.read(place)
      if (batch !== undefined) return batch
      if (!this.#places.includes(place)) continue // Acknowledged while it was read.
      this.#options.log.error({ sequence: place.sequence }, 'outbox: a batch is damaged on disk')
      this.#forget((each) => each === place)
    }
  }

  /**
   * The coordinator has stored everything up to `sequence`. A number never written here means that
   * an earlier outbox of this agent’s name is lost: what waits is numbered anew, behind it.
   */
  acknowledge(sequence: number): Promise<void> {
    return this.#enqueue(async () => {
      if (sequence >= this.#next) {
        await this.#renumber(sequence + 1)
        return
      }
      this.#forget((place) => place.sequence <= sequence)
      await this.#removeSpent()
    })
  }

  /**
   * A batch that is refused whatever we do: of several items each goes on alone, so that one holds up
   * no other; a single one goes into quarantine.
   *
   * @returns the item that is in quarantine now, if one is.
   */
  setAside(batch: ReportBatch, error: FmworkError): Promise<ReportItem | undefined> {
    let quarantined: ReportItem | undefined
    const { agent, clock, log } = this.#options
    return this.#enqueue(async () => {
      const [first, ...rest] = batch.items
      if (first !== undefined && rest.length === 0) {
        const { sequence } = batch
        await this.#quarantine.add(first, { agent, sequence }, error, clock.wall())
        if (first.kind === 'trial-result') this.#pendingResults.delete(first.trialId)
        quarantined = first
        const { kind } = first
        log.error({ sequence, kind, err: error }, 'outbox: refused again and again: quarantined')
      } else if (first !== undefined) {
        await this.#append(
          batch.items.map((item, n) => ({ agent, sequence: this.#next + n, items: [item] })),
        )
      }
      this.#forget(({ sequence }) => sequence === batch.sequence)
    }).then(() => quarantined)
  }

  /** Sends what is in quarantine again, each item for itself. */
  readmit(): Promise<void> {
    const { agent, log } = this.#options
    return this.#enqueue(async () => {
      if (this.#quarantine.size === 0) return
      const released = await this.#quarantine.release((item) =>
        this.#append([{ agent, sequence: this.#next, items: [item] }]),
      )
      log.info({ released }, 'outbox: refused items are sent again')
    })
  }

  /** Resolves when everything added so far is acknowledged. @throws the signal’s reason */
  drained(signal: AbortSignal): Promise<void> {
    this.#flushSoon()
    return this.#until(() => this.empty, signal)
  }

  /** Writes what waits, as far as the disk lets it. */
  async close(): Promise<void> {
    const written = this.#flush()
    this.#closed.abort(new FmworkError('INTERNAL', 'the outbox is closed'))
    await written.catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'outbox: the last items could not be written')
    })
    await this.#work
    await this.#files.close()
  }

  #push(item: ReportItem): void {
    const kept = harmlessItem(item)
    this.#items.push(kept)
    this.#itemBytes += itemBytes(kept)
  }

  #flushSoon(): void {
    this.#flush().catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'outbox: items are lost')
    })
  }

  #flush(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    return this.#enqueue(async () => {
      while (this.#items.length > 0) await this.#writeOnce()
    })
  }

  async #writeOnce(): Promise<void> {
    const items = [...this.#items]
    const batches = this.#batchesOf(items)
    let places: Place[]
    try {
      if (this.#files.currentSize >= this.#options.segmentBytes) {
        await this.#files.startSegment(this.#next)
      }
      places = await this.#files.append(batches)
    } catch (error) {
      this.#options.log.error({ err: error }, 'outbox: cannot write, trying again')
      if (this.#closed.signal.aborted) throw asFmworkError(error)
      // Closing ends the wait; the next attempt is then the last.
      await this.#options.clock.sleep(retrySeconds, this.#closed.signal).catch(() => undefined)
      return
    }
    const left = this.#items.slice(items.length)
    this.#items = left
    this.#itemBytes = left.reduce((sum, item) => sum + itemBytes(item), 0)
    this.#added(batches, places)
  }

  /** @throws FmworkError DISK_FULL, DATA_FOLDER_UNWRITABLE; nothing is left of them then. */
  async #append(batches: readonly ReportBatch[]): Promise<void> {
    this.#added(batches, await this.#files.append(batches))
  }

  #added(batches: readonly ReportBatch[], places: readonly Place[]): void {
    this.#next += batches.length
    for (const batch of batches) this.#note(batch)
    this.#places.push(...places)
    this.#bytes += places.reduce((sum, { length }) => sum + length, 0)
    this.#changed()
  }

  #batchesOf(items: readonly ReportItem[]): ReportBatch[] {
    const groups: ReportItem[][] = []
    let room = 0
    for (const item of items) {
      const size = itemBytes(item)
      const group = groups.at(-1)
      if (group === undefined || size > room || group.length >= batchItems) {
        groups.push([item])
        room = batchBytes - size
      } else {
        group.push(item)
        room -= size
      }
    }
    const { agent } = this.#options
    return groups.map((group, n) => ({ agent, sequence: this.#next + n, items: group }))
  }

  #note(batch: ReportBatch): void {
    for (const item of batch.items) {
      if (item.kind === 'trial-result') this.#pendingResults.add(item.trialId)
    }
  }

  #forget(spent: (place: Place) => boolean): void {
    this.#places = this.#places.filter((place) => !spent(place))
    this.#bytes = this.#places.reduce((sum, { length }) => sum + length, 0)
    if (this.#places.length === 0) this.#pendingResults.clear()
    this.#changed()
  }

  async #removeSpent(): Promise<void> {
    const needed = new Set(this.#places.map(({ segment }) => segment))
    // The newest segment stays even when spent: its name and records carry the numbering.
    for (const segment of await this.#files.segments()) {
      if (segment !== this.#files.currentSegment && !needed.has(segment)) {
        await this.#files.remove(segment)
      }
    }
  }

  async #renumber(first: number): Promise<void> {
    this.#options.log.warn({ first }, 'outbox: the coordinator knows later numbers, numbering anew')
    const old = this.#places
    const batches: ReportBatch[] = []
    for (const place of old) {
      const batch = await this.#files.read(place)
      if (batch !== undefined) batches.push({ ...batch, sequence: first + batches.length })
    }
    await this.#files.startSegment(first)
    this.#next = first
    this.#places = batches.length === 0 ? [] : await this.#files.append(batches)
    this.#next += batches.length
    await this.#removeSpent()
    this.#changed()
  }

  /** One at a time, in order; a failure is its caller’s alone. */
  #enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.#work.then(task)
    this.#work = done.catch(() => undefined)
    return done
  }

  #until(met: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error)
        return
      }
      if (met()) {
        resolve()
        return
      }
      const onAbort = () => {
        this.#waiters = this.#waiters.filter((each) => each !== waiter)
        reject(signal.reason as Error)
      }
      const waiter = {
        met,
        resolve: () => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.push(waiter)
    })
  }

  #changed(): void {
    const met = this.#waiters.filter((waiter) => waiter.met())
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter))
    for (const waiter of met) waiter.resolve()
  }
}
