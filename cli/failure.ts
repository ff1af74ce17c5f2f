import { appendFileSync, existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asFmworkError, FmworkError, formatError } from '../shared/domain/errors.js'
import type { Clock } from '../shared/process/clock.js'
import { withoutSecrets } from '../shared/process/secrets.js'

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const own = thrown.stack ?? thrown.message
  return thrown.cause === undefined ? own : `${own}\ncaused by ${stackOf(thrown.cause)}`
}

/** The stack where a developer finds it: beside the logs of the data folder, where there is one. */
function keepStack(thrown: unknown, dataFolder: string | undefined, clock: Clock): string {
  const known = dataFolder !== undefined && existsSync(dataFolder)
  const folder = known ? join(dataFolder, 'logs') : tmpdir()
  const file = join(folder, known ? 'cli.log' : 'fmwork-cli.log')
  mkdirSync(folder, { recursive: true })
  appendFileSync(
    file,
    `${new Date(clock.wall()).toISOString()} ${withoutSecrets(stackOf(thrown))}\n`,
  )
  return file
}

const told = (error: FmworkError): string => withoutSecrets(formatError(error))

/**
 * What a person reads of a failure: never a stack. That of an error of FMwork itself is kept in a
 * log file, which the hint names.
 */
export function tellFailure(
  thrown: unknown,
  dataFolder: string | undefined,
  clock: Clock,
): { readonly text: string; readonly exit: number } {
  const error = asFmworkError(thrown)
  if (error.code !== 'INTERNAL') return { text: told(error), exit: error.exitCode }
  let hint = error.hint
  try {
    hint = `Please report it, with ${keepStack(thrown, dataFolder, clock)} and the logs beside it.`
  } catch {
    // A disk that takes no log must not hide the failure itself.
  }
  const kept = new FmworkError('INTERNAL', error.message, { problems: error.problems, hint })
  return { text: told(kept), exit: kept.exitCode }
}
