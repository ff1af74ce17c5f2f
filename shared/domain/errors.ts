import { errorTable } from './error-table.js'
import type { ErrorCode } from './error-table.js'

/** One thing that is wrong with an input: where, what was given, what was expected. */
export interface Problem {
  /** Path of the field, such as `space.batch_size`. */
  readonly field: string
  /** The offending value as written; absent when a required key is missing. */
  readonly value?: string
  /** What was expected, or how to mend it. */
  readonly expected: string
  /** 1-based position in the file, where there is one. */
  readonly line?: number
  readonly column?: number
}

export interface FmworkErrorOptions {
  readonly problems?: readonly Problem[]
  /** Replaces the table's hint where the thrower knows better. */
  readonly hint?: string
  readonly cause?: unknown
}

/** Every failure that a user may meet. `code` is its row in {@link errorTable}. */
export class FmworkError extends Error {
  readonly code: ErrorCode
  readonly problems: readonly Problem[]
  readonly hint: string

  constructor(code: ErrorCode, message: string, options: FmworkErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'FmworkError'
    this.code = code
    this.problems = options.problems ?? []
    this.hint = options.hint ?? errorTable[code].hint
  }

  get exitCode(): number {
    return errorTable[this.code].exit
  }
}

/** Wraps anything thrown, so that a caller can rely on a code. */
export function asFmworkError(thrown: unknown): FmworkError {
  if (thrown instanceof FmworkError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new FmworkError('INTERNAL', message, { cause: thrown })
}

/** The text a person reads: message, each problem on its line, then what to do. */
export function formatError(error: FmworkError, file?: string): string {
  const lines = [`error ${error.code}: ${error.message}`]
  for (const problem of error.problems) {
    const at =
      problem.line === undefined
        ? ''
        : `${file === undefined ? '' : `${file}:`}${problem.line}:${problem.column ?? 1}  `
    const value = problem.value === undefined ? '' : ` is ${problem.value};`
    lines.push(`  ${at}${problem.field}${value} ${problem.expected}`)
  }
  lines.push(`hint: ${error.hint}`)
  return lines.join('\n')
}
