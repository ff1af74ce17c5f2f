import { FmworkError } from '../../../shared/domain/errors.js'
import { isTrace } from '../../../shared/domain/workload-data.js'
import type { DataFormat, WorkloadData } from '../../../shared/domain/workload-data.js'
import type { ListedRequest } from '../load/load-job.js'
import { readCustom, readShareGpt } from './data-sets.js'
import { azureSeconds, readAzureTrace, readMooncakeTrace } from './traces.js'
import type { Pieces } from './workload-text.js'

/** What a sweep file says of the requests of a data file. */
export type DataFacts = Pick<
  WorkloadData,
  'requests' | 'input_tokens' | 'output_tokens' | 'longest_tokens' | 'seconds'
>

/** Which conversations of a set are taken is the same for everybody; trials go through them by their own seeds. */
const choiceSeed = 0
/** A trace’s times are told to the microsecond. */
const timeDigits = 6
/**
 * Tokens per byte of a prompt at most: half a token, which is above what vocabularies in use make of
 * English (a quarter) and of Chinese (a third). How long prompts are the engine counts.
 */
const tokensPerByteAtMost = 0.5

/**
 * The requests of a data file that a workload takes: of a trace or a file of prompts those at its
 * start, a trace’s with their times as recorded; of a set of conversations as many, drawn once.
 *
 * @param count all when absent, of conversations 10,000 at most.
 * @throws FmworkError USAGE naming the line or record.
 */
export async function readData(
  pieces: Pieces,
  format: DataFormat,
  count: number | undefined,
): Promise<readonly ListedRequest[]> {
  const most = count === undefined ? {} : { count }
  switch (format) {
    case 'azure':
      return readAzureTrace(pieces, { ...most, speed: 1 })
    case 'mooncake':
      return readMooncakeTrace(pieces, { ...most, speed: 1 })
    case 'sharegpt':
      return readShareGpt(pieces, { ...most, seed: choiceSeed })
    case 'jsonl':
      return readCustom(pieces, { ...most, seed: choiceSeed })
  }
}

/**
 * @param start the first bytes of the file, as text.
 * @throws FmworkError USAGE for a text of no format that is known.
 */
export function dataFormatOf(start: string): DataFormat {
  const line = start.trimStart().split('\n', 1)[0] ?? ''
  if (line.startsWith('[')) return 'sharegpt'
  if (/^"?timestamp/i.test(line) || azureSeconds(line.split(',')[0] ?? '') !== undefined) {
    return 'azure'
  }
  if (line.startsWith('{') && line.includes('"input_length"')) return 'mooncake'
  if (line.startsWith('{') && line.includes('"prompt"')) return 'jsonl'
  throw new FmworkError('USAGE', 'the file is none of the data sets that can be read', {
    problems: [
      {
        field: 'FILE',
        value: line.length > 80 ? `${line.slice(0, 80)}…` : line,
        expected: 'expected an Azure or Mooncake trace, ShareGPT, or JSON lines with "prompt"',
      },
    ],
    hint: 'docs/CLI.md lists the formats under `fmwork measure`.',
  })
}

/** @throws FmworkError USAGE when there is none. */
export function factsOfData(requests: readonly ListedRequest[], format: DataFormat): DataFacts {
  if (requests.length === 0) throw new FmworkError('USAGE', 'the data file holds no request')
  const meanOf = (tokens: (request: ListedRequest) => number) =>
    Math.max(1, Math.round(requests.reduce((sum, each) => sum + tokens(each), 0) / requests.length))
  const first = requests[0]?.at ?? 0
  const seconds = Number(((requests.at(-1)?.at ?? 0) - first).toFixed(timeDigits))
  return {
    requests: requests.length,
    input_tokens: meanOf(({ inputTokens }) => inputTokens),
    output_tokens: meanOf(({ outputTokens }) => outputTokens),
    longest_tokens: requests.reduce(
      (most, request) => Math.max(most, promptAtMost(request) + request.outputTokens),
      0,
    ),
    ...(isTrace(format) ? { seconds } : {}),
  }
}

const promptAtMost = ({ prompt, inputTokens }: ListedRequest): number =>
  prompt === undefined ? inputTokens : Math.ceil(Buffer.byteLength(prompt) * tokensPerByteAtMost)

/** The same requests in as many seconds as a mean rate makes of them. */
export function replayedAt(
  requests: readonly ListedRequest[],
  data: WorkloadData,
  rate: number,
): ListedRequest[] {
  const { requests: count, seconds = 0 } = data
  const stretch = (count - 1) / rate / seconds
  return requests.map((request) => ({ ...request, at: (request.at ?? 0) * stretch }))
}
