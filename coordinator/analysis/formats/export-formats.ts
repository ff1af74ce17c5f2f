import { FmworkError } from '../../../shared/domain/errors.js'
import { aiperfExport } from './export-aiperf.js'
import { fmworkCsvExport, fmworkSwappedExport } from './export-fmwork-csv.js'
import { fmworkExport } from './export-fmwork.js'
import { guidellmExport } from './export-guidellm.js'
import { inferencePerfExport } from './export-inference-perf.js'
import { inferencexExport } from './export-inferencex.js'
import { llmDExport } from './export-llm-d.js'
import { llmInferenceBenchExport } from './export-llm-inference-bench.js'
import { prometheusExport } from './export-prometheus.js'
import { sglangExport } from './export-sglang.js'
import { vllmExport } from './export-vllm.js'
import type { ExportFormat } from './format.js'
import { printable } from './reading.js'

/** Every format that can be written. */
export const exportFormats: readonly ExportFormat[] = [
  llmDExport,
  prometheusExport,
  vllmExport,
  sglangExport,
  guidellmExport,
  aiperfExport,
  inferencePerfExport,
  inferencexExport,
  fmworkExport,
  fmworkCsvExport,
  fmworkSwappedExport,
  llmInferenceBenchExport,
]

/** @throws FmworkError FORMAT_UNKNOWN */
export function exportFormatOf(name: string): ExportFormat {
  const found = exportFormats.find((format) => format.name === name)
  if (found !== undefined) return found
  throw new FmworkError('FORMAT_UNKNOWN', `there is no format ${printable(name)} to export to`, {
    problems: [
      {
        field: '--format',
        value: printable(name),
        expected: `expected one of ${exportFormats.map((format) => format.name).join(', ')}`,
      },
    ],
  })
}
