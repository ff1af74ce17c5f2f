import { accessSync, constants, mkdirSync, statSync } from 'node:fs'
import { FmworkError } from '../../shared/domain/errors.js'

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Makes sure that the folder exists and can be written.
 *
 * @throws FmworkError DATA_FOLDER_UNWRITABLE with the operating system’s own words.
 */
export function prepareFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
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
