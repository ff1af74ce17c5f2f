import type { ExportFormat } from './format.js'
import { jsonText, percentileOf, loopRuns } from './exported-runs.js'
import type { RecordedRun, RequestSummary } from './exported-runs.js'

/** inference-perf’s latencies, and what they mean in ours; seconds. */
const latencies = {
  request_latency: 'e2e.last_byte',
  normalized_time_per_output_token: 'tpot.normalized',
  time_per_output_token: 'tpot',
  time_to_first_token: 'ttft',
  inter_token_latency: 'itl.pooled',
} as const

const percentiles = [0.1, 1, 5, 10, 25, 75, 90, 95, 99, 99.9]

const statistics = (summary: RequestSummary) => ({
  mean: summary.mean,
  min: summary.minimum,
  median: summary.median,
  max: summary.maximum,
  ...Object.fromEntries(
    percentiles.map((percentile) => [`p${percentile}`, percentileOf(summary, percentile)]),
  ),
})

const all = (summaries: RecordedRun['requests']['summaries'], names: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(names).flatMap(([name, definition]) => {
      const summary = summaries[definition]
      return summary === undefined ? [] : [[name, statistics(summary)]]
    }),
  )

function stageOf(run: RecordedRun, closed: boolean) {
  const { load } = run.trial.configuration
  const { seconds, completed, failed, inputTokens, outputTokens, summaries } = run.requests
  const lag = summaries.schedule_lag
  return {
    load_summary: {
      count: completed + failed,
      schedule_delay: lag === undefined ? null : statistics(lag),
      ...(closed ? { concurrency: load } : { requested_rate: load }),
    },
    successes: {
      count: completed,
      latency: all(summaries, latencies),
      throughput: {
        input_tokens_per_sec: inputTokens / seconds,
        output_tokens_per_sec: outputTokens / seconds,
        total_tokens_per_sec: (inputTokens + outputTokens) / seconds,
        requests_per_sec: completed / seconds,
      },
      prompt_len: { mean: inputTokens / completed },
      output_len: { mean: outputTokens / completed },
    },
    failures: { count: failed },
  }
}

/** inference-perf: a stage per measurement. */
export const inferencePerfExport: ExportFormat = {
  name: 'inference-perf',
  title: 'stage_N_lifecycle_metrics.json of inference-perf',
  render(report, requests) {
    const { runs, closed, problems } = loopRuns(report, requests)
    return {
      files: runs.map((run, stage) => ({
        path: `stage_${stage}_lifecycle_metrics.json`,
        text: jsonText(stageOf(run, closed)),
      })),
      problems: [
        ...problems,
        {
          field: 'model, hardware, tensor_parallel, engine',
          expected: 'are left out: the format keeps them in a configuration of its own',
        },
      ],
    }
  },
}
