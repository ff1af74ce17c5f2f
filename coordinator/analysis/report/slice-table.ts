import type { MetricName } from '../../../shared/domain/metric.js'
import { isInfeasible } from './map-paint.js'
import { tickWords } from './plot-axis.js'
import type { SliceCell, SurfaceSlice } from './surface-slices.js'
import type { Table } from './table.js'
import { metricInterval } from './units.js'

function cellWords({ row, audited }: SliceCell, metric: MetricName): string {
  if (isInfeasible(row)) return 'infeasible'
  const found = row.estimates[metric]
  if (found === undefined) return '–'
  const words = metricInterval(metric, found)
  if (row.measured) return `${audited ? 'audit' : 'measured'}: ${words}`
  return row.harvested === true ? `longer run: ${words}` : words
}

/** A heat map’s numbers: a row per load, a column per input length; bare figures are estimates. */
export function sliceTable(
  slice: SurfaceSlice,
  metric: MetricName,
  loadLabel: string,
): Omit<Table, 'title' | 'note'> {
  const cellAt = new Map(
    slice.cells.map((cell) => {
      const { load, inputTokens } = cell.row.configuration
      return [`${load}|${inputTokens}`, cell]
    }),
  )
  return {
    columns: [loadLabel, ...slice.inputs.map((input) => `${tickWords(input)} input tokens`)],
    numeric: new Set([0, ...slice.inputs.map((_, column) => 1 + column)]),
    rows: slice.loads.map((load) => [
      tickWords(load),
      ...slice.inputs.map((input) => {
        const cell = cellAt.get(`${load}|${input}`)
        return cell === undefined ? '' : cellWords(cell, metric)
      }),
    ]),
  }
}
