import { FmworkError } from '../../../shared/domain/errors.js'
import type { Problem } from '../../../shared/domain/errors.js'
import type { Workload } from '../../../shared/domain/sweep.js'

/** What a grid’s JSON says of its CSV. */
export interface GridDescription {
  readonly name: string
  readonly workload: Workload
  /** Metric columns. */
  readonly metrics: readonly string[]
  /** Relative standard deviation of one measurement, by metric column. */
  readonly noise: Readonly<Record<string, number>>
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @throws FmworkError GRID_INVALID. */
export function readDescription(json: string): GridDescription {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch (cause) {
    throw new FmworkError('GRID_INVALID', 'the grid’s JSON file is not JSON', { cause })
  }
  const fields = isRecord(parsed) ? parsed : {}
  const problems: Problem[] = []
  const wrong = (field: string, expected: string): void => {
    problems.push({
      field,
      value: field in fields ? JSON.stringify(fields[field]) : 'missing',
      expected,
    })
  }
  const { name, workload, metrics, noise_cv: noise } = fields
  if (typeof name !== 'string' || name === '') wrong('name', 'expected a name')
  if (workload !== 'static-batch' && workload !== 'closed-loop') {
    wrong('workload', 'expected static-batch or closed-loop')
  }
  const columns = Array.isArray(metrics)
    ? metrics.filter((metric): metric is string => typeof metric === 'string')
    : []
  if (columns.length === 0) wrong('metrics', 'expected a list of metric columns')
  const deviations = isRecord(noise) ? noise : {}
  for (const column of columns) {
    const deviation = deviations[column] ?? 0
    if (typeof deviation !== 'number' || !(deviation >= 0 && deviation < 1)) {
      wrong('noise_cv', `expected a relative standard deviation in 0…1 for ${column}`)
    }
  }
  if (problems.length > 0) {
    throw new FmworkError('GRID_INVALID', 'the grid’s JSON file is not a description of a grid', {
      problems,
    })
  }
  return {
    name: String(name),
    workload: { kind: workload === 'closed-loop' ? 'closed-loop' : 'static-batch' },
    metrics: columns,
    noise: Object.fromEntries(columns.map((column) => [column, Number(deviations[column] ?? 0)])),
  }
}
