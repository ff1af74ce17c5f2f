import type { ExportFormat } from './format.js'
import { sglangDefinitions } from './sglang-definitions.js'
import { populationDeviation, percentileOf, loopRuns } from './exported-runs.js'
import type { RecordedRun } from './exported-runs.js'

function statistics({ requests }: RecordedRun): Record<string, number | null> {
  const entries = Object.entries(sglangDefinitions).flatMap(([name, definition]) => {
    const summary = requests.summaries[definition]
    if (summary === undefined) return []
    const ms = (seconds: number | null) => (seconds === null ? null : 1000 * seconds)
    return [
      [`mean_${name}_ms`, ms(summary.mean)],
      [`median_${name}_ms`, ms(summary.median)],
      [`std_${name}_ms`, ms(populationDeviation(summary))],
      ...(name === 'itl' ? [['p95_itl_ms', ms(percentileOf(summary, 95))]] : []),
      [`p99_${name}_ms`, ms(percentileOf(summary, 99))],
    ] as [string, number | null][]
  })
  return Object.fromEntries(entries)
}

function lineOf(run: RecordedRun, closed: boolean): object {
  const { configuration } = run.trial
  const { seconds, completed, inputTokens, outputTokens } = run.requests
  return {
    tag: `run${run.run}`,
    backend: configuration.engine,
    dataset_name: 'random',
    // SGLang writes Infinity, which JSON has not.
    request_rate: closed ? null : configuration.load,
    max_concurrency: closed ? configuration.load : null,
    random_input_len: configuration.inputTokens,
    random_output_len: configuration.outputTokens,
    random_range_ratio: 1,
    server_info: {
      model_path: configuration.model,
      tp_size: configuration.tensorParallel,
      ...configuration.engineArgs,
    },
    duration: seconds,
    completed,
    total_input_tokens: inputTokens,
    total_output_tokens: outputTokens,
    // Answers are not kept, so they cannot be counted anew.
    total_output_tokens_retokenized: null,
    request_throughput: completed / seconds,
    input_throughput: inputTokens / seconds,
    output_throughput: outputTokens / seconds,
    total_throughput: (inputTokens + outputTokens) / seconds,
    ...statistics(run),
    accept_length: null,
  }
}

/** SGLang’s bench_serving --output-file: a line per measurement. */
export const sglangExport: ExportFormat = {
  name: 'sglang',
  title: 'JSON lines of SGLang’s bench_serving',
  render(report, requests) {
    const { runs, closed, problems } = loopRuns(report, requests)
    const text = runs.map((run) => `${JSON.stringify(lineOf(run, closed))}\n`).join('')
    return {
      files: [{ path: 'sglang.jsonl', text }],
      problems: [
        ...problems,
        {
          field: 'hardware',
          expected: 'is left out: the format has no place for it',
        },
      ],
    }
  },
}
