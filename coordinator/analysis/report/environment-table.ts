import type { Report } from './report.js'
import type { Table } from './table.js'

/** Leaves of parsed JSON as `path`, `value` pairs. */
function leaves(value: unknown, path: string): string[][] {
  if (typeof value !== 'object' || value === null) {
    return [[path, typeof value === 'string' ? value : JSON.stringify(value)]]
  }
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    const name = Array.isArray(value) ? `${Number(key) + 1}` : key
    return leaves(each, path === '' ? name : `${path} / ${name}`)
  })
}

/** The machines and engines behind the figures, as they described themselves. */
export function environmentTable({ environment }: Report): Table {
  return {
    title: 'Environment',
    note: 'What the agents and engines said of themselves when they measured.',
    columns: ['fact', 'value'],
    numeric: new Set(),
    rows: leaves(environment, ''),
  }
}
