import { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { configurationKey } from '../../../shared/domain/configuration.js'
import type { Configuration } from '../../../shared/domain/configuration.js'
import { csvCell } from './escape.js'
import { estimatedMetrics, loadWords } from './report.js'
import type { Report } from './report.js'

type Cell = string | number | boolean | undefined

const unitSuffix = {
  s: 's',
  'tok/s': 'tok_per_s',
  'req/s': 'req_per_s',
  '%': 'percent',
  B: 'bytes',
  W: 'watts',
} as const satisfies Record<(typeof metricTable)[MetricName]['unit'], string>

const line = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

const metricColumns = (metrics: readonly MetricName[]): string[] =>
  metrics.flatMap((metric) => {
    const unit = unitSuffix[metricTable[metric].unit]
    return [`${metric}_${unit}`, `${metric}_low_${unit}`, `${metric}_high_${unit}`]
  })

const configurationColumns = (report: Report): string[] => [
  'model',
  'engine',
  'engine_args_json',
  'hardware',
  'tensor_parallel_devices',
  loadWords(report).column,
  'input_tokens',
  'output_tokens',
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

/** Every trial that ended: one line each, RFC 4180, units in the column names. */
export function measurementsCsv(report: Report): string {
  const { metrics } = report.sweep
  const header = line([
    'trial_id',
    'purpose',
    'state',
    'attempt',
    'agent',
    'ended_at_epoch_ms',
    ...configurationColumns(report),
    ...metricColumns(metrics),
    'confidence_share',
    'device_seconds',
    'set_up_s',
    'warm_up_s',
    'measured_s',
    'gaps_s',
    'energy_joules',
    'repetitions',
    'requests',
    'doubts',
    'reason',
  ])
  const lines = report.trials.map((trial) => {
    const { measurement } = trial
    const estimates = metrics.map((metric) =>
      measurement?.metrics.find((each) => each.metric === metric),
    )
    return line([
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
    ])
  })
  return header + lines.join('')
}

/** The whole surface: one line per configuration, 90 % intervals, units in the column names. */
export function surfaceCsv(report: Report): string {
  const metrics = estimatedMetrics(report)
  const header = line([
    'index',
    ...configurationColumns(report),
    'measured',
    'audited',
    'feasible_probability',
    ...metricColumns(metrics),
  ])
  const lines = report.surface.map((row) =>
    line([
      row.index,
      ...configurationCells(row.configuration),
      row.measured,
      report.auditKeys.has(configurationKey(row.configuration)),
      row.feasible,
      ...metrics.flatMap((metric) => {
        const found = row.estimates[metric]
        return [found?.value, found?.low, found?.high]
      }),
    ]),
  )
  return header + lines.join('')
}
