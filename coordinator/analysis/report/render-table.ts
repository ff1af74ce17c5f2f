import { escapeHtml } from './escape.js'
import type { Table } from './table.js'

const foldedCell = (short: string, words: string): string =>
  short === words
    ? escapeHtml(words)
    : `<details><summary>${escapeHtml(short)}</summary>${escapeHtml(words)}</details>`

/** Characters from which a cell is a sentence, and wants room for one. */
const sentence = 40

/** A figure stays with its unit, an interval whole: a line may end only between the two. */
const unbroken = (words: string): string => words.replace(/ (?!\()/g, '\u00a0')

/** The rows and columns alone, in a box that scrolls. */
function gridHtml({ columns, rows, numeric, folded }: Omit<Table, 'title' | 'note'>): string {
  const align = (column: number) => (numeric.has(column) ? ' class="n"' : '')
  const head = columns.map(
    (words, column) => `<th scope="col"${align(column)}>${escapeHtml(words)}</th>`,
  )
  const body = rows.map((row, number) => {
    const cells = row.map((words, column) => {
      if (folded?.column === column) {
        return `<td class="fold">${foldedCell(folded.short[number] ?? words, words)}</td>`
      }
      if (numeric.has(column)) return `<td class="n">${escapeHtml(unbroken(words))}</td>`
      return `<td${words.length < sentence ? '' : ' class="long"'}>${escapeHtml(words)}</td>`
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
