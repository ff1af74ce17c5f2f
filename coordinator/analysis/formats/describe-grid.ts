import { definitionOf } from './definitions.js'
import type { ImportedCost, ImportedRecord, ImportedWorkload } from './format.js'
import type { ColumnChoice } from './grid-columns.js'
import { pooledNoise } from './grid-rows.js'
import type { GridRow } from './grid-rows.js'

/** What stands beside the rows, from whoever imports. */
export interface GridWords {
  readonly name: string
  readonly source: string
  readonly licence: string
}

const costBases = (records: readonly ImportedRecord[]): (ImportedCost['basis'] | 'given')[] =>
  [...new Set(records.map(({ cost }) => cost?.basis ?? 'given'))].sort()

/** The JSON of a recorded grid (docs/GRIDS.md), with the definition that each column holds. */
export function describeGrid(
  { name, source, licence }: GridWords,
  workload: ImportedWorkload | undefined,
  axes: readonly string[],
  columns: readonly ColumnChoice[],
  rows: readonly GridRow[],
): object {
  const noise = columns.flatMap((choice) => {
    const found = pooledNoise(rows, choice)
    return found === undefined ? [] : [[choice.column, Math.min(found, 0.999)] as const]
  })
  const bases = costBases(rows.flatMap((row) => row.records))
  return {
    name,
    workload,
    axes,
    metrics: columns.map(({ column }) => column),
    definitions: Object.fromEntries(
      columns.map(({ column, definition, statistic }) => {
        const { unit, text } = definitionOf(definition)
        return [column, { definition, statistic, unit, text }]
      }),
    ),
    noise_cv: Object.fromEntries(noise),
    cells: rows.length,
    repetitions: rows.reduce((sum, row) => sum + row.records.length, 0),
    cost_basis: bases,
    source,
    licence,
    note: noteOf(noise.length > 0, bases),
  }
}

function noteOf(hasNoise: boolean, bases: readonly string[]): string {
  return [
    'Imported from files of other tools; a row measured several times holds the median.',
    hasNoise
      ? 'noise_cv is the spread of the repetitions.'
      : 'No noise_cv: the files have too few repetitions, so a replay adds no noise.',
    `device_seconds is devices x seconds (${bases.join(', ')}); engine starts are not in it.`,
  ].join(' ')
}
