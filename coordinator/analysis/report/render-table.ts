import { escapeHtml } from './escape.js'
import type { Table } from './table.js'

const foldedCell = (short: string, words: string): string =>
  short === words
    ? escapeHtml(words)
    : `<details><summary>${escapeHtml(short)}</summary>${escapeHtml(words)}</details>`

/** The rows and columns alone, in a box that scrolls. */
function gridHtml({ columns, rows, numeric, folded }: Omit<Table, 'title' | 'note'>): string {
  const align = (column: number) => (numeric.has(column) ? ' class="n"' : '')
  const head = columns.map(
    (words, column) => `<th scope="col"${align(column)}>${escapeHtml(words)}</th>`,
  )
  const body = rows.map((row, number) => {
    const cells = row.map((words, column) => {
      const inside =
        folded?.column === column
          ? foldedCell(folded.short[number] ?? words, words)
          : escapeHtml(words)
      return `<td${folded?.column === column ? ' class="fold"' : align(column)}>${inside}</td>`
    })
    return `<tr>${cells.join('')}</tr>`
  })
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`
}

/** A section of its own. */
export function tableHtml(table: Table): string {
  const { title, note, rows } = table
  const body = rows.length === 0 ? '<p>Nothing yet.</p>' : gridHtml(table)
  return `<section><h2>${escapeHtml(title)}</h2>${note === '' ? '' : `<p class="note">${escapeHtml(note)}</p>`}${body}</section>`
}

/** The numbers behind a chart, folded away beneath it. */
export const chartTableHtml = (summary: string, table: Omit<Table, 'title' | 'note'>): string =>
  `<details class="behind"><summary>${escapeHtml(summary)}</summary>${gridHtml(table)}</details>`
