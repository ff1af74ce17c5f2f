import { FmworkError } from '../../../shared/domain/errors.js'
import type { Problem } from '../../../shared/domain/errors.js'
import { median } from '../../../shared/stats/quantile.js'
import { figureOf } from './grid-columns.js'
import type { ColumnChoice } from './grid-columns.js'
import type { ImportedRecord } from './format.js'
import { configurationText, originText } from './record-key.js'

/** One configuration of a grid with every time that it was measured. */
export interface GridRow {
  readonly records: readonly [ImportedRecord, ...ImportedRecord[]]
}

/** What several measurements of one configuration are: a fault, or repetitions of each other. */
export type DuplicatePolicy = 'refuse' | 'repetitions'

/** Whether the files themselves say that these are repetitions: each with a number of its own. */
function areRepetitions(records: readonly ImportedRecord[]): boolean {
  const numbers = records.map(({ repetition }) => repetition)
  return !numbers.includes(undefined) && new Set(numbers).size === numbers.length
}

/**
 * Groups records by configuration.
 *
 * @throws FmworkError CONVERSION_REFUSED naming configurations that are there several times, unless
 *   the files number them as repetitions or the policy takes them for such
 */
export function groupRows(records: readonly ImportedRecord[], policy: DuplicatePolicy): GridRow[] {
  const groups = new Map<string, [ImportedRecord, ...ImportedRecord[]]>()
  for (const record of records) {
    const key = configurationText(record.configuration)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [record])
    else group.push(record)
  }
  const rows = [...groups.values()].map((each) => ({ records: each }))
  if (policy === 'repetitions') return rows
  const problems = rows.flatMap(({ records: each }): Problem[] =>
    each.length === 1 || areRepetitions(each)
      ? []
      : [
          {
            field: configurationText(each[0].configuration),
            value: `there ${each.length} times`,
            expected: `in ${each.slice(0, 3).map(originText).join(', ')}${each.length > 3 ? ', …' : ''}`,
          },
        ],
  )
  if (problems.length === 0) return rows
  throw new FmworkError(
    'CONVERSION_REFUSED',
    `${problems.length} configurations are there several times`,
    {
      problems: problems.slice(0, 20),
      hint: 'If they are repetitions of one measurement, say --duplicates repetitions: medians are kept and their spread becomes the grid’s noise. Else import fewer files.',
    },
  )
}

/** The median over repetitions; undefined where one of them lacks the figure. */
export function rowFigure({ records }: GridRow, choice: ColumnChoice): number | undefined {
  const values = records.map((record) => figureOf(record, choice))
  const present = values.filter((value) => value !== undefined)
  return present.length === values.length ? median(present) : undefined
}

/** Degrees of freedom below which a spread is not worth telling. */
const fewestFreedom = 3

/**
 * Relative standard deviation of one measurement, from repetitions: pooled over rows, of logarithms.
 * Undefined where repetitions are too few to say.
 */
export function pooledNoise(rows: readonly GridRow[], choice: ColumnChoice): number | undefined {
  let squares = 0
  let freedom = 0
  for (const { records } of rows) {
    const logs = records.flatMap((record) => {
      const value = figureOf(record, choice)
      return value === undefined ? [] : [Math.log(value)]
    })
    if (logs.length < 2) continue
    const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length
    squares += logs.reduce((sum, each) => sum + (each - mean) ** 2, 0)
    freedom += logs.length - 1
  }
  return freedom < fewestFreedom ? undefined : Math.sqrt(squares / freedom)
}
