import { readFileSync } from 'node:fs'
import { readGrid } from '../coordinator/analysis/evaluate/grid.js'
import type { Grid } from '../coordinator/analysis/evaluate/grid.js'
import { FmworkError } from '../shared/domain/errors.js'

function read(path: string, field: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new FmworkError('GRID_INVALID', `cannot read ${path}`, {
      problems: [{ field, value: path, expected: 'expected a readable file' }],
      cause,
    })
  }
}

/**
 * A grid’s CSV and the JSON of the same name beside it.
 *
 * @param field the option or argument that named it
 * @throws FmworkError GRID_INVALID
 */
export const loadGrid = (csvPath: string, field = '--grid'): Grid =>
  readGrid(read(csvPath, field), read(csvPath.replace(/\.csv$/, '.json'), field))
