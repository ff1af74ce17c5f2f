import type { CsvRow } from './content.js'
import { printable } from './reading.js'
import type { Place, Reading } from './reading.js'

/** One row of a CSV file. Reading a cell that is not what it must be is told to the reading. */
export class CsvFields {
  readonly place: Place
  readonly #row: CsvRow
  readonly #reading: Reading

  constructor(reading: Reading, row: CsvRow) {
    this.#reading = reading
    this.#row = row
    this.place = { path: '', line: row.line }
  }

  #cell(name: string): string {
    return Object.hasOwn(this.#row.cells, name) ? (this.#row.cells[name] ?? '').trim() : ''
  }

  text(name: string): string | undefined {
    const cell = this.#cell(name)
    return cell === '' ? undefined : printable(cell)
  }

  count(name: string): number | undefined {
    const cell = this.#cell(name)
    const value = Number(cell)
    if (/^\d{1,9}$/.test(cell) && value > 0) return value
    this.#reading.wrong(this.place, name, cell, 'expected a whole number of 1 or more')
    return undefined
  }

  /** A number above 0 that a benchmark can have meant. */
  positive(name: string): number | undefined {
    const cell = this.#cell(name)
    const value = Number(cell)
    if (cell !== '' && value > 0 && value <= 1e15) return value
    this.#reading.wrong(this.place, name, cell, 'expected a number above 0')
    return undefined
  }
}
