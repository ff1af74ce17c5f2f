import type { Problem } from '../../../shared/domain/errors.js'
import { definitionOf, gridColumns } from './definitions.js'
import type { DefinitionName, GridColumn } from './definitions.js'
import type { ImportedRecord, Statistic } from './format.js'

/** What a column of a grid holds: the same figure of the same definition in every row. */
export interface ColumnChoice {
  readonly column: GridColumn
  readonly definition: DefinitionName
  readonly statistic: Statistic
}

/** Ours are medians over requests; a mean stands in where a tool gives no median. */
const preferred: readonly Statistic[] = ['total', 'median', 'mean']

/** A figure of a record; undefined where it has none. */
export const figureOf = (
  { metrics }: ImportedRecord,
  { definition, statistic }: Pick<ColumnChoice, 'definition' | 'statistic'>,
): number | undefined =>
  metrics.find((each) => each.definition === definition && each.statistic === statistic)?.value

interface Candidate {
  readonly definition: DefinitionName
  readonly statistic: Statistic
  records: number
}

function candidatesOf(records: readonly ImportedRecord[], statistics: readonly Statistic[]) {
  const found = new Map<GridColumn, Map<string, Candidate>>()
  for (const { metrics } of records) {
    for (const { definition, statistic } of metrics) {
      const { column } = definitionOf(definition)
      if (column === undefined || !statistics.includes(statistic)) continue
      const ofColumn = found.get(column) ?? new Map<string, Candidate>()
      const key = `${definition} ${statistic}`
      const candidate = ofColumn.get(key) ?? { definition, statistic, records: 0 }
      candidate.records += 1
      ofColumn.set(key, candidate)
      found.set(column, ofColumn)
    }
  }
  return found
}

/**
 * Which figure each column takes: one definition and one statistic for all rows, never a mixture.
 * A column that fewer than half of the records can fill with one definition is left out, and told.
 *
 * @param statistic of latencies; the median where a tool has it, else the mean, when absent
 */
export function chooseColumns(
  records: readonly ImportedRecord[],
  statistic?: Statistic,
): { readonly columns: readonly ColumnChoice[]; readonly problems: readonly Problem[] } {
  const statistics: readonly Statistic[] =
    statistic === undefined ? preferred : ['total', statistic]
  const found = candidatesOf(records, statistics)
  const columns: ColumnChoice[] = []
  const problems: Problem[] = []
  for (const column of gridColumns) {
    const candidates = [...(found.get(column)?.values() ?? [])].sort(
      (a, b) =>
        b.records - a.records ||
        statistics.indexOf(a.statistic) - statistics.indexOf(b.statistic) ||
        // The order of the files decides nothing.
        (a.definition < b.definition ? -1 : 1),
    )
    const [best] = candidates
    if (best === undefined) continue
    const others = candidates.filter(({ definition }) => definition !== best.definition)
    if (best.records < records.length / 2) {
      problems.push({
        field: column,
        value: candidates.map((each) => `${each.definition} (${each.statistic})`).join(', '),
        expected: `left out: no definition has more than ${best.records} of ${records.length} records`,
      })
      continue
    }
    if (best.records < records.length && others.length > 0) {
      problems.push({
        field: column,
        value: [...new Set(others.map(({ definition }) => definition))].join(', '),
        expected: `left out: definitions are not mixed, the column holds ${best.definition}`,
      })
    }
    columns.push({ column, definition: best.definition, statistic: best.statistic })
  }
  return { columns, problems: [...problems, ...withoutColumn(records)] }
}

/** Definitions of the files that no column of a grid may hold. */
function withoutColumn(records: readonly ImportedRecord[]): Problem[] {
  const names = new Set(
    records.flatMap(({ metrics }) => metrics.map(({ definition }) => definition)),
  )
  return [...names]
    .filter((name) => definitionOf(name).column === undefined)
    .sort()
    .map((name) => ({
      field: name,
      expected: `left out of the grid, no column means this: ${definitionOf(name).text}`,
    }))
}
