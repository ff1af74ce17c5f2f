import { recommendationTable, stepsTable } from './decision-tables.js'
import { environmentTable } from './environment-table.js'
import { markdownCell } from './escape.js'
import { headlineOf } from './headline.js'
import { measurementTable } from './measurement-tables.js'
import {
  accuracyTable,
  definitionsTable,
  harvestTable,
  nodesTable,
  spentTable,
  verificationTable,
} from './meta-tables.js'
import type { Report } from './report.js'
import type { Table } from './table.js'

const row = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |\n`

function tableMarkdown(table: Table): string {
  const rule = table.columns.map((_, k) => (table.numeric.has(k) ? '---:' : '---'))
  const body =
    table.rows.length === 0
      ? 'Nothing yet.\n'
      : `${row(table.columns)}| ${rule.join(' | ')} |\n${table.rows.map(row).join('')}`
  const note = table.note === '' ? '' : `${markdownCell(table.note)}\n\n`
  return `## ${table.title}\n\n${note}${body}\n`
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}yaml\n${text.endsWith('\n') ? text : `${text}\n`}${fence}\n`
}

/** The headline and the tables, for a pull request or a wiki. */
export function renderMarkdown(report: Report): string {
  const facts = headlineOf(report).map(
    ({ label, value, note }) =>
      `- **${markdownCell(label)}:** ${markdownCell(value)} (${markdownCell(note)})\n`,
  )
  const verification = verificationTable(report)
  const steps = stepsTable(report)
  const harvest = harvestTable(report)
  const nodes = nodesTable(report)
  const tables = [
    ...(verification === undefined ? [] : [verification]),
    recommendationTable(report),
    ...(steps === undefined ? [] : [steps]),
    accuracyTable(report),
    ...(nodes === undefined ? [] : [nodes]),
    ...(harvest === undefined ? [] : [harvest]),
    spentTable(report),
    measurementTable(report),
    definitionsTable(report),
    environmentTable(report),
  ]
  return [
    `# ${markdownCell(report.status.sweep.name)}\n\n`,
    ...facts,
    '\n',
    ...tables.map(tableMarkdown),
    '## How to reproduce\n\n',
    `Save as sweep.yaml and run \`fmwork run sweep.yaml\`; seed ${report.sweep.strategy.seed}.\n\n`,
    fenced(report.text),
  ].join('')
}
