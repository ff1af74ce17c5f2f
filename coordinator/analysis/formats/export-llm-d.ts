import { configurationKey } from '../../../shared/domain/configuration.js'
import { engineKindOf } from '../../../shared/domain/sweep.js'
import type { Report } from '../report/report.js'
import type { ExportFormat } from './format.js'
import {
  figureOf,
  jsonText,
  measuredRuns,
  namePart,
  percentileOf,
  populationDeviation,
} from './exported-runs.js'
import type { MeasuredRun, RequestSummary } from './exported-runs.js'
import { isObject, own } from './fields.js'

const percentiles = {
  p0p1: 0.1,
  p1: 1,
  p5: 5,
  p10: 10,
  p25: 25,
  p50: 50,
  p75: 75,
  p90: 90,
  p95: 95,
  p99: 99,
  p99p9: 99.9,
} as const

/** The report’s latencies: ours, and their unit. */
const latencies = {
  time_to_first_token: ['ttft', 's'],
  time_per_output_token: ['tpot', 's/token'],
  inter_token_latency: ['itl.pooled', 's'],
  normalized_time_per_output_token: ['tpot.normalized', 's/token'],
  request_latency: ['e2e.last_byte', 's'],
} as const

/** The report’s rates and our metrics. */
const rates = {
  output_token_rate: ['output_throughput', 'tokens/s'],
  total_token_rate: ['total_throughput', 'tokens/s'],
  request_rate: ['request_throughput', 'queries/s'],
} as const

function statistics(units: string, summary: RequestSummary) {
  return {
    units,
    mean: summary.mean,
    stddev: populationDeviation(summary),
    min: summary.minimum,
    ...Object.fromEntries(
      Object.entries(percentiles).map(([name, percentile]) => [
        name,
        percentileOf(summary, percentile),
      ]),
    ),
    max: summary.maximum,
  }
}

/** What an engine of this kind told of its version; the first one counts. */
function engineVersion({ environment }: Report, engine: string): string {
  const kind = engineKindOf(engine)
  const agents: readonly unknown[] = Array.isArray(environment) ? environment : []
  for (const agent of agents) {
    const engines = own(agent, 'engines')
    if (!Array.isArray(engines)) continue
    const found: unknown = engines.find((each) => isObject(each) && each.kind === kind)
    const version = own(found, 'version')
    if (typeof version === 'string') return version
  }
  return 'unknown'
}

function stackOf(report: Report, { trial: { configuration } }: MeasuredRun) {
  const { engine, engineArgs, hardware, model, tensorParallel } = configuration
  return {
    metadata: { label: engine, cfg_id: configurationKey(configuration) },
    standardized: {
      kind: 'inference_engine',
      tool: engineKindOf(engine),
      tool_version: engineVersion(report, engine),
      role: 'replica',
      replicas: 1,
      model: { name: model },
      accelerator: {
        model: hardware,
        count: tensorParallel,
        parallelism: { tp: tensorParallel },
      },
    },
    native: { args: engineArgs },
  }
}

/** What was asked of the engine. A batch is no concurrency: it waits for its last sequence. */
function loadOf({ sweep }: Report, { trial: { configuration } }: MeasuredRun) {
  const { load, inputTokens, outputTokens } = configuration
  const { workload } = sweep
  const fixed = (value: number) => ({ distribution: 'fixed', value })
  const named = {
    'static-batch': {},
    'closed-loop': { concurrency: load },
    'open-loop': { rate_qps: load },
  }[workload.kind]
  return {
    metadata: { cfg_id: workload.kind, description: `FMwork workload ${workload.kind}` },
    standardized: {
      tool: 'fmwork',
      tool_version: 'unknown',
      source: 'random',
      input_seq_len: fixed(inputTokens),
      output_seq_len: fixed(outputTokens),
      ...named,
    },
    native: {
      args: workload.kind === 'static-batch' ? { batch_size: load } : { load },
      config: { workload, measurement: sweep.measurement },
    },
  }
}

function requestsOf({ measurement, requests }: MeasuredRun) {
  if (requests === undefined) return { total: measurement.requests }
  const { completed, failed } = requests
  return { total: completed + failed, failures: failed }
}

function performanceOf(run: MeasuredRun) {
  const summaries = run.requests?.summaries ?? {}
  const latency = Object.entries(latencies).flatMap(([name, [definition, units]]) => {
    const summary = summaries[definition]
    return summary === undefined ? [] : [[name, statistics(units, summary)]]
  })
  const throughput = Object.entries(rates).flatMap(([name, [metric, units]]) => {
    const found = figureOf(run, metric)
    return found === undefined ? [] : [[name, { units, mean: found.value }]]
  })
  return {
    aggregate: {
      requests: requestsOf(run),
      ...(latency.length === 0 ? {} : { latency: Object.fromEntries(latency) as object }),
      ...(throughput.length === 0 ? {} : { throughput: Object.fromEntries(throughput) as object }),
    },
  }
}

/** Mean over the window, where the sweep measured it. */
function observabilityOf(run: MeasuredRun) {
  const figures = {
    power_consumption: ['power', 'Watts'],
    gpu_utilization: ['gpu_utilization', 'percent'],
  }
  const aggregate = Object.entries(figures).flatMap(([name, [metric = '', units]]) => {
    const found = figureOf(run, metric)
    return found === undefined ? [] : [[name, { units, mean: found.value }]]
  })
  if (aggregate.length === 0) return {}
  return {
    observability: {
      components: [
        {
          component_label: run.trial.configuration.engine,
          aggregate: Object.fromEntries(aggregate) as object,
        },
      ],
    },
  }
}

function reportOf(report: Report, run: MeasuredRun) {
  const { trial, measurement } = run
  const { startedAt, timing, doubts } = measurement
  return {
    version: '0.2.1',
    run: {
      uid: trial.trialId,
      eid: report.status.sweep.sweepId,
      cid: configurationKey(trial.configuration),
      time: {
        start: new Date(startedAt).toISOString(),
        end: new Date(startedAt + 1000 * (timing.measured + timing.gaps)).toISOString(),
        duration: `PT${(timing.measured + timing.gaps).toFixed(3)}S`,
      },
      description: `${report.sweep.name}: ${trial.purpose}, measurement ${run.run + 1} of its configuration`,
      keywords: ['fmwork', ...doubts.map(({ kind, severity }) => `doubt:${kind}:${severity}`)],
    },
    scenario: { stack: [stackOf(report, run)], load: loadOf(report, run) },
    results: { request_performance: performanceOf(run), ...observabilityOf(run) },
  }
}

/** llm-d’s benchmark report, version 0.2.1: a file per measurement, valid against its schema. */
export const llmDExport: ExportFormat = {
  name: 'llm-d',
  title: 'benchmark report v0.2.1 of llm-d',
  render(report, requests) {
    const runs = measuredRuns(report, requests)
    const without = runs.filter((run) => run.requests === undefined).length
    return {
      files: runs.map((run) => ({
        path: `benchmark_report_v0.2.1_${namePart(run.trial.trialId)}.json`,
        text: jsonText(reportOf(report, run)),
      })),
      problems:
        without === 0
          ? []
          : [
              {
                field: 'latency',
                value: String(without),
                expected:
                  'measurements have none: the format asks for means over requests, whose raw records are not at hand',
              },
            ],
    }
  },
}
