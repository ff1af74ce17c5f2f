import { accessSync, constants, statSync } from 'node:fs'
import { makeFolder } from '../../shared/process/make-folder.js'
import { FmworkError } from '../../shared/domain/errors.js'

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Makes sure that the folder exists and can be written.
 *
 * @throws FmworkError DATA_FOLDER_UNWRITABLE with the operating system’s own words.
 */
export function prepareFolder(dataDir: string): void {
  try {
    makeFolder(dataDir)
    if (!statSync(dataDir).isDirectory()) throw new Error('it is not a folder')
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new FmworkError(
      'DATA_FOLDER_UNWRITABLE',
      `the data folder ${dataDir} cannot be written: ${told(error)}`,
      { cause: error },
    )
  }
}
