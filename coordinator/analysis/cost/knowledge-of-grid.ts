import { configurationKey } from '../../../shared/domain/configuration.js'
import { loadAxis } from '../../../shared/domain/sweep.js'
import type { Surface } from '../../model/surface.js'
import type { Grid } from '../evaluate/grid.js'
import { logInterval } from '../../decision/point.js'
import type { Knowledge, Point } from '../../decision/point.js'

function costsOf(grid: Grid): Knowledge['trialCost'] {
  const rows = new Map(grid.configurations.map((each, row) => [configurationKey(each), row]))
  return (configuration) => {
    const row = rows.get(configurationKey(configuration))
    return row === undefined ? undefined : grid.cost[row]
  }
}

const head = (grid: Grid): Pick<Knowledge, 'name' | 'loadAxis' | 'metrics' | 'trialCost'> => ({
  name: grid.name,
  loadAxis: loadAxis(grid.workload),
  metrics: grid.metrics,
  trialCost: costsOf(grid),
})

/** Full knowledge of a recorded grid: every row measured once, as noisy as the grid says. */
export function knowledgeOfGrid(grid: Grid, seed = 1): Knowledge {
  return {
    ...head(grid),
    seed,
    points: grid.configurations.map((configuration, row): Point => ({
      configuration,
      measured: true,
      feasible: 1,
      estimates: Object.fromEntries(
        grid.metrics.map((metric) => [
          metric,
          logInterval((grid.truth[metric] as Float64Array)[row] as number, grid.noise[metric] ?? 0),
        ]),
      ),
    })),
  }
}

/** What a surface knows of a recorded grid after part of it was measured. */
export function knowledgeOfSurface(
  grid: Grid,
  surface: Surface,
  measured: ReadonlySet<number>,
  seed: number,
): Knowledge {
  return {
    ...head(grid),
    seed,
    points: grid.configurations.map((configuration, row): Point => ({
      configuration,
      measured: measured.has(row),
      feasible: measured.has(row) ? 1 : surface.feasible(row),
      estimates: Object.fromEntries(
        grid.metrics.flatMap((metric) => {
          const interval = surface.estimate(metric, row)
          return interval === undefined ? [] : [[metric, interval]]
        }),
      ),
    })),
  }
}
