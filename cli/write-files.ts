import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder } from '../shared/process/make-folder.js'
import { FmworkError } from '../shared/domain/errors.js'

/** A text to be written, by its path in a folder. */
export interface NamedText {
  readonly path: string
  readonly text: string
}

export const jsonLines = (rows: readonly object[]): string =>
  `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`

/** Does work on a folder; `option` is the flag that named it. @throws FmworkError DATA_FOLDER_UNWRITABLE */
export function onFolder<T>(folder: string, option: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot write into ${folder}: ${why}`, {
      problems: [{ field: option, value: folder, expected: 'expected a folder you may write' }],
      hint: `Give a folder of your own with ${option} DIR.`,
      cause,
    })
  }
}

/**
 * Writes texts into a folder that is made where it is missing.
 *
 * @param option the flag that named the folder, for messages.
 * @returns the files’ paths
 * @throws FmworkError DATA_FOLDER_UNWRITABLE
 */
export function writeFiles(folder: string, files: readonly NamedText[], option: string): string[] {
  return onFolder(folder, option, () =>
    files.map(({ path, text }) => {
      const file = join(folder, path)
      makeFolder(dirname(file))
      writeFileSync(file, text)
      return file
    }),
  )
}

/** @throws FmworkError USAGE when there is anything in the folder, DATA_FOLDER_UNWRITABLE. */
export function refuseFilled(folder: string, option: string): void {
  const isFilled = onFolder(
    folder,
    option,
    () => existsSync(folder) && readdirSync(folder).length > 0,
  )
  if (!isFilled) return
  throw new FmworkError('USAGE', `${folder} is not empty`, {
    problems: [{ field: option, value: folder, expected: 'expected a new folder, or --force' }],
  })
}

/** @throws FmworkError USAGE when a file is there already. */
export function refuseOverwriting(paths: readonly string[], option: string, value: string): void {
  const there = paths.find((path) => existsSync(path))
  if (there === undefined) return
  throw new FmworkError('USAGE', `${there} is there already`, {
    problems: [{ field: option, value, expected: 'expected a new name, or --force' }],
  })
}
