import { readFileSync } from 'node:fs'
import { FmworkError } from '../../../shared/domain/errors.js'
import { gridAxes } from '../../../shared/domain/grid-axes.js'
import type { GridAxis } from '../../../shared/domain/grid-axes.js'
import { z } from 'zod'

/** Latencies of one measured configuration, seconds. */
export interface GridRow {
  readonly hardware: string
  readonly variant: string
  readonly tensor_parallel: number
  readonly batch_size: number
  readonly input_tokens: number
  readonly output_tokens: number
  readonly ttft_s?: number
  readonly itl_s?: number
  readonly tpot_s?: number
  readonly e2e_s?: number
}

export interface Grid {
  readonly name: string
  /** The axes that vary; the others do not tell rows apart. */
  readonly axes: readonly GridAxis[]
  readonly noiseCv: Readonly<Record<string, number>>
  readonly rows: readonly GridRow[]
}

const descriptionSchema = z.looseObject({
  name: z.string(),
  axes: z.array(z.enum(gridAxes)).min(1),
  noise_cv: z.record(z.string(), z.number().nonnegative()).default({}),
})

const latencies = ['ttft_s', 'itl_s', 'tpot_s', 'e2e_s'] as const

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new FmworkError('GRID_INVALID', `grid ${path}: ${reason}`, { cause: error })
  }
}

function parseRow(path: string, line: number, header: readonly string[], text: string): GridRow {
  const cells = text.split(',')
  const invalid = (what: string) =>
    new FmworkError('GRID_INVALID', `grid ${path}, line ${line}: ${what}`)
  if (cells.length !== header.length) {
    throw invalid(`${cells.length} cells, the header has ${header.length}`)
  }
  const cell = (name: string): string => cells[header.indexOf(name)] ?? ''
  const positive = (name: string): number => {
    const value = Number(cell(name))
    if (!(value > 0)) throw invalid(`${name} is ${JSON.stringify(cell(name))}, not above 0`)
    return value
  }
  const measured = latencies.filter((name) => header.includes(name) && cell(name) !== '')
  return {
    hardware: cell('hardware'),
    variant: cell('variant'),
    tensor_parallel: positive('tensor_parallel'),
    batch_size: positive('batch_size'),
    input_tokens: positive('input_tokens'),
    output_tokens: positive('output_tokens'),
    ...Object.fromEntries(measured.map((name) => [name, positive(name)])),
  }
}

/**
 * Reads a recorded grid: `path` (CSV) and the JSON of the same name.
 *
 * @throws FmworkError GRID_INVALID naming file and line.
 */
export function readRecordedGrid(path: string): Grid {
  const [first = '', ...lines] = read(path).trimEnd().split(/\r?\n/)
  const header = first.split(',')
  const missing = gridAxes.filter((axis) => !header.includes(axis))
  if (missing.length > 0) {
    throw new FmworkError('GRID_INVALID', `grid ${path}: no column ${missing.join(', ')}`)
  }
  if (!latencies.some((name) => header.includes(name))) {
    throw new FmworkError('GRID_INVALID', `grid ${path}: no column ${latencies.join(', ')}`)
  }
  const descriptionPath = path.replace(/\.csv$/, '.json')
  let description: z.infer<typeof descriptionSchema>
  try {
    description = descriptionSchema.parse(JSON.parse(read(descriptionPath)))
  } catch (error) {
    if (error instanceof FmworkError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new FmworkError('GRID_INVALID', `grid ${descriptionPath}: ${reason}`, { cause: error })
  }
  const rows = lines.map((text, index) => parseRow(path, index + 2, header, text))
  if (rows.length === 0) throw new FmworkError('GRID_INVALID', `grid ${path}: it has no rows`)
  return {
    name: description.name,
    axes: description.axes,
    noiseCv: description.noise_cv,
    rows,
  }
}
