import { figure, wholeNumber } from './units.js'

/** Where the requests of a workload come from, as a price tells it. */
export interface RequestData {
  readonly file: string
  readonly format: string
  readonly sha256: string
  readonly requests: number
  /** Of a request, on average. */
  readonly inputTokens: number
  readonly outputTokens: number
  /** As they were recorded; absent where they have no times. */
  readonly requestsPerSecond?: number
  /** They leave as they were recorded: a trial takes as long as the trace. */
  readonly replayed: boolean
}

export const dataFileWords = ({ file, format, sha256 }: RequestData): string =>
  `${file} (${format}), SHA-256 ${sha256}`

export function requestWords(data: RequestData): string {
  const { requests, inputTokens, outputTokens, requestsPerSecond } = data
  const rate =
    requestsPerSecond === undefined ? '' : `; recorded at ${figure(requestsPerSecond)} req/s`
  return `${wholeNumber(requests)} requests of ${wholeNumber(inputTokens)} tokens in and ${wholeNumber(outputTokens)} out on average${rate}`
}
