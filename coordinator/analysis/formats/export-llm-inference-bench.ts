import { FmworkError } from '../../../shared/domain/errors.js'
import type { ExportFormat } from './format.js'
import { batchRuns } from './fmwork-runs.js'
import type { BatchRun } from './fmwork-runs.js'

const columns =
  'Hardware,Num of Hardware,Framework,Model,Input Output Length,Batch Size,Latency,Throughput'

const cell = (value: string | number): string => String(value).replace(/[",\r\n]+/g, ' ')

function rowOf({ run, whole }: BatchRun): string[] {
  const { configuration } = run.trial
  const { inputTokens, outputTokens, load } = configuration
  if (inputTokens !== outputTokens) return []
  const values = [
    configuration.hardware,
    configuration.tensorParallel,
    configuration.engine,
    configuration.model,
    inputTokens,
    load,
    whole.toFixed(6),
    // It counts input tokens too.
    (((inputTokens + outputTokens) * load) / whole).toFixed(6),
  ]
  return [values.map(cell).join(',')]
}

/** LLM-Inference-Bench: batches whose input is as long as their output, which is all it can name. */
export const llmInferenceBenchExport: ExportFormat = {
  name: 'llm-inference-bench',
  title: 'All_results.csv of LLM-Inference-Bench',
  render(report, requests) {
    const { batches, problems } = batchRuns(report, requests)
    const rows = batches.flatMap(rowOf)
    const without = batches.length - rows.length
    const left = {
      field: 'measurements',
      value: String(without),
      expected: 'are left out: the format has one length for input and output',
    }
    if (rows.length === 0) {
      throw new FmworkError('CONVERSION_REFUSED', `${report.sweep.name} cannot be exported so`, {
        problems: [left],
        hint: 'Measure configurations with input_tokens equal to output_tokens, or take another format.',
      })
    }
    return {
      files: [{ path: 'All_results.csv', text: `${[columns, ...rows].join('\n')}\n` }],
      problems: without === 0 ? problems : [...problems, left],
    }
  },
}
