import { parse } from 'csv-parse/sync'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Problem } from '../../../shared/domain/errors.js'
import { isObject } from './fields.js'
import { printable, printablePath } from './reading.js'
import type { Place } from './reading.js'

/** A file’s content, taken apart once for every format that may look at it. */
export type Content = {
  readonly path: string
  /** What was repaired to read it at all. */
  readonly problems: readonly Problem[]
} & (
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'json-lines'; readonly values: readonly JsonLine[] }
  | { readonly kind: 'csv'; readonly columns: readonly string[]; readonly rows: readonly CsvRow[] }
  | { readonly kind: 'text'; readonly lines: readonly string[] }
)

export interface JsonLine {
  /** 1-based line of the file. */
  readonly line: number
  readonly value: unknown
}

export interface CsvRow {
  /** 1-based line of the file. */
  readonly line: number
  /** Own properties only, one per column. */
  readonly cells: Readonly<Record<string, string>>
}

/** A string, or a word that Python writes where JSON has none. */
const stringOrWord = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g

interface Parsed {
  readonly value: unknown
  /** NaN and Infinity that were read as null. */
  readonly words: number
}

/** JSON as Python writes it. @throws SyntaxError */
function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text), words: 0 }
  } catch (error) {
    let words = 0
    const mended = text.replace(stringOrWord, (found) => {
      if (found.startsWith('"')) return found
      words += 1
      return 'null'
    })
    if (words === 0) throw error
    return { value: JSON.parse(mended), words }
  }
}

const wordProblems = (words: number): Problem[] =>
  words === 0
    ? []
    : [
        {
          field: 'NaN, Infinity',
          value: String(words),
          expected: 'are no JSON and were read as missing',
        },
      ]

function invalid(path: string, problem: Problem, cause: unknown): FmworkError {
  return new FmworkError('FORMAT_INVALID', `${printablePath(path)} cannot be read`, {
    problems: [problem],
    cause,
  })
}

const reasonOf = (error: unknown): string =>
  printable(error instanceof Error ? error.message : String(error))

function jsonContent(path: string, text: string): Content {
  let whole: unknown
  try {
    const { value, words } = parseJson(text)
    return { path, kind: 'json', value, problems: wordProblems(words) }
  } catch (error) {
    whole = error
  }
  const lines = text.split(/\r?\n/)
  const filled = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [{ line: index + 1, text: line }],
  )
  let words = 0
  const values: JsonLine[] = []
  for (const { line, text: each } of filled) {
    try {
      const parsed = parseJson(each)
      words += parsed.words
      values.push({ line, value: parsed.value })
    } catch (cause) {
      const isOneDocument = values.length === 0
      const problem: Problem = isOneDocument
        ? {
            field: 'JSON',
            value: reasonOf(whole),
            expected: 'expected a whole document; is it cut?',
          }
        : { field: 'JSON line', value: reasonOf(cause), expected: 'expected an object', line }
      throw invalid(path, problem, isOneDocument ? whole : cause)
    }
  }
  return { path, kind: 'json-lines', values, problems: wordProblems(words) }
}

const headerCell = /^"?[\w .()/%-]*"?$/

function looksLikeCsv(firstLine: string): boolean {
  const cells = firstLine.split(',')
  return cells.length >= 4 && cells.every((cell) => headerCell.test(cell))
}

function csvContent(path: string, text: string): Content {
  let records: readonly { readonly record: readonly string[]; readonly info: { lines: number } }[]
  try {
    records = parse(text, { info: true, skip_empty_lines: true }) as unknown as typeof records
  } catch (cause) {
    const line: unknown = isObject(cause) ? cause.lines : undefined
    const problem: Problem = {
      field: 'row',
      value: reasonOf(cause),
      expected: 'expected as many cells as the header has; is the file cut?',
      ...(typeof line === 'number' ? { line, column: 1 } : {}),
    }
    throw invalid(path, problem, cause)
  }
  const [header, ...rows] = records
  const columns = (header?.record ?? []).map((name) => name.trim())
  return {
    path,
    kind: 'csv',
    columns,
    rows: rows.map(({ record, info }) => ({
      line: info.lines,
      cells: Object.fromEntries(columns.map((name, index) => [name, record[index] ?? ''])),
    })),
    problems: [],
  }
}

/**
 * Takes a file’s text apart by what it looks like, never by its name: JSON (also with Python’s NaN),
 * JSON lines, CSV, else lines of text.
 *
 * @throws FmworkError FORMAT_INVALID where it starts like JSON or CSV and is not, or is binary
 */
export function parseContent(path: string, text: string): Content {
  const body = text.replace(/^\uFEFF/, '')
  if (body.slice(0, 4096).includes('\0')) {
    throw invalid(
      path,
      { field: 'it', value: 'binary', expected: 'expected text (UTF-8); is it compressed?' },
      undefined,
    )
  }
  const start = body.search(/\S/)
  if (start < 0) {
    throw invalid(path, { field: 'it', value: 'empty', expected: 'expected a result' }, undefined)
  }
  if (body[start] === '{' || body[start] === '[') return jsonContent(path, body)
  const end = body.indexOf('\n', start)
  const firstLine = body.slice(start, end < 0 ? body.length : end).trimEnd()
  if (firstLine.length < 100_000 && looksLikeCsv(firstLine)) return csvContent(path, body)
  return { path, kind: 'text', lines: body.split(/\r?\n/), problems: [] }
}

/** Every object of a JSON document, list or lines, with its place. */
export function objectsOf(content: Content): { readonly value: unknown; readonly place: Place }[] {
  if (content.kind === 'json-lines') {
    return content.values.map(({ line, value }) => ({ value, place: { path: '', line } }))
  }
  if (content.kind !== 'json') return []
  const { value } = content
  if (!Array.isArray(value)) return [{ value, place: { path: '' } }]
  return value.map((each: unknown, index) => ({ value: each, place: { path: `[${index}]` } }))
}
