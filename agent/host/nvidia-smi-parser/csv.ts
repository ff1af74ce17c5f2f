import { readFigure, readReasons, readTimestamp, readWords } from './values.js'

/** One line of `nvidia-smi --query-gpu=… --format=csv`: one device at one moment. */
export interface GpuRow {
  /** Epoch milliseconds. */
  readonly at?: number
  readonly index?: number
  readonly uuid?: string
  readonly name?: string
  readonly driver?: string
  readonly utilizationPercent?: number
  readonly memoryUsedBytes?: number
  readonly memoryTotalBytes?: number
  readonly powerWatts?: number
  readonly powerLimitWatts?: number
  readonly smClockMhz?: number
  readonly temperatureCelsius?: number
  readonly throttleReasons?: readonly string[]
  readonly migMode?: string
}

export type GpuLine =
  | { readonly kind: 'header'; readonly columns: readonly string[] }
  | { readonly kind: 'row'; readonly row: GpuRow }
  /** Neither: why, in words. */
  | { readonly kind: 'garbage'; readonly reason: string }

type Field = {
  [K in keyof GpuRow]-?: readonly [K, (text: string) => GpuRow[K] | undefined]
}[keyof GpuRow]

/** Columns by name. Where two give one field the later column wins, if it has a value. */
const fields: Readonly<Record<string, Field>> = {
  timestamp: ['at', readTimestamp],
  index: ['index', (text) => readFigure(text)],
  uuid: ['uuid', readWords],
  gpu_uuid: ['uuid', readWords],
  name: ['name', readWords],
  gpu_name: ['name', readWords],
  driver_version: ['driver', readWords],
  'utilization.gpu': ['utilizationPercent', (text) => readFigure(text)],
  'memory.used': ['memoryUsedBytes', (text) => readFigure(text, 'MiB')],
  'memory.total': ['memoryTotalBytes', (text) => readFigure(text, 'MiB')],
  'power.draw': ['powerWatts', (text) => readFigure(text)],
  'power.draw.instant': ['powerWatts', (text) => readFigure(text)],
  'power.limit': ['powerLimitWatts', (text) => readFigure(text)],
  'clocks.sm': ['smClockMhz', (text) => readFigure(text)],
  'clocks.current.sm': ['smClockMhz', (text) => readFigure(text)],
  'temperature.gpu': ['temperatureCelsius', (text) => readFigure(text)],
  'clocks_event_reasons.active': ['throttleReasons', readReasons],
  'clocks_throttle_reasons.active': ['throttleReasons', readReasons],
  'mig.mode.current': ['migMode', readWords],
}

/** `utilization.gpu [%]` without its unit. */
const columnName = (text: string) => text.replace(/\s*\[[^\]]*\]\s*$/, '').trim()

/**
 * Reads one line.
 *
 * @param columns of the header that came before; undefined when none has come.
 */
export function parseGpuLine(line: string, columns: readonly string[] | undefined): GpuLine {
  const cells = line.trim().split(/,\s*/)
  const names = cells.map(columnName)
  if (names.length > 1 && names.filter((name) => Object.hasOwn(fields, name)).length >= 2) {
    return { kind: 'header', columns: names }
  }
  if (columns === undefined) return { kind: 'garbage', reason: 'a line before the header' }
  if (cells.length !== columns.length) {
    return {
      kind: 'garbage',
      reason: `${cells.length} cells where the header has ${columns.length}`,
    }
  }
  const row: Record<string, unknown> = {}
  columns.forEach((column, place) => {
    const field = Object.hasOwn(fields, column) ? fields[column] : undefined
    if (field === undefined) return
    const value = field[1](cells[place] ?? '')
    if (value !== undefined) row[field[0]] = value
  })
  return { kind: 'row', row: row }
}

/** A whole CSV text, of one query or of a loop. Lines it cannot read are told, not thrown. */
export function parseGpuCsv(text: string): {
  readonly rows: readonly GpuRow[]
  readonly problems: readonly string[]
} {
  const rows: GpuRow[] = []
  const problems: string[] = []
  let columns: readonly string[] | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const parsed = parseGpuLine(line, columns)
    switch (parsed.kind) {
      case 'header':
        columns = parsed.columns
        break
      case 'row':
        rows.push(parsed.row)
        break
      case 'garbage':
        problems.push(`line ${index + 1}: ${parsed.reason}`)
    }
  }
  return { rows, problems }
}
