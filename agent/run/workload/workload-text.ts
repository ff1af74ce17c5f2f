import { StringDecoder } from 'node:string_decoder'
import { FmworkError } from '../../../shared/domain/errors.js'

/** A data file as it is read, piece by piece. */
export type Pieces = AsyncIterable<Buffer>

/** Bytes of one line or record at most: what is read holds no more than one of them at a time. */
export const largestRecord = 16 * 2 ** 20

const hint = 'docs/CLI.md lists the formats under `fmwork measure`.'

/** A line of a data set or trace that is not what its format says. */
export function badLine(line: number, text: string, expected: string): FmworkError {
  const excerpt = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return new FmworkError('USAGE', `line ${line} of the data set cannot be used`, {
    problems: [{ field: '--dataset-path', value: excerpt, expected, line }],
    hint,
  })
}

/** A record, from 1 on, of a data set that has no lines to name. */
export function badRecord(record: number, expected: string, cause?: unknown): FmworkError {
  return new FmworkError('USAGE', `record ${record} of the data set cannot be used`, {
    problems: [{ field: '--dataset-path', value: `record ${record}`, expected }],
    hint,
    cause,
  })
}

/**
 * The lines of a file that hold something, with their 1-based numbers.
 *
 * @throws FmworkError USAGE for a line above {@link largestRecord}.
 */
export async function* filledLines(
  pieces: Pieces,
): AsyncGenerator<readonly [line: number, text: string]> {
  const decoder = new StringDecoder('utf8')
  let line = 0
  let rest = ''
  for await (const piece of pieces) {
    const [first = '', ...others] = decoder.write(piece).split('\n')
    rest += first
    for (const next of others) {
      line += 1
      const text = rest.trim()
      if (text !== '') yield [line, text]
      rest = next
    }
    if (rest.length > largestRecord) {
      throw badLine(line + 1, rest, `expected a line of at most ${largestRecord} bytes`)
    }
  }
  const last = (rest + decoder.end()).trim()
  if (last !== '') yield [line + 1, last]
}

export function jsonLine(line: number, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>
    }
  } catch {
    // Told below, with the line.
  }
  throw badLine(line, text, 'expected a JSON object')
}

/** A whole number of `least` or more, or undefined. */
export function wholeOf(value: unknown, least: number): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= least
    ? number
    : undefined
}
