import type { ExportFormat } from './format.js'
import { jsonText, percentileOf, populationDeviation, loopRuns } from './exported-runs.js'
import type { RecordedRun, RequestSummary } from './exported-runs.js'

/** guidellm’s names of percentiles. */
const percentiles = {
  p001: 0.1,
  p01: 1,
  p05: 5,
  p10: 10,
  p25: 25,
  p50: 50,
  p75: 75,
  p90: 90,
  p95: 95,
  p99: 99,
  p999: 99.9,
} as const

/** guidellm’s metrics of latency: ours, and how many of theirs make a second. */
const latencies = {
  request_latency: ['e2e.last_byte', 1],
  time_to_first_token_ms: ['ttft', 1000],
  time_per_output_token_ms: ['tpot.guidellm', 1000],
} as const

function distribution(summary: RequestSummary, factor: number) {
  const scaled = (value: number | null) => (value === null ? null : factor * value)
  const deviation = populationDeviation(summary)
  return {
    successful: {
      mean: factor * summary.mean,
      median: factor * summary.median,
      mode: null,
      variance: deviation === null ? null : (factor * deviation) ** 2,
      std_dev: scaled(deviation),
      min: factor * summary.minimum,
      max: factor * summary.maximum,
      count: summary.count,
      total_sum: factor * summary.mean * summary.count,
      percentiles: Object.fromEntries(
        Object.entries(percentiles).map(([name, percentile]) => [
          name,
          scaled(percentileOf(summary, percentile)),
        ]),
      ),
    },
  }
}

/** A figure of which there is one per run, or of which only the mean is known. */
const single = (mean: number, count: number) => ({ successful: { mean, count } })

function benchmarkOf(run: RecordedRun, closed: boolean) {
  const { configuration } = run.trial
  const { seconds, completed, failed, inputTokens, outputTokens, summaries } = run.requests
  const weighted = summaries['itl.token_weighted']
  const strategy = closed
    ? { type_: 'concurrent', streams: configuration.load }
    : { type_: 'constant', rate: configuration.load }
  return {
    type_: 'generative_benchmark',
    duration: seconds,
    config: { id_: run.trial.trialId, strategy, backend: { model: configuration.model } },
    metrics: {
      request_totals: {
        successful: completed,
        errored: failed,
        incomplete: 0,
        total: completed + failed,
      },
      requests_per_second: single(completed / seconds, completed),
      prompt_token_count: single(inputTokens / completed, completed),
      output_token_count: single(outputTokens / completed, completed),
      output_tokens_per_second: single(outputTokens / seconds, completed),
      tokens_per_second: single((inputTokens + outputTokens) / seconds, completed),
      ...Object.fromEntries(
        Object.entries(latencies).flatMap(([name, [definition, factor]]) => {
          const summary = summaries[definition]
          return summary === undefined ? [] : [[name, distribution(summary, factor)]]
        }),
      ),
      // Its mean is weighted by tokens, as ours; of its distribution nothing is kept.
      ...(weighted === undefined
        ? {}
        : { inter_token_latency_ms: single(1000 * weighted.mean, completed) }),
    },
  }
}

/** guidellm’s benchmarks.json: one file, a benchmark per measurement. */
export const guidellmExport: ExportFormat = {
  name: 'guidellm',
  title: 'benchmarks.json of guidellm',
  render(report, requests) {
    const { runs, closed, problems } = loopRuns(report, requests)
    const benchmarks = runs.map((run) => benchmarkOf(run, closed))
    return {
      files: [
        { path: 'benchmarks.json', text: jsonText({ metadata: { version: 2 }, benchmarks }) },
      ],
      problems: [
        ...problems,
        {
          field: 'output_tokens_per_second, requests_per_second',
          expected: 'are over the whole run; guidellm itself trims warm-up and cool-down',
        },
        {
          field: 'hardware, tensor_parallel, engine, requests',
          expected: 'are left out: the format has no place for the former, single ones stay here',
        },
      ],
    }
  },
}
