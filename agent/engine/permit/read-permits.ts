import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { parse } from 'yaml'
import type { z } from 'zod'
import { FmworkError } from '../../../shared/domain/errors.js'
import { keepSecretsOf, keepSecretsOfWords } from '../../../shared/process/secrets.js'
import { permitsSchema } from './engine-permits.js'
import type { DriverPermit, EnginePermits, ProgramPermit } from './engine-permits.js'

/** Where an agent looks when its command line names no file. */
export const permitsVariable = 'FMWORK_ENGINES'

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/**
 * Reads the file that says what this agent may start. Secrets in it are left out of all that is said.
 *
 * @throws FmworkError USAGE with every problem at once.
 */
export function readPermits(path: string): EnginePermits {
  let value: unknown
  try {
    value = parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new FmworkError('USAGE', `engine file ${path}: ${reasonOf(cause)}`, { cause })
  }
  const result = permitsSchema.safeParse(value ?? {})
  if (!result.success) {
    throw new FmworkError('USAGE', `engine file ${path} is not as expected`, {
      problems: result.error.issues.map((issue) => ({
        field: issue.path.map(String).join('.') || '(file)',
        expected: expectedOf(issue),
      })),
      hint: 'docs/ENGINES.md shows the file of every engine kind.',
    })
  }
  const permits = result.data
  for (const permit of Object.values(permits) as (ProgramPermit | DriverPermit)[]) {
    keepSecretsOf(permit.env)
    const words = 'arguments' in permit ? permit.arguments : []
    keepSecretsOfWords([...(permit.launch ?? []), ...permit.fixed_args, ...words])
  }
  const problems = Object.entries(permits).flatMap(([kind, permit]) => {
    const { executable } = permit as ProgramPermit
    const expected = notExecutable(executable)
    return expected === undefined
      ? []
      : [{ field: `${kind}.executable`, value: executable, expected }]
  })
  if (problems.length === 0) return permits
  throw new FmworkError('USAGE', `engine file ${path} names programs that cannot be started`, {
    problems,
    hint: 'Correct the path, or remove the engine from this agent’s file.',
  })
}

function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `there is no key ${issue.keys.join(', ')}`
  const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message
  return (message ?? issue.message).replace(/^Invalid input: /, '')
}

function notExecutable(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return 'expected a file'
    accessSync(path, constants.X_OK)
    return undefined
  } catch (error) {
    return `expected a program that this user may start: ${reasonOf(error)}`
  }
}
