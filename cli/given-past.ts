import { choosePast } from '../coordinator/plan/choose-past.js'
import { loadGrid } from './grid-file.js'
import type { PastRow } from '../shared/domain/past.js'
import { loadAxis } from '../shared/domain/sweep.js'
import type { Sweep } from '../shared/domain/sweep.js'
import { FmworkError } from '../shared/domain/errors.js'

/**
 * What recorded grids tell a sweep that starts from them: no more of it than a sweep can use.
 *
 * @throws FmworkError GRID_INVALID; USAGE for a grid of another workload, or without a metric of the sweep
 */
export function givenPast(paths: readonly string[], sweep: Sweep): PastRow[] {
  const rows = paths.flatMap((path) => {
    const grid = loadGrid(path, '--past')
    const refused = (expected: string) =>
      new FmworkError('USAGE', `${path} cannot be what the sweep starts from`, {
        problems: [{ field: '--past', value: path, expected }],
      })
    if (loadAxis(grid.workload) !== loadAxis(sweep.workload)) {
      throw refused(`expected a grid of a ${sweep.workload.kind}; it is of a ${grid.workload.kind}`)
    }
    const metrics = grid.metrics.filter((metric) => sweep.metrics.includes(metric))
    if (metrics.length === 0) {
      throw refused(
        `expected one of ${sweep.metrics.join(', ')}; it has ${grid.metrics.join(', ')}`,
      )
    }
    return grid.configurations.map((configuration, row): PastRow => ({
      origin: grid.name,
      configuration,
      values: Object.fromEntries(
        metrics.map((metric) => [
          metric,
          { value: grid.truth[metric]?.[row] ?? NaN, relativeSd: grid.noise[metric] ?? 0 },
        ]),
      ),
      cost: grid.cost[row] ?? 0,
    }))
  })
  return choosePast(rows, sweep.strategy.seed)
}
