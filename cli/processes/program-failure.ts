import { errorTable } from '../../shared/domain/error-table.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { ErrorCode } from '../../shared/domain/error-table.js'
import type { Problem } from '../../shared/domain/errors.js'
import type { ProgramEnd } from './program.js'

const isErrorCode = (text: string | undefined): text is ErrorCode =>
  text !== undefined && Object.hasOwn(errorTable, text)

function codeOfExit(exit: number | null): ErrorCode | undefined {
  return Object.keys(errorTable)
    .filter(isErrorCode)
    .find((code) => errorTable[code].exit === exit)
}

const howItEnded = ({ code, signal }: ProgramEnd): string =>
  signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`

/**
 * The error of a program that ended on its own. Programs print failures as `formatError` does, so
 * the code, message, problems and hint are read back from the end of its standard error.
 */
export function programFailure(name: string, end: ProgramEnd, logFile?: string): FmworkError {
  const start = end.tail.findLastIndex((line) => /^error [A-Z_]+: /.test(line))
  const [, code, message] = /^error ([A-Z_]+): (.*)$/.exec(end.tail[start] ?? '') ?? []
  if (isErrorCode(code) && message !== undefined) {
    const rest = end.tail.slice(start + 1)
    const hint = rest.find((line) => line.startsWith('hint: '))?.slice('hint: '.length)
    const problems = rest.flatMap((line): Problem[] => {
      const [, field, expected] = /^ {2}(\S+) (.+)$/.exec(line) ?? []
      return field === undefined || expected === undefined ? [] : [{ field, expected }]
    })
    return new FmworkError(code, message, { problems, ...(hint === undefined ? {} : { hint }) })
  }
  const last = end.tail.at(-1)
  const said = last === undefined ? '' : `; it last said: ${last}`
  const hint = logFile === undefined ? {} : { hint: `Read the end of ${logFile}.` }
  return new FmworkError(
    codeOfExit(end.code) ?? 'INTERNAL',
    `the ${name} process ended by ${howItEnded(end)}${said}`,
    hint,
  )
}
