import type { PastRow } from '../../../shared/domain/past.js'
import { createRandom } from '../../../shared/stats/random.js'
import type { Grid } from './grid.js'
import { measurementOf } from './replay.js'

/** Sets the noise of what was measured before apart from that of the replay. */
const anotherTime = 'past'

/** Every row of a grid as an earlier sweep would have measured it, once. */
export function pastOfGrid(grid: Grid, seed: number): PastRow[] {
  const other = createRandom(seed)
    .fork(anotherTime)
    .below(2 ** 31)
  return grid.configurations.map((configuration, row) => ({
    origin: grid.name,
    configuration,
    values: measurementOf(grid, row, 0, other),
    cost: grid.cost[row] as number,
  }))
}
