import { measurementsTable, surfaceTable } from './flat-tables.js'
import { renderCsv } from './render-csv.js'
import { renderHtml } from './render-html.js'
import { renderJson } from './render-json.js'
import { renderMarkdown } from './render-markdown.js'
import { renderParquet } from './render-parquet.js'
import type { Report } from './report.js'

/** The files of a report by name. */
export interface ReportFiles {
  readonly 'report.html': string
  readonly 'report.json': string
  readonly 'report.md': string
  readonly 'measurements.csv': string
  readonly 'surface.csv': string
  readonly 'measurements.parquet': Uint8Array
  readonly 'surface.parquet': Uint8Array
}

/** Pure: the same report gives the same bytes. */
export function renderReport(report: Report): ReportFiles {
  const measurements = measurementsTable(report)
  const surface = surfaceTable(report)
  return {
    'report.html': renderHtml(report),
    'report.json': renderJson(report),
    'report.md': renderMarkdown(report),
    'measurements.csv': renderCsv(measurements),
    'surface.csv': renderCsv(surface),
    'measurements.parquet': renderParquet(measurements),
    'surface.parquet': renderParquet(surface),
  }
}
