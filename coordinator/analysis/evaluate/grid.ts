import { configurationKey } from '../../../shared/domain/configuration.js'
import type { Configuration } from '../../../shared/domain/configuration.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import { gridAxes } from '../../../shared/domain/grid-axes.js'
import type { GridAxis } from '../../../shared/domain/grid-axes.js'
import type { Problem } from '../../../shared/domain/errors.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import type { Workload } from '../../../shared/domain/sweep.js'
import { readDescription } from './grid-description.js'

/** A recorded grid: every row one configuration that somebody really measured. */
export interface Grid {
  readonly name: string
  readonly workload: Workload
  readonly metrics: readonly MetricName[]
  readonly configurations: readonly Configuration[]
  /** Recorded values by row, one array per metric. */
  readonly truth: Readonly<Partial<Record<MetricName, Float64Array>>>
  /** Device-seconds that measuring a row costs, set-up included. */
  readonly cost: Float64Array
  /** Relative standard deviation of one measurement, per metric. */
  readonly noise: Readonly<Partial<Record<MetricName, number>>>
}

/** Metric columns of a grid and the metrics they hold. */
const metricColumns: Readonly<Record<string, MetricName>> = {
  ttft_s: 'ttft',
  batch_ttft_s: 'batch_ttft',
  itl_s: 'itl',
  tpot_s: 'tpot',
  e2e_s: 'e2e',
  output_tok_per_s: 'output_throughput',
  total_tok_per_s: 'total_throughput',
  req_per_s: 'request_throughput',
  power_w: 'power',
}

/** Problems listed before a reader gives up. */
const mostProblems = 20

/**
 * Reads a grid from the text of its CSV and JSON files.
 *
 * @throws FmworkError GRID_INVALID naming line and column of every problem (the first twenty).
 */
export function readGrid(csv: string, json: string): Grid {
  const description = readDescription(json)
  const lines = csv.replace(/^\uFEFF/, '').split(/\r?\n/)
  while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop()
  const header = (lines[0] ?? '').split(',').map((name) => name.trim())
  const problems: Problem[] = []
  const column = (name: string): number => {
    const at = header.indexOf(name)
    if (at < 0)
      problems.push({
        field: name,
        expected: 'expected as a column of the header',
        line: 1,
        column: 1,
      })
    return at
  }
  const axes = Object.fromEntries(gridAxes.map((name) => [name, column(name)])) as Record<
    GridAxis,
    number
  >
  const costColumn = column('device_seconds')
  const measured = description.metrics.map((name) => {
    const metric = metricColumns[name]
    if (metric === undefined) {
      problems.push({
        field: 'metrics',
        value: JSON.stringify(name),
        expected: `expected one of ${Object.keys(metricColumns).join(', ')}`,
      })
    }
    return { name, metric: metric ?? 'e2e', at: column(name) }
  })
  if (problems.length > 0) throw invalid(description.name, problems)

  const rows = lines.slice(1)
  const configurations: Configuration[] = []
  const cost = new Float64Array(rows.length)
  const values = measured.map(() => new Float64Array(rows.length))
  const firstLine = new Map<string, number>()
  rows.forEach((text, row) => {
    const line = row + 2
    const cells = text.split(',')
    if (cells.length !== header.length) {
      problems.push({
        field: 'row',
        value: `${cells.length} cells`,
        expected: `expected ${header.length}, as the header has`,
        line,
        column: 1,
      })
      return
    }
    const number = (at: number, whole: boolean): number => {
      const cell = (cells[at] ?? '').trim()
      const value = cell === '' ? NaN : Number(cell)
      if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
        problems.push({
          field: header[at] ?? '',
          value: JSON.stringify(cell),
          expected: whole ? 'expected a whole number of 1 or more' : 'expected a number above 0',
          line,
          column: cells.slice(0, at).join(',').length + (at > 0 ? 2 : 1),
        })
      }
      return value
    }
    const configuration: Configuration = {
      model: cells[axes.variant] ?? '',
      engine: 'recorded',
      engineArgs: {},
      hardware: cells[axes.hardware] ?? '',
      tensorParallel: number(axes.tensor_parallel, true),
      load: number(axes.batch_size, true),
      inputTokens: number(axes.input_tokens, true),
      outputTokens: number(axes.output_tokens, true),
    }
    const key = configurationKey(configuration)
    const earlier = firstLine.get(key)
    if (earlier !== undefined) {
      problems.push({
        field: 'row',
        value: 'a configuration for the second time',
        expected: `expected once; it is on line ${earlier} already`,
        line,
        column: 1,
      })
    }
    firstLine.set(key, line)
    configurations.push(configuration)
    cost[row] = number(costColumn, false)
    measured.forEach(({ at }, m) => {
      const column = values[m] as Float64Array
      column[row] = number(at, false)
    })
  })
  if (rows.length < 2) {
    problems.push({ field: 'rows', value: String(rows.length), expected: 'expected at least 2' })
  }
  if (problems.length > 0) throw invalid(description.name, problems)
  return {
    name: description.name,
    workload: description.workload,
    metrics: measured.map(({ metric }) => metric),
    configurations,
    truth: Object.fromEntries(measured.map(({ metric }, m) => [metric, values[m]])),
    cost,
    noise: Object.fromEntries(
      measured.map(({ name, metric }) => [metric, description.noise[name] ?? 0]),
    ),
  }
}

function invalid(name: string, problems: readonly Problem[]): FmworkError {
  const more = problems.length > mostProblems ? ` (the first ${mostProblems} are shown)` : ''
  return new FmworkError(
    'GRID_INVALID',
    `the grid ${name} has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}${more}`,
    { problems: problems.slice(0, mostProblems) },
  )
}
