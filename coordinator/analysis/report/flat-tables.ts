import { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { configurationKey } from '../../../shared/domain/configuration.js'
import type { Configuration } from '../../../shared/domain/configuration.js'
import { isSuspectRecord } from './suspect-trials.js'
import { estimatedMetrics, loadWords } from './report.js'
import type { Report } from './report.js'

export type Cell = string | number | boolean | undefined

/** A column with its unit in its name; every cell is of its kind or missing. */
export interface Column {
  readonly name: string
  readonly kind: 'text' | 'number' | 'flag'
}

/** Columns and rows of one length each: what CSV and Parquet files hold. */
export interface FlatTable {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

const text = (name: string): Column => ({ name, kind: 'text' })
const number = (name: string): Column => ({ name, kind: 'number' })
const flag = (name: string): Column => ({ name, kind: 'flag' })

const unitSuffix = {
  s: 's',
  'tok/s': 'tok_per_s',
  'req/s': 'req_per_s',
  '%': 'percent',
  B: 'bytes',
  W: 'watts',
} as const satisfies Record<(typeof metricTable)[MetricName]['unit'], string>

const metricColumns = (metrics: readonly MetricName[]): Column[] =>
  metrics.flatMap((metric) => {
    const unit = unitSuffix[metricTable[metric].unit]
    return [`${metric}_${unit}`, `${metric}_low_${unit}`, `${metric}_high_${unit}`].map(number)
  })

const configurationColumns = (report: Report): Column[] => [
  text('model'),
  text('engine'),
  text('engine_args_json'),
  text('hardware'),
  number('tensor_parallel_devices'),
  number(loadWords(report).column),
  number('input_tokens'),
  number('output_tokens'),
]

const configurationCells = (configuration: Configuration): Cell[] => [
  configuration.model,
  configuration.engine,
  JSON.stringify(configuration.engineArgs),
  configuration.hardware,
  configuration.tensorParallel,
  configuration.load,
  configuration.inputTokens,
  configuration.outputTokens,
]

/** Every trial that ended: one row each, units in the column names. */
export function measurementsTable(report: Report): FlatTable {
  const { metrics } = report.sweep
  const columns = [
    text('trial_id'),
    text('purpose'),
    text('state'),
    number('attempt'),
    text('agent'),
    number('ended_at_epoch_ms'),
    ...configurationColumns(report),
    ...metricColumns(metrics),
    number('confidence_share'),
    number('device_seconds'),
    number('set_up_s'),
    number('warm_up_s'),
    number('measured_s'),
    number('gaps_s'),
    number('energy_joules'),
    number('repetitions'),
    number('requests'),
    text('doubts'),
    text('reason'),
    flag('suspect'),
  ]
  const rows = report.trials.map((trial) => {
    const { measurement } = trial
    const estimates = metrics.map((metric) =>
      measurement?.metrics.find((each) => each.metric === metric),
    )
    return [
      trial.trialId,
      trial.purpose,
      trial.state,
      trial.attempt,
      trial.agent,
      trial.endedAt,
      ...configurationCells(trial.configuration),
      ...estimates.flatMap((each) => [each?.value, each?.low, each?.high]),
      measurement?.metrics[0]?.confidence,
      measurement?.deviceSeconds,
      measurement?.timing.setUp,
      measurement?.timing.warmUp,
      measurement?.timing.measured,
      measurement?.timing.gaps,
      measurement?.energyJoules,
      measurement?.repetitions,
      measurement?.requests,
      measurement?.doubts.map(({ kind, severity }) => `${kind}:${severity}`).join(' '),
      trial.reason,
      isSuspectRecord(trial, report.status.changes),
    ]
  })
  return { columns, rows }
}

/** The whole surface: one row per configuration, 90 % intervals, units in the column names. */
export function surfaceTable(report: Report): FlatTable {
  const metrics = estimatedMetrics(report)
  const columns = [
    number('index'),
    ...configurationColumns(report),
    flag('measured'),
    flag('audited'),
    number('feasible_probability'),
    ...metricColumns(metrics),
    flag('harvested'),
  ]
  const rows = report.surface.map((row) => [
    row.index,
    ...configurationCells(row.configuration),
    row.measured,
    report.auditKeys.has(configurationKey(row.configuration)),
    row.feasible,
    ...metrics.flatMap((metric) => {
      const found = row.estimates[metric]
      return [found?.value, found?.low, found?.high]
    }),
    row.harvested === true,
  ])
  return { columns, rows }
}
