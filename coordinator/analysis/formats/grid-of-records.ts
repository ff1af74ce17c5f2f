import { FmworkError } from '../../../shared/domain/errors.js'
import { gridAxes } from '../../../shared/domain/grid-axes.js'
import type { Problem } from '../../../shared/domain/errors.js'
import { mean } from '../../../shared/stats/quantile.js'
import { completeRecords } from './complete-records.js'
import type { Given } from './complete-records.js'
import { describeGrid } from './describe-grid.js'
import type { ImportedRecord, Statistic } from './format.js'
import { chooseColumns } from './grid-columns.js'
import type { ColumnChoice } from './grid-columns.js'
import { groupRows, rowFigure } from './grid-rows.js'
import type { DuplicatePolicy, GridRow } from './grid-rows.js'
import { configurationText, originText, withoutCopies } from './record-key.js'
import { cell, variantNames } from './variant.js'

export interface GridOptions {
  readonly name: string
  readonly given: Given
  readonly duplicates: DuplicatePolicy
  /** Of latencies; medians where absent, else means. */
  readonly statistic?: Statistic
  /** Wall seconds of a row where the files do not say; needed where they say it of none. */
  readonly rowSeconds?: number
  /** Files and their formats, in words. */
  readonly source: string
  readonly licence: string
}

/** A recorded grid as docs/GRIDS.md describes it: the texts of its two files. */
export interface ImportedGrid {
  readonly csv: string
  readonly json: string
  readonly rows: number
  readonly columns: readonly ColumnChoice[]
  readonly axes: readonly string[]
  /** What was left out, merged or assumed. */
  readonly problems: readonly Problem[]
}

const refused = (message: string, problems: readonly Problem[], hint?: string): FmworkError =>
  new FmworkError('CONVERSION_REFUSED', message, {
    problems: problems.slice(0, 20),
    ...(hint === undefined ? {} : { hint }),
  })

/** Records of one workload that a grid can hold. @throws FmworkError CONVERSION_REFUSED */
function ofOneWorkload(records: readonly ImportedRecord[], problems: Problem[]) {
  const open = records.filter(({ workload }) => workload === 'open-loop')
  const closed = records.filter(({ workload }) => workload !== 'open-loop')
  const [first] = open
  if (first !== undefined) {
    problems.push({
      field: 'open loop',
      value: `${open.length} records`,
      expected: `left out, a grid has no request rate: ${originText(first)}${open.length > 1 ? ', …' : ''}`,
    })
  }
  const [one] = closed
  if (one === undefined) throw refused('no record can be a row of a grid', problems)
  const other = closed.find(({ workload }) => workload !== one.workload)
  if (other === undefined) return closed
  throw refused(
    'one grid has one workload',
    [one, other].map((each) => ({ field: originText(each), expected: `is of a ${each.workload}` })),
    'Import the files of each workload by themselves.',
  )
}

/** Device-seconds of measuring a row once; undefined where the files do not say. */
function deviceSeconds({ records }: GridRow, rowSeconds?: number): number | undefined {
  const each = records.map(({ cost, configuration }) => {
    const seconds = cost?.seconds ?? rowSeconds
    return seconds === undefined
      ? undefined
      : seconds * (cost?.devices ?? configuration.tensorParallel ?? 1)
  })
  const known = each.filter((value) => value !== undefined)
  return known.length === each.length ? mean(known) : undefined
}

/** Rows that have every column and a cost. @throws FmworkError CONVERSION_REFUSED */
function completeRows(
  rows: readonly GridRow[],
  columns: readonly ColumnChoice[],
  rowSeconds: number | undefined,
  problems: Problem[],
): GridRow[] {
  const without = (part: readonly GridRow[], field: string, expected: string): void => {
    const [first] = part
    if (first === undefined) return
    const { configuration } = first.records[0]
    problems.push({
      field,
      value: `missing in ${part.length} of ${rows.length} configurations`,
      expected: `${expected}: ${configurationText(configuration)}${part.length > 1 ? ', …' : ''}`,
    })
  }
  const costless = rows.filter((row) => deviceSeconds(row, rowSeconds) === undefined)
  if (costless.length > 0) {
    without(costless, 'device_seconds', 'the files do not say how long it took')
    throw refused(
      'a grid needs to know what measuring a row costs',
      problems.slice(-1),
      'Say with --row-seconds how long one measurement took, set-up included.',
    )
  }
  for (const choice of columns) {
    const lacking = rows.filter((row) => rowFigure(row, choice) === undefined)
    without(lacking, choice.column, 'left out, a grid has no empty cells')
  }
  return rows.filter((row) => columns.every((each) => rowFigure(row, each) !== undefined))
}

/**
 * Makes a recorded grid of records: every cell of a column is the same statistic of the same
 * definition, and the JSON says which.
 *
 * @throws FmworkError CONVERSION_REFUSED where axes are missing, configurations are duplicated,
 *   workloads differ, or fewer than two rows remain
 */
export function gridOfRecords(all: readonly ImportedRecord[], options: GridOptions): ImportedGrid {
  const copies = withoutCopies(all)
  const problems: Problem[] = [...copies.problems]
  const records = completeRecords(ofOneWorkload(copies.records, problems), options.given)
  const grouped = groupRows(records, options.duplicates)
  const chosen = chooseColumns(records, options.statistic)
  problems.push(...chosen.problems)
  const { columns } = chosen
  if (columns.length === 0)
    throw refused('no figure of the files fits a column of a grid', problems)
  const rows = completeRows(grouped, columns, options.rowSeconds, problems)
  if (rows.length < 2) {
    throw refused(
      `${rows.length} of ${grouped.length} configurations can be a row; a grid needs two`,
      problems,
    )
  }
  const variantOf = variantNames(rows.map((row) => row.records[0].configuration))
  const table = rows.map((row) => {
    const { configuration } = row.records[0]
    return {
      hardware: cell(configuration.hardware ?? ''),
      variant: variantOf(configuration),
      tensor_parallel: configuration.tensorParallel ?? NaN,
      batch_size: configuration.load ?? NaN,
      input_tokens: configuration.inputTokens ?? NaN,
      output_tokens: configuration.outputTokens ?? NaN,
      figures: columns.map((choice) => rowFigure(row, choice) ?? NaN),
      device_seconds: deviceSeconds(row, options.rowSeconds) ?? NaN,
    }
  })
  const axes = gridAxes.filter((axis) => new Set(table.map((row) => row[axis])).size > 1)
  const header = [...gridAxes, ...columns.map(({ column }) => column), 'device_seconds']
  const lines = table.map((row) =>
    [...gridAxes.map((axis) => row[axis]), ...row.figures, row.device_seconds].join(','),
  )
  const description = describeGrid(options, records[0]?.workload, axes, columns, rows)
  return {
    csv: `${[header.join(','), ...lines].join('\n')}\n`,
    json: `${JSON.stringify(description, undefined, 2)}\n`,
    rows: rows.length,
    columns,
    axes,
    problems,
  }
}
