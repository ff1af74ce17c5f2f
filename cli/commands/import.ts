import { join, resolve } from 'node:path'
import { givenAxes } from '../../coordinator/analysis/formats/complete-records.js'
import type { Given, GivenAxis } from '../../coordinator/analysis/formats/complete-records.js'
import type { ImportedRecord, Statistic } from '../../coordinator/analysis/formats/format.js'
import { gridOfRecords } from '../../coordinator/analysis/formats/grid-of-records.js'
import type { ImportedGrid } from '../../coordinator/analysis/formats/grid-of-records.js'
import type { DuplicatePolicy } from '../../coordinator/analysis/formats/grid-rows.js'
import {
  importFormatOf,
  readImportedFile,
} from '../../coordinator/analysis/formats/import-formats.js'
import { printable, printablePath } from '../../coordinator/analysis/formats/reading.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { withoutSecrets } from '../../shared/process/secrets.js'
import type { CliContext } from '../context.js'
import { importSources, problemLine, readBounded } from '../import-sources.js'
import { createOutput } from '../output.js'
import type { Output } from '../output.js'
import { table } from '../view/line.js'
import { refuseOverwriting, writeFiles } from '../write-files.js'

export interface ImportOptions {
  readonly format: string
  readonly to: 'grid' | 'records'
  readonly name: string
  readonly out: string
  readonly axis: readonly string[]
  readonly duplicates: DuplicatePolicy
  readonly statistic?: Statistic
  readonly rowSeconds?: number
  readonly licence: string
  readonly force: boolean
  readonly json: boolean
}

const isGivenAxis = (name: string): name is GivenAxis => Object.hasOwn(givenAxes, name)
const words: readonly GivenAxis[] = ['hardware', 'model', 'engine']

function givenFrom(pairs: readonly string[]): Given {
  const given: Partial<Record<GivenAxis, string | number>> = {}
  for (const pair of pairs) {
    const [, name = '', value = ''] = /^([a-z_]+)=(.+)$/.exec(pair) ?? []
    const number = Number(value)
    const isWord = isGivenAxis(name) && words.includes(name)
    if (!isGivenAxis(name) || (!isWord && !(Number.isInteger(number) && number > 0))) {
      throw new FmworkError('USAGE', `${printable(pair)} gives no axis`, {
        problems: [
          {
            field: '--axis',
            value: printable(pair),
            expected: `expected NAME=VALUE with one of ${Object.keys(givenAxes).join(', ')}; tensor_parallel=4`,
          },
        ],
      })
    }
    given[name] = isWord ? value : number
  }
  return given
}

/** Notes shown to a person; with `--json` the object holds them all. */
const mostNotes = 20

interface Read {
  readonly records: ImportedRecord[]
  /** Files read, by the name of their format. */
  readonly formats: Map<string, number>
  readonly notes: string[]
}

function readAll(paths: readonly string[], options: ImportOptions): Read {
  const format = options.format === 'auto' ? undefined : importFormatOf(options.format)
  const read: Read = { records: [], formats: new Map(), notes: [] }
  for (const { path, found } of importSources(paths)) {
    try {
      const file = readImportedFile(path, readBounded(path), format)
      // One by one: a file may hold more records than a call has room for arguments.
      for (const record of file.records) read.records.push(record)
      read.formats.set(file.format.name, (read.formats.get(file.format.name) ?? 0) + 1)
      read.notes.push(...file.problems.map((problem) => problemLine(path, problem)))
    } catch (error) {
      if (!(found && error instanceof FmworkError)) throw error
      if (error.code === 'FORMAT_UNKNOWN') {
        read.notes.push(`${printablePath(path)}  is of no known format and was passed over`)
      } else if (error.code === 'CONVERSION_REFUSED') {
        read.notes.push(
          `${printablePath(path)}  was passed over: ${error.message}`,
          ...error.problems.map((problem) => problemLine(path, problem)),
        )
      } else throw error
    }
  }
  if (read.records.length === 0) {
    throw new FmworkError('FORMAT_UNKNOWN', `no file of ${paths.join(', ')} can be read`, {
      problems: read.notes.slice(0, mostNotes).map((note) => ({ field: 'FILE', expected: note })),
    })
  }
  return read
}

function recordJson({ origin, ...record }: ImportedRecord): object {
  const { path, line } = origin.place
  return { ...record, origin: { file: origin.path, place: path, line: line ?? null } }
}

function writeGrid(folder: string, options: ImportOptions, grid: ImportedGrid): string[] {
  const { name, force } = options
  const files = [
    { path: `${name}.csv`, text: grid.csv },
    { path: `${name}.json`, text: grid.json },
  ]
  const paths = files.map(({ path }) => join(folder, path))
  if (!force) refuseOverwriting(paths, '--name', name)
  // Arguments of an engine stand in them, and may hold a key.
  const safe = files.map(({ path, text }) => ({ path, text: withoutSecrets(text) }))
  return writeFiles(folder, safe, '--out')
}

function tellNotes(output: Output, notes: readonly string[]): void {
  for (const note of notes.slice(0, mostNotes)) output.note(`note: ${note}`)
  const rest = notes.length - mostNotes
  if (rest > 0) output.note(`note: and ${rest} more of them`)
}

/** `fmwork import`: other tools’ results as a recorded grid, or as records with their definitions. */
export function importCommand(
  context: CliContext,
  paths: readonly string[],
  options: ImportOptions,
): number {
  const output = createOutput(context, options.json)
  const given = givenFrom(options.axis)
  const { records, formats, notes } = readAll(paths, options)
  tellNotes(output, notes)
  if (options.to === 'records') {
    for (const record of records) {
      const object = recordJson(record)
      output.result(object, JSON.stringify(object))
    }
    return 0
  }
  const source = [...formats]
    .map(([name, count]) => `${count} ${count === 1 ? 'file' : 'files'} of ${name}`)
    .join(', ')
  const grid = gridOfRecords(records, {
    name: options.name,
    given,
    duplicates: options.duplicates,
    ...(options.statistic === undefined ? {} : { statistic: options.statistic }),
    ...(options.rowSeconds === undefined ? {} : { rowSeconds: options.rowSeconds }),
    source: `imported from ${source}`,
    licence: options.licence,
  })
  tellNotes(
    output,
    grid.problems.map((problem) => problemLine(options.name, problem)),
  )
  const files = writeGrid(resolve(context.workingDirectory, options.out), options, grid)
  output.result(
    {
      grid: options.name,
      files,
      rows: grid.rows,
      axes: grid.axes,
      columns: grid.columns,
      formats: Object.fromEntries(formats),
      problems: [...notes.map((text) => ({ text })), ...grid.problems],
    },
    [
      `${grid.rows} configurations from ${source}; axes that vary: ${grid.axes.join(', ')}`,
      ...table([
        ['column', 'definition', 'statistic'],
        ...grid.columns.map((each) => [each.column, each.definition, each.statistic]),
      ]),
      ...files,
      `next: fmwork evaluate --grid ${files[0] ?? ''}`,
    ].join('\n'),
  )
  return 0
}
