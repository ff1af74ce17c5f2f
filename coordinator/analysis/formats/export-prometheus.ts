import { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { loadAxis } from '../../../shared/domain/sweep.js'
import type { ExportFormat } from './format.js'
import { measuredRuns } from './exported-runs.js'
import type { MeasuredRun } from './exported-runs.js'

/** Prometheus’ base units. */
const units = {
  s: ['seconds', 1],
  'tok/s': ['tokens_per_second', 1],
  'req/s': ['requests_per_second', 1],
  '%': ['ratio', 0.01],
  B: ['bytes', 1],
  W: ['watts', 1],
} as const satisfies Record<(typeof metricTable)[MetricName]['unit'], readonly [string, number]>

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const labels = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(',')

/** What tells a measurement apart. */
function identity({ trial, run }: MeasuredRun, sweep: string, axis: string) {
  const { configuration } = trial
  const { engineArgs } = configuration
  return {
    sweep,
    model: configuration.model,
    engine: configuration.engine,
    engine_args: Object.keys(engineArgs)
      .sort()
      .map((name) => `${name}=${String(engineArgs[name])}`)
      .join(' '),
    hardware: configuration.hardware,
    tensor_parallel: configuration.tensorParallel,
    [axis]: configuration.load,
    input_tokens: configuration.inputTokens,
    output_tokens: configuration.outputTokens,
    run,
  }
}

interface Family {
  readonly name: string
  readonly help: string
  readonly lines: string[]
}

/** One gauge per metric, its interval as two more; the doubts of every measurement. */
function families(
  runs: readonly MeasuredRun[],
  metrics: readonly MetricName[],
  identify: (run: MeasuredRun) => Readonly<Record<string, string | number>>,
): Family[] {
  const gauges = metrics.flatMap((metric): Family[] => {
    const [unit, factor] = units[metricTable[metric].unit]
    const name = `fmwork_result_${metric}_${unit}`
    const { definition } = metricTable[metric]
    const parts = [
      ['value', name, `${definition} Measured.`],
      ['low', `${name}_low`, `Lower end of the interval of ${name}.`],
      ['high', `${name}_high`, `Upper end of the interval of ${name}.`],
    ] as const
    return parts.map(([part, partName, help]) => ({
      name: partName,
      help,
      lines: runs.flatMap((run) => {
        const found = run.measurement.metrics.find((each) => each.metric === metric)
        if (found === undefined) return []
        return [`${partName}{${labels(identify(run))}} ${factor * found[part]}`]
      }),
    }))
  })
  const doubts = {
    name: 'fmwork_result_doubt',
    help: '1 for each reason to doubt a measurement (docs/METRICS.md).',
    lines: runs.flatMap((run) =>
      run.measurement.doubts.map(
        ({ kind }) => `fmwork_result_doubt{${labels({ ...identify(run), kind })}} 1`,
      ),
    ),
  }
  return [...gauges, doubts].filter(({ lines }) => lines.length > 0)
}

/** The text exposition of Prometheus, for its textfile collector or a push gateway. */
export const prometheusExport: ExportFormat = {
  name: 'prometheus',
  title: 'text exposition of Prometheus',
  render(report, requests) {
    const runs = measuredRuns(report, requests)
    const axis = loadAxis(report.sweep.workload)
    const text = families(runs, report.sweep.metrics, (run) =>
      identity(run, report.sweep.name, axis),
    )
      .map(({ name, help, lines }) =>
        [
          `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
          `# TYPE ${name} gauge`,
          // A measurement may have one doubt of a kind twice; a series must not be there twice.
          ...new Set(lines),
        ].join('\n'),
      )
      .join('\n')
    return { files: [{ path: 'results.prom', text: `${text}\n` }], problems: [] }
  },
}
