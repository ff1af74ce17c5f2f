import type { ExportFormat } from './format.js'
import { firstEventNote, jsonText, namePart, recordedRuns } from './exported-runs.js'
import type { RecordedRun } from './exported-runs.js'

/** Every `_ms` of vLLM’s object without its unit, in seconds; 1 / tpot beside each tpot. */
function statistics(vllm: Readonly<Record<string, unknown>>): Record<string, number> {
  const found: Record<string, number> = {}
  for (const [name, value] of Object.entries(vllm)) {
    if (!name.endsWith('_ms') || typeof value !== 'number') continue
    found[name.slice(0, -'_ms'.length)] = value / 1000
    // Of a standard deviation 1 / x is no standard deviation.
    if (name.includes('tpot') && value > 0 && !name.startsWith('std_')) {
      found[name.slice(0, -'_ms'.length).replace('tpot', 'intvty')] = 1000 / value
    }
  }
  return found
}

function aggregateOf({ trial: { configuration }, requests }: RecordedRun) {
  const { model, engine, engineArgs, hardware, tensorParallel, load } = configuration
  const perDevice = (tokens: number) => tokens / requests.seconds / tensorParallel
  const { inputTokens, outputTokens } = requests
  return {
    hw: hardware,
    conc: load,
    model,
    framework: engine,
    precision: engineArgs.dtype ?? engineArgs.quantization ?? null,
    isl: configuration.inputTokens,
    osl: configuration.outputTokens,
    tp: tensorParallel,
    disagg: false,
    tput_per_gpu: perDevice(inputTokens + outputTokens),
    output_tput_per_gpu: perDevice(outputTokens),
    input_tput_per_gpu: perDevice(inputTokens),
    ...statistics(requests.vllm),
  }
}

/** InferenceX: a file per measurement. What it names of image and recipe is not known and left out. */
export const inferencexExport: ExportFormat = {
  name: 'inferencex',
  title: 'agg_*.json of InferenceX',
  render(report, requests) {
    const { runs, problems } = recordedRuns(report, requests, ['closed-loop'])
    return {
      files: runs.map((run) => ({
        path: `agg_${namePart(run.trial.trialId)}.json`,
        text: jsonText(aggregateOf(run)),
      })),
      problems: [
        ...problems,
        firstEventNote,
        {
          field: 'image, recipe_fingerprint, spec_decoding, is_multinode',
          expected: 'are left out: the sweep does not know them',
        },
      ],
    }
  },
}
