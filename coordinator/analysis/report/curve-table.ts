import { accuracyWords } from './headline.js'
import { someOf } from './plot-axis.js'
import type { Report } from './report.js'
import type { Table } from './table.js'
import { deviceSeconds, wholeNumber } from './units.js'

/** Claims that the table shows; report.json has every one. */
const shownClaims = 24

/** What was claimed at which cost, evenly thinned out. */
export function curveTable({ curve, status }: Report): Omit<Table, 'title' | 'note'> {
  const metrics = status.accuracy.map(({ metric }) => metric)
  const shown = someOf(
    curve.map((_, number) => number),
    shownClaims,
  )
  return {
    columns: ['cost', 'configurations measured', ...metrics.map((each) => `accuracy of ${each}`)],
    numeric: new Set([0, 1, ...metrics.map((_, column) => 2 + column)]),
    rows: shown.flatMap((number) => {
      const point = curve[number]
      if (point === undefined) return []
      const claims = metrics.map((metric) => {
        const found = point.accuracy.find((each) => each.metric === metric)
        return found === undefined ? '–' : accuracyWords(found)
      })
      return [[deviceSeconds(point.deviceSeconds), wholeNumber(point.measured), ...claims]]
    }),
  }
}
