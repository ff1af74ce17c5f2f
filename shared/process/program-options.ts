import { readFileSync } from 'node:fs'
import { FmworkError } from '../domain/errors.js'

/** What the command lines of both programs have in common. */

/** The options that were given: absent ones leave no key behind. */
export const given = <T extends object>(
  options: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

/**
 * Reads a PEM file that an option names.
 *
 * @throws FmworkError USAGE naming the option and the path
 */
export function readPem(path: string, field: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new FmworkError('USAGE', `${field} cannot be read`, {
      problems: [{ field, value: path, expected: 'expected a readable PEM file' }],
      cause,
    })
  }
}
