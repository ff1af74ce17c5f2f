import type { Scalar } from '../../../shared/domain/configuration.js'
import type { ImportedConfiguration } from './format.js'

type Possible = {
  readonly [K in keyof ImportedConfiguration]: ImportedConfiguration[K] | undefined
}

/** A configuration without the fields that a file does not tell. */
export function configurationOf(possible: Possible): ImportedConfiguration {
  const known = Object.entries(possible).filter(([, value]) => value !== undefined)
  return { engineArgs: {}, ...(Object.fromEntries(known) as Partial<ImportedConfiguration>) }
}

/** Arguments or facts without those that a file does not tell. */
export const known = (
  possible: Readonly<Record<string, Scalar | undefined>>,
): Record<string, Scalar> =>
  Object.fromEntries(
    Object.entries(possible).filter((entry): entry is [string, Scalar] => entry[1] !== undefined),
  )
