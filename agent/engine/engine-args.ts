import type { z } from 'zod'
import type { Scalar } from '../../shared/domain/configuration.js'
import { FmworkError } from '../../shared/domain/errors.js'

/**
 * Checks a sweep’s engine arguments against an engine’s schema.
 *
 * @throws FmworkError SWEEP_INVALID with every problem at once.
 */
export function parseEngineArgs<T>(
  kind: string,
  schema: z.ZodType<T>,
  args: Readonly<Record<string, Scalar>>,
): T {
  const result = schema.safeParse(args)
  if (result.success) return result.data
  const problems = result.error.issues.flatMap((issue) => {
    const unknown = issue.code === 'unrecognized_keys'
    const names = unknown ? issue.keys : [issue.path.map(String).join('.')]
    return names.map((name) => ({
      field: `engines.args.${name}`,
      ...(name in args ? { value: JSON.stringify(args[name]) } : {}),
      expected: unknown
        ? `the ${kind} engine has no such argument`
        : issue.message.replace(/^Invalid input: /, ''),
    }))
  })
  const named = problems.map((problem) => problem.field.replace('engines.args.', '')).join(', ')
  throw new FmworkError('SWEEP_INVALID', `arguments of the ${kind} engine: ${named}`, {
    problems,
    hint: `Correct the args of the ${kind} engine in the sweep file.`,
  })
}
