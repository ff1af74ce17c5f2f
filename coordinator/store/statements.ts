import type { Database, Statement } from 'better-sqlite3'
import { readFileSync, readdirSync } from 'node:fs'
import { ManyRows, rowsAtOnce } from './many-rows.js'
import { guarded } from './store-errors.js'
import type { WalDisk } from './wal-disk.js'

export type Parameters = Readonly<Record<string, string | number | bigint | Uint8Array | null>>

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, string | number | Uint8Array | null>>

/**
 * Every statement of the store by the name of its file, prepared once. A statement that does not
 * fit the schema fails at start, not in the night. Where rows are limited by a parameter, it stands in a
 * sum (`LIMIT @limit + 0`): by a bare one SQLite plans, and so prepares the statement anew at every call.
 */
export class Statements {
  readonly #database: Database
  readonly #subject: string
  readonly #byName: ReadonlyMap<string, Statement>
  readonly #many = new Map<string, ManyRows>()
  readonly #disk: WalDisk | undefined
  /** Rows that this connection has changed so far. */
  readonly #changes: Statement

  /**
   * @param subject the database file, named in errors.
   * @param disk brings to the disk what is written ahead of it; absent where there is none.
   */
  constructor(database: Database, folder: URL, subject: string, disk?: WalDisk) {
    this.#database = database
    this.#subject = subject
    this.#disk = disk
    this.#changes = database.prepare('SELECT total_changes()').pluck()
    this.#byName = new Map(
      readdirSync(folder)
        .filter((name) => name.endsWith('.sql'))
        .map((name) => [
          name.slice(0, -'.sql'.length),
          database.prepare(readFileSync(new URL(name, folder), 'utf8')),
        ]),
    )
  }

  /** Rows changed. */
  run(name: string, parameters: Parameters = {}): number {
    return guarded(this.#subject, () => {
      this.#disk?.check()
      return this.#statement(name).run(parameters).changes
    })
  }

  /** Inserts a row for each of the parameters, all or none: a statement that ends in its VALUES. */
  insertAll(name: string, rows: readonly Parameters[]): void {
    this.atomically(() => {
      let first = 0
      for (; first + rowsAtOnce <= rows.length; first += rowsAtOnce) {
        this.#manyRows(name).run(rows.slice(first, first + rowsAtOnce))
      }
      for (const row of rows.slice(first)) this.run(name, row)
    })
  }

  first(name: string, parameters: Parameters = {}): Row | undefined {
    const statement = this.#statement(name)
    if (!statement.readonly) return this.all(name, parameters)[0]
    return guarded(this.#subject, () => statement.get(parameters) as Row | undefined)
  }

  /** One that writes is taken to its end: only there SQLite says that it could not be kept. */
  all(name: string, parameters: Parameters = {}): Row[] {
    const statement = this.#statement(name)
    return guarded(this.#subject, () => {
      if (!statement.readonly) this.#disk?.check()
      return statement.all(parameters) as Row[]
    })
  }

  /** One immediate transaction: takes the write lock first, so that it never fails half-way for it. */
  atomically<T>(work: () => T): T {
    return guarded(this.#subject, () => {
      this.#disk?.check()
      return this.#database.transaction(work).immediate()
    })
  }

  /** As atomically, but on disk only when the disk is settled; inside another, as that is. */
  ahead<T>(work: () => T): T {
    const disk = this.#disk
    if (disk === undefined || this.#database.inTransaction) return this.atomically(work)
    const before = this.#changes.get()
    this.#database.pragma('synchronous = NORMAL')
    try {
      return this.atomically(work)
    } finally {
      this.#database.pragma('synchronous = FULL')
      if (this.#changes.get() !== before) disk.wrote()
    }
  }

  /** Resolves when everything that was written until now is on disk. */
  settled(): Promise<void> {
    return this.#disk?.settled() ?? Promise.resolve()
  }

  #manyRows(name: string): ManyRows {
    const many = this.#many.get(name) ?? new ManyRows(this.#database, this.#statement(name).source)
    this.#many.set(name, many)
    return many
  }

  #statement(name: string): Statement {
    const statement = this.#byName.get(name)
    if (statement === undefined) throw new Error(`no statement ${name}.sql`)
    return statement
  }
}
