import type { ExportFormat } from './format.js'
import { firstEventNote, jsonText, namePart, loopRuns } from './exported-runs.js'
import type { RecordedRun } from './exported-runs.js'

/** Pairs of a folder’s name, as `vllm bench sweep` writes them. */
const pairs = (values: Readonly<Record<string, unknown>>): string =>
  namePart(
    Object.entries(values)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join('-'),
  )

function folderOf({ trial: { configuration }, requests }: RecordedRun): string {
  const { model, engine, engineArgs, hardware, tensorParallel } = configuration
  const { request_rate, max_concurrency, random_input_len, random_output_len } = requests.vllm
  const load = request_rate === 'inf' ? { max_concurrency } : { request_rate }
  const serve = pairs({ model, engine, hardware, tensor_parallel_size: tensorParallel })
  const more = Object.keys(engineArgs).length === 0 ? '' : `-${pairs(engineArgs)}`
  return `SERVE--${serve}${more}-BENCH--${pairs({ ...load, random_input_len, random_output_len })}`
}

/** A sweep folder of vLLM: a folder per configuration, a file per measurement of it. */
export const vllmExport: ExportFormat = {
  name: 'vllm',
  title: 'sweep folder of vllm bench serve --save-result',
  render(report, requests) {
    const { runs, problems } = loopRuns(report, requests)
    const folders = new Map<string, object[]>()
    const files = runs.map((run) => {
      const folder = folderOf(run)
      const result = { ...run.requests.vllm, run_number: run.run }
      folders.set(folder, [...(folders.get(folder) ?? []), result])
      return { path: `${folder}/run=${run.run}.json`, text: jsonText(result) }
    })
    const summaries = [...folders].map(([folder, results]) => ({
      path: `${folder}/summary.json`,
      text: jsonText(results),
    }))
    return { files: [...files, ...summaries], problems: [...problems, firstEventNote] }
  },
}
