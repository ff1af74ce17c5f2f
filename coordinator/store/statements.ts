import type { Database, Statement } from 'better-sqlite3'
import { readFileSync, readdirSync } from 'node:fs'
import { guarded } from './store-errors.js'

export type Parameters = Readonly<Record<string, string | number | bigint | Uint8Array | null>>

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, string | number | Uint8Array | null>>

/**
 * Every statement of the store by the name of its file, prepared once. A statement that does not
 * fit the schema fails at start, not in the night.
 */
export class Statements {
  readonly #database: Database
  readonly #subject: string
  readonly #byName: ReadonlyMap<string, Statement>

  /** @param subject the database file, named in errors. */
  constructor(database: Database, folder: URL, subject: string) {
    this.#database = database
    this.#subject = subject
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
    return guarded(this.#subject, () => this.#statement(name).run(parameters).changes)
  }

  first(name: string, parameters: Parameters = {}): Row | undefined {
    return guarded(this.#subject, () => this.#statement(name).get(parameters) as Row | undefined)
  }

  all(name: string, parameters: Parameters = {}): Row[] {
    return guarded(this.#subject, () => this.#statement(name).all(parameters) as Row[])
  }

  /** One immediate transaction: takes the write lock first, so that it never fails half-way for it. */
  atomically<T>(work: () => T): T {
    return guarded(this.#subject, () => this.#database.transaction(work).immediate())
  }

  #statement(name: string): Statement {
    const statement = this.#byName.get(name)
    if (statement === undefined) throw new Error(`no statement ${name}.sql`)
    return statement
  }
}
