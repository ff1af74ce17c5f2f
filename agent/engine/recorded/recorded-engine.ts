import type { Configuration } from '../../../shared/domain/configuration.js'
import { blockOf } from '../../../shared/domain/configuration.js'
import type { Engine } from '../engine.js'
import { programBeside } from '../process/program-path.js'
import { startStandIn } from '../process/start-stand-in.js'
import type { StandInOptions } from '../process/start-stand-in.js'
import { readRecordedGrid } from './grid-reader.js'
import type { Grid } from './grid-reader.js'
import { parseRecordedArgs } from './recorded-args.js'
import { exactRow, rowsOf } from './recorded-timing.js'

const serverProgram = programBeside(import.meta.url, './recorded-main.js')
const startSeconds = 60

/** An engine that answers with the latencies of a recorded grid (docs/GRIDS.md). */
export function createRecordedEngine(options: StandInOptions): Engine {
  const grids = new Map<string, Grid>()
  const gridAt = (path: string): Grid => {
    const grid = grids.get(path) ?? readRecordedGrid(path)
    grids.set(path, grid)
    return grid
  }
  return {
    kind: 'recorded',
    infeasible(configuration: Configuration) {
      const args = parseRecordedArgs(blockOf(configuration))
      const grid = gridAt(args.grid)
      const { hardware, tensorParallel, load, inputTokens, outputTokens } = configuration
      const rows = rowsOf(grid, { hardware, variant: args.variant, tensorParallel })
      const row = exactRow(grid, rows, { batch: load, inputTokens, outputTokens })
      return row === undefined ? `grid ${grid.name} has no such row` : undefined
    },
    async start({ block }, signal) {
      const { grid } = parseRecordedArgs(block)
      gridAt(grid)
      return startStandIn('recorded', serverProgram, block, startSeconds, options, signal)
    },
  }
}
