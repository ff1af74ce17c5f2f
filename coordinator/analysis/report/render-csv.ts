import { csvCell } from './escape.js'
import type { FlatTable } from './flat-tables.js'

/** RFC 4180. */
export function renderCsv({ columns, rows }: FlatTable): string {
  const header = columns.map(({ name }) => name)
  return [header, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
}
