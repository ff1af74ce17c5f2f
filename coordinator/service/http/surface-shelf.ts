import { FmworkError } from '../../../shared/domain/errors.js'
import type { Space } from '../../../shared/domain/space.js'
import type { SurfaceRow } from '../../../shared/domain/sweep-desk.js'
import type { SweepReader } from '../../../shared/domain/sweep-reader.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { SurfaceDesk } from '../../dispatch/surface-desk.js'
import { markCodes } from './api.js'
import type { SurfaceMark } from './api.js'
import { spacePlaces } from './space-view.js'
import type { SpacePlaces } from './space-view.js'

/** Rows asked of the planner at a time: what another asker waits for at most. */
const pageRows = 250
/** Seconds between two readings of one surface at least, and how many times a reading’s own length. */
const restSeconds = 2
const restFactor = 4
/** Configurations that a browser can hold and show at once. */
const mostConfigurations = 400_000
/** Surfaces kept; the one that was looked at longest ago goes first. */
const kept = 4

/** Value, low and high of one metric, by number of the configuration; NaN where not known. */
interface Column {
  readonly value: Float32Array
  readonly low: Float32Array
  readonly high: Float32Array
}

interface Snapshot {
  readonly revision: number
  readonly columns: ReadonlyMap<string, Column>
  /** Probability of running in hundredths. */
  readonly feasible: Uint8Array
  /** Codes of markCodes from 1; 0 for none. */
  readonly marks: Uint8Array
}

interface Slot {
  places: Promise<SpacePlaces> | undefined
  snapshot: Snapshot | undefined
  reading: Promise<Snapshot> | undefined
  /** Seconds of the clock before which it is not read again. */
  restsUntil: number
}

/** The surface of one metric as the dashboard takes it. */
export interface SurfaceBytes {
  readonly revision: number
  /** Little endian: value, low, high (float32 each), then feasible and marks (one byte each). */
  readonly bytes: Uint8Array
}

/**
 * Surfaces as they were a moment ago: however many look, the planner is asked for each rarely and in
 * small pages, so that it goes on planning.
 */
export class SurfaceShelf {
  readonly #desk: SurfaceDesk
  readonly #reader: SweepReader
  readonly #clock: Clock
  readonly #slots = new Map<string, Slot>()
  readonly #closing = new AbortController()

  constructor(desk: SurfaceDesk, reader: SweepReader, clock: Clock) {
    this.#desk = desk
    this.#reader = reader
    this.#clock = clock
  }

  /** Undefined until the hardware is known. @throws FmworkError SWEEP_NOT_FOUND, LIMIT_EXCEEDED */
  async places(sweep: string): Promise<SpacePlaces | undefined> {
    const space = this.#space(sweep)
    if (space === undefined) return undefined
    const { sweepId, spec } = this.#desk.identify(sweep)
    const slot = this.#slot(sweepId)
    slot.places ??= spacePlaces(space, spec, this.#closing.signal)
    return slot.places
  }

  /**
   * Undefined for a metric that no surface is of, or before the hardware is known.
   *
   * @throws FmworkError SWEEP_NOT_FOUND; the errors of the planner
   */
  async column(sweep: string, metric: string): Promise<SurfaceBytes | undefined> {
    const snapshot = await this.#snapshot(sweep)
    const column = snapshot?.columns.get(metric)
    if (snapshot === undefined || column === undefined) return undefined
    const { revision, feasible, marks } = snapshot
    const count = feasible.length
    const bytes = new Uint8Array(count * 14)
    let at = 0
    for (const part of [column.value, column.low, column.high, feasible, marks]) {
      bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
      at += part.byteLength
    }
    return { revision, bytes }
  }

  close(): void {
    this.#closing.abort(new Error('the door closes'))
  }

  /** @throws FmworkError LIMIT_EXCEEDED */
  #space(sweep: string): Space | undefined {
    const space = this.#desk.space(sweep)
    if (space === undefined || space.size <= mostConfigurations) return space
    throw new FmworkError(
      'LIMIT_EXCEEDED',
      `${space.size.toLocaleString('en')} configurations are too many to be shown at once`,
      { hint: '`fmwork report` writes an even sample of them, and all of them as CSV.' },
    )
  }

  #slot(sweepId: string): Slot {
    const found = this.#slots.get(sweepId)
    const slot = found ?? {
      places: undefined,
      snapshot: undefined,
      reading: undefined,
      restsUntil: -Infinity,
    }
    // Looked at last: stands last.
    this.#slots.delete(sweepId)
    this.#slots.set(sweepId, slot)
    const oldest = this.#slots.keys().next()
    if (this.#slots.size > kept && oldest.done !== true) this.#slots.delete(oldest.value)
    return slot
  }

  async #snapshot(sweep: string): Promise<Snapshot | undefined> {
    const space = this.#space(sweep)
    const revision = this.#desk.revision(sweep)
    if (space === undefined || revision === 0) return undefined
    const slot = this.#slot(this.#desk.identify(sweep).sweepId)
    const { snapshot } = slot
    const fresh = snapshot?.revision === revision || this.#clock.monotonic() < slot.restsUntil
    if (snapshot !== undefined && fresh) return snapshot
    slot.reading ??= this.#read(sweep, space.size, revision, slot).finally(() => {
      slot.reading = undefined
    })
    return slot.reading
  }

  async #read(sweep: string, size: number, revision: number, slot: Slot): Promise<Snapshot> {
    const began = this.#clock.monotonic()
    const { sweepId } = this.#desk.identify(sweep)
    const columns = new Map<string, Column>()
    const feasible = new Uint8Array(size)
    const marks = new Uint8Array(size)
    const take = (rows: readonly SurfaceRow[]) => {
      for (const row of rows) {
        keep(row, size, columns, feasible)
        if (row.harvested === true) marks[row.index] = codeOf('harvested')
      }
    }
    await this.#desk.read(sweep, pageRows, take, this.#closing.signal)
    for (const [index, mark] of await this.#reader.marks(sweepId)) {
      marks[index] = codeOf(mark)
    }
    const took = this.#clock.monotonic() - began
    slot.restsUntil = this.#clock.monotonic() + Math.max(restSeconds, restFactor * took)
    slot.snapshot = { revision, columns, feasible, marks }
    return slot.snapshot
  }
}

const codeOf = (mark: SurfaceMark): number => markCodes.indexOf(mark) + 1

function keep(
  { index, feasible, estimates }: SurfaceRow,
  size: number,
  columns: Map<string, Column>,
  chances: Uint8Array,
): void {
  chances[index] = Math.round(feasible * 100)
  for (const [metric, interval] of Object.entries(estimates)) {
    const known = columns.get(metric)
    const column = known ?? emptyColumn(size)
    if (known === undefined) columns.set(metric, column)
    column.value[index] = interval.value
    column.low[index] = interval.low
    column.high[index] = interval.high
  }
}

const emptyColumn = (size: number): Column => ({
  value: new Float32Array(size).fill(NaN),
  low: new Float32Array(size).fill(NaN),
  high: new Float32Array(size).fill(NaN),
})
