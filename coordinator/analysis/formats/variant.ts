import type { ImportedConfiguration } from './format.js'

/** A text that fits a cell of a grid: the grid’s CSV has no quotes. */
export const cell = (text: string): string =>
  text
    .replace(/[,"\s]+/gu, ' ')
    .trim()
    .slice(0, 200)

/**
 * A grid’s `variant` column: of model, engine and arguments what differs between the
 * configurations, and always the model.
 */
export function variantNames(
  configurations: readonly ImportedConfiguration[],
): (configuration: ImportedConfiguration) => string {
  const names = [...new Set(configurations.flatMap(({ engineArgs }) => Object.keys(engineArgs)))]
  const argument = (of: ImportedConfiguration, name: string): string | undefined => {
    const value = Object.hasOwn(of.engineArgs, name) ? of.engineArgs[name] : undefined
    return value === undefined ? undefined : `${name}=${String(value)}`
  }
  const varies = (read: (of: ImportedConfiguration) => string | undefined): boolean =>
    new Set(configurations.map(read)).size > 1
  const engineVaries = varies(({ engine }) => engine)
  const varying = names.filter((name) => varies((of) => argument(of, name))).sort()
  return (of) =>
    cell(
      [of.model, ...(engineVaries ? [of.engine] : []), ...varying.map((name) => argument(of, name))]
        .filter((part) => part !== undefined)
        .join(' '),
    )
}
