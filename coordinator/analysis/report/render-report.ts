import { measurementsCsv, surfaceCsv } from './render-csv.js'
import { renderHtml } from './render-html.js'
import { renderJson } from './render-json.js'
import { renderMarkdown } from './render-markdown.js'
import type { Report } from './report.js'

/** The files of a report by name, as text. */
export interface ReportFiles {
  readonly 'report.html': string
  readonly 'report.json': string
  readonly 'report.md': string
  readonly 'measurements.csv': string
  readonly 'surface.csv': string
}

/** Pure: the same report gives the same bytes. */
export function renderReport(report: Report): ReportFiles {
  return {
    'report.html': renderHtml(report),
    'report.json': renderJson(report),
    'report.md': renderMarkdown(report),
    'measurements.csv': measurementsCsv(report),
    'surface.csv': surfaceCsv(report),
  }
}
