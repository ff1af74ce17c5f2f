import { FmworkError } from '../../../shared/domain/errors.js'
import { parseContent } from './content.js'
import type { ImportedFile, ImportFormat } from './format.js'
import { aiperfFormat } from './import-aiperf.js'
import { fmworkCsvFormat } from './import-fmwork-csv.js'
import { fmworkJsonFormat } from './import-fmwork-json.js'
import { fmworkLogFormat } from './import-fmwork-log.js'
import { guidellmFormat } from './import-guidellm.js'
import { inferencePerfFormat } from './import-inference-perf.js'
import { inferencexFormat } from './import-inferencex.js'
import { llmInferenceBenchFormat } from './import-llm-inference-bench.js'
import { optimumFormat } from './import-optimum.js'
import { sglangFormat } from './import-sglang.js'
import { vllmFormat } from './import-vllm.js'
import { printable, printablePath } from './reading.js'

/** Every format that can be read. Contents are of at most one of them. */
export const importFormats: readonly ImportFormat[] = [
  vllmFormat,
  sglangFormat,
  guidellmFormat,
  aiperfFormat,
  inferencePerfFormat,
  inferencexFormat,
  optimumFormat,
  fmworkLogFormat,
  fmworkCsvFormat,
  fmworkJsonFormat,
  llmInferenceBenchFormat,
]

export interface ReadFile extends ImportedFile {
  readonly format: ImportFormat
}

/** @throws FmworkError FORMAT_UNKNOWN */
export function importFormatOf(name: string): ImportFormat {
  const found = importFormats.find((format) => format.name === name)
  if (found !== undefined) return found
  throw new FmworkError('FORMAT_UNKNOWN', `there is no format ${printable(name)}`, {
    problems: [
      {
        field: '--format',
        value: printable(name),
        expected: `expected auto, ${importFormats.map((format) => format.name).join(', ')}`,
      },
    ],
  })
}

/**
 * Reads one file of another tool; which tool’s is seen from its content where no format is named.
 *
 * @throws FmworkError FORMAT_UNKNOWN, FORMAT_INVALID, CONVERSION_REFUSED
 */
export function readImportedFile(path: string, text: string, format?: ImportFormat): ReadFile {
  const content = parseContent(path, text)
  const chosen = format ?? importFormats.find((each) => each.recognises(content))
  if (chosen === undefined) {
    throw new FmworkError(
      'FORMAT_UNKNOWN',
      `${printablePath(path)} is of no format that can be read`,
      {
        problems: importFormats.map(({ name, title }) => ({
          field: name,
          expected: `is no ${title}`,
        })),
      },
    )
  }
  if (!chosen.recognises(content)) {
    const actual = importFormats.find((each) => each.recognises(content))
    throw new FmworkError('FORMAT_UNKNOWN', `${printablePath(path)} is no ${chosen.title}`, {
      problems: [
        {
          field: '--format',
          value: chosen.name,
          expected:
            actual === undefined
              ? 'expected another format'
              : `expected ${actual.name}, it is a ${actual.title}`,
        },
      ],
    })
  }
  const { records, problems } = chosen.read(content)
  return { format: chosen, records, problems: [...content.problems, ...problems] }
}
