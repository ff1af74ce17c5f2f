import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  importFormatOf,
  readImportedFile,
} from '../../../../../coordinator/analysis/formats/import-formats.js'
import type { ReadFile } from '../../../../../coordinator/analysis/formats/import-formats.js'
import type { DefinitionName } from '../../../../../coordinator/analysis/formats/definitions.js'
import type {
  ImportedRecord,
  Statistic,
} from '../../../../../coordinator/analysis/formats/format.js'
import { FmworkError } from '../../../../../shared/domain/errors.js'

export const formatsFolder = fileURLToPath(
  new URL('../../../../fixtures/formats/', import.meta.url),
)

export const fixtureText = (path: string): string => readFileSync(join(formatsFolder, path), 'utf8')

/** Reads a fixture; what it is, is found out from its content. */
export const readFixture = (path: string): ReadFile => readImportedFile(path, fixtureText(path))

/** Reads a text as a file of a name that says nothing, of the named format or of whichever it is. */
export const readText = (text: string, format?: string): ReadFile =>
  readImportedFile('x', text, format === undefined ? undefined : importFormatOf(format))

/** Paths of every fixture of a format. */
export function fixturePaths(): string[] {
  return readdirSync(formatsFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => relative(formatsFolder, join(entry.parentPath, entry.name)))
    .sort()
}

export const figure = (
  record: ImportedRecord | undefined,
  definition: DefinitionName,
  statistic: Statistic,
): number | undefined =>
  record?.metrics.find((each) => each.definition === definition && each.statistic === statistic)
    ?.value

/** What a call throws; fails where it throws nothing, or something else than an FmworkError. */
export function thrownBy(call: () => unknown): FmworkError {
  try {
    call()
  } catch (error) {
    if (error instanceof FmworkError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
