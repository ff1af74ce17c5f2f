import type { ListedRequest } from '../load/load-job.js'
import { badLine, filledLines, jsonLine, wholeOf } from './workload-text.js'
import type { Pieces } from './workload-text.js'

export interface TraceOptions {
  /** Requests to take from the start; all when absent. */
  readonly count?: number
  /** How many times faster than recorded. */
  readonly speed: number
}

/** `2023-11-16 18:17:03.9799600`: a date, and a fraction of up to nine digits that Date would cut. */
const azureTime = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)?$/

/** Seconds since the epoch of a time in an Azure trace (UTC, 100 ns digits); undefined for no time. */
export function azureSeconds(text: string): number | undefined {
  const match = azureTime.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const fraction = Number(`0.${match[7] ?? '0'}`)
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 + fraction
}

/**
 * Azure LLM inference trace: CSV with TIMESTAMP, ContextTokens, GeneratedTokens.
 *
 * @throws FmworkError USAGE naming the line.
 */
export async function readAzureTrace(
  pieces: Pieces,
  options: TraceOptions,
): Promise<ListedRequest[]> {
  const rows: TimedRow[] = []
  for await (const [line, row] of filledLines(pieces)) {
    if (line === 1 && /^"?timestamp/i.test(row)) continue
    if (rows.length === options.count) break
    const [time = '', context, generated] = row.split(',').map((cell) => cell.trim())
    const at = azureSeconds(time)
    const inputTokens = wholeOf(context, 1)
    const outputTokens = wholeOf(generated, 0)
    if (at === undefined || inputTokens === undefined || outputTokens === undefined) {
      throw badLine(line, row, 'expected TIMESTAMP,ContextTokens,GeneratedTokens')
    }
    rows.push({ at, inputTokens, outputTokens })
  }
  return replayed(rows, options.speed)
}

/**
 * Mooncake trace: JSON lines with `timestamp` in milliseconds, `input_length`, `output_length`.
 * Prompts are synthetic; what `hash_ids` says of shared prefixes is not replayed.
 *
 * @throws FmworkError USAGE naming the line.
 */
export async function readMooncakeTrace(
  pieces: Pieces,
  options: TraceOptions,
): Promise<ListedRequest[]> {
  const rows: TimedRow[] = []
  for await (const [line, row] of filledLines(pieces)) {
    if (rows.length === options.count) break
    const { timestamp, input_length: input, output_length: output } = jsonLine(line, row)
    const inputTokens = wholeOf(input, 1)
    const outputTokens = wholeOf(output, 0)
    if (
      typeof timestamp !== 'number' ||
      !(timestamp >= 0) ||
      inputTokens === undefined ||
      outputTokens === undefined
    ) {
      throw badLine(line, row, 'expected timestamp (ms), input_length and output_length')
    }
    rows.push({ at: timestamp / 1000, inputTokens, outputTokens })
  }
  return replayed(rows, options.speed)
}

type TimedRow = ListedRequest & { readonly at: number }

/** From the first request on, in order, at the asked speed; an empty answer asks for one token. */
function replayed(rows: readonly TimedRow[], speed: number): ListedRequest[] {
  const ordered = [...rows].sort((a, b) => a.at - b.at)
  const first = ordered[0]?.at ?? 0
  return ordered.map(({ at, inputTokens, outputTokens }) => ({
    at: (at - first) / speed,
    inputTokens,
    outputTokens: Math.max(1, outputTokens),
  }))
}
