import { FmworkError } from '../../domain/errors.js'

/** What a message that cannot be understood ends its call with. */
export function invalidMessage(field: string, expected: string, value?: string): FmworkError {
  return new FmworkError('MESSAGE_INVALID', `${field}: ${expected}`, {
    problems: [{ field, expected, ...(value === undefined ? {} : { value }) }],
  })
}

/**
 * The value of a part that must be there.
 *
 * @throws FmworkError MESSAGE_INVALID naming the field.
 */
export function required<T>(value: T | null | undefined, field: string): T {
  if (value === null || value === undefined) throw invalidMessage(field, 'missing')
  return value
}

/**
 * A word that must stand in a table of ours.
 *
 * @throws FmworkError MESSAGE_INVALID naming the field, the word and the words it may be.
 */
export function wordOf<T extends string>(words: readonly T[], value: string, field: string): T {
  const found = words.find((word) => word === value)
  if (found !== undefined) return found
  throw invalidMessage(field, `expected one of ${words.join(', ')}`, JSON.stringify(value))
}

/** An object type whose keys that may be undefined are optional instead. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** A copy without the keys whose value is undefined: absent stays absent on both sides. */
export function defined<T extends object>(value: T): Defined<T> {
  const copy: Record<string, unknown> = {}
  // Without a list of entries in between: this runs for every sample of every report.
  for (const key of Object.keys(value)) {
    const inner: unknown = value[key as keyof T]
    if (inner !== undefined) copy[key] = inner
  }
  return copy as Defined<T>
}
