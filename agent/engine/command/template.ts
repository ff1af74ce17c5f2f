import { FmworkError } from '../../../shared/domain/errors.js'

/**
 * Words of a command line with `{name}` replaced. A word stays one word, whatever a value holds.
 *
 * @throws FmworkError ENGINE_NOT_ALLOWED for a name that there is no value for.
 */
export function filledIn(
  words: readonly string[],
  values: Readonly<Record<string, string | number>>,
): string[] {
  return words.map((word) =>
    word.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined
      if (value !== undefined) return String(value)
      throw new FmworkError('ENGINE_NOT_ALLOWED', `command: there is no {${name}} to fill in`, {
        problems: [
          {
            field: 'command.arguments',
            value: word,
            expected: `expected one of ${Object.keys(values).join(', ')}`,
          },
        ],
        hint: 'Correct the arguments of command in the agent’s engine file (docs/ENGINES.md).',
      })
    }),
  )
}
