import type { ExportFormat } from './format.js'
import { jsonText, namePart, percentileOf, populationDeviation, loopRuns } from './exported-runs.js'
import type { RecordedRun, RequestSummary } from './exported-runs.js'

/** AIPerf’s tags of latency, and what they mean in ours. */
const latencies = {
  time_to_first_token: 'ttft',
  time_to_second_token: 'second_token',
  inter_token_latency: 'tpot',
  inter_chunk_latency: 'itl.pooled',
  request_latency: 'e2e.last_byte',
} as const

const percentiles = [1, 5, 10, 25, 50, 75, 90, 95, 99]

function milliseconds(summary: RequestSummary) {
  const ms = (seconds: number | null) => (seconds === null ? null : 1000 * seconds)
  return {
    unit: 'ms',
    avg: ms(summary.mean),
    min: ms(summary.minimum),
    max: ms(summary.maximum),
    ...Object.fromEntries(
      percentiles.map((percentile) => [`p${percentile}`, ms(percentileOf(summary, percentile))]),
    ),
    std: ms(populationDeviation(summary)),
    count: summary.count,
  }
}

const single = (unit: string, avg: number) => ({ unit, avg })

function exportOf(run: RecordedRun, closed: boolean) {
  const { configuration } = run.trial
  const { seconds, completed, failed, inputTokens, outputTokens, summaries } = run.requests
  return {
    ...Object.fromEntries(
      Object.entries(latencies).flatMap(([tag, definition]) => {
        const summary = summaries[definition]
        return summary === undefined ? [] : [[tag, milliseconds(summary)]]
      }),
    ),
    output_token_throughput: single('tokens/sec', outputTokens / seconds),
    total_token_throughput: single('tokens/sec', (inputTokens + outputTokens) / seconds),
    request_throughput: single('requests/sec', completed / seconds),
    input_sequence_length: single('tokens', inputTokens / completed),
    output_sequence_length: single('tokens', outputTokens / completed),
    request_count: single('requests', completed),
    error_request_count: single('requests', failed),
    benchmark_duration: single('sec', seconds),
    benchmark_id: run.trial.trialId,
    start_time: new Date(run.measurement.startedAt).toISOString(),
    was_cancelled: false,
    input_config: {
      endpoint: { model_names: [configuration.model], streaming: true },
      loadgen: closed ? { concurrency: configuration.load } : { request_rate: configuration.load },
    },
  }
}

/** AIPerf: a folder per measurement, as its artifacts are. */
export const aiperfExport: ExportFormat = {
  name: 'aiperf',
  title: 'profile_export_aiperf.json of AIPerf',
  render(report, requests) {
    const { runs, closed, problems } = loopRuns(report, requests)
    return {
      files: runs.map((run) => ({
        path: `${namePart(run.trial.trialId)}/profile_export_aiperf.json`,
        text: jsonText(exportOf(run, closed)),
      })),
      problems: [
        ...problems,
        {
          field: 'hardware, tensor_parallel, engine, aiperf_version',
          expected: 'are left out: the format has no place for them, and no AIPerf ran',
        },
        {
          field: 'sequence lengths',
          expected: 'are as the server counted them; AIPerf counts with a tokenizer of its own',
        },
      ],
    }
  },
}
