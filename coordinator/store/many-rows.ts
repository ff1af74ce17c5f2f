import type { Database, Statement } from 'better-sqlite3'
import type { Parameters } from './statements.js'

/** Rows of one statement. A row costs less than half of what it costs alone; more rows gain little. */
export const rowsAtOnce = 20

/** An `INSERT … VALUES (@a, @b)` for {@link rowsAtOnce} rows. */
export class ManyRows {
  readonly #statement: Statement
  readonly #columns: readonly string[]

  constructor(database: Database, sql: string) {
    const [tuple, names] = /VALUES (\([^)]*\))/.exec(sql) ?? []
    if (tuple === undefined || names === undefined) throw new Error(`no VALUES in ${sql}`)
    this.#columns = [...names.matchAll(/@(\w+)/g)].map(([, name]) => name ?? '')
    const row = `(${this.#columns.map(() => '?').join(', ')})`
    const rows = Array<string>(rowsAtOnce).fill(row).join(', ')
    this.#statement = database.prepare(sql.replace(tuple, () => `VALUES ${rows}`))
  }

  run(rows: readonly Parameters[]): void {
    const values: Parameters[string][] = []
    for (const row of rows) {
      for (const column of this.#columns) {
        const value = row[column]
        if (value === undefined) throw new RangeError(`no value for ${column}`)
        values.push(value)
      }
    }
    this.#statement.run(values)
  }
}
