import { FmworkError } from '../../../shared/domain/errors.js'

/** A line of a data set or trace that is not what its format says. */
export function badLine(line: number, text: string, expected: string): FmworkError {
  const excerpt = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return new FmworkError('USAGE', `line ${line} of the data set cannot be used`, {
    problems: [{ field: '--dataset-path', value: excerpt, expected, line }],
    hint: 'docs/CLI.md lists the formats under `fmwork measure`.',
  })
}

/** The lines of a text that hold something, with their 1-based numbers. */
export function* filledLines(text: string): Generator<readonly [line: number, text: string]> {
  let line = 0
  for (const each of text.split('\n')) {
    line += 1
    const trimmed = each.trim()
    if (trimmed !== '') yield [line, trimmed]
  }
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
