import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Cell, Column, FlatTable } from './flat-tables.js'

const types = { text: 'STRING', number: 'DOUBLE', flag: 'BOOLEAN' } as const satisfies Record<
  Column['kind'],
  string
>

/** A number that is not one is missing, as in CSV. */
const stored = (cell: Cell): string | number | boolean | null =>
  cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell)) ? null : cell

/** Apache Parquet, a nullable column each. The type of a column never depends on what is in it. */
export function renderParquet({ columns, rows }: FlatTable): Uint8Array {
  const columnData = columns.map(({ name, kind }, at) => ({
    name,
    type: types[kind],
    nullable: true,
    data: rows.map((row) => stored(row[at])),
  }))
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}
