import { join } from 'node:path'
import type { Configuration } from '../../../shared/domain/configuration.js'
import { blockOf } from '../../../shared/domain/configuration.js'
import { systemClock } from '../../../shared/process/clock.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import type { Engine } from '../engine.js'
import { programBeside } from '../process/program-path.js'
import { startServedEngine } from '../process/served-engine.js'
import { readRecordedGrid } from './grid-reader.js'
import type { Grid } from './grid-reader.js'
import { parseRecordedArgs } from './recorded-args.js'
import { exactRow, rowsOf } from './recorded-timing.js'

export interface RecordedEngineOptions {
  readonly stateDir: string
  readonly log?: Log
  readonly clock?: Clock
}

const serverProgram = programBeside(import.meta.url, './recorded-main.js')

/** An engine that answers with the latencies of a recorded grid (docs/GRIDS.md). */
export function createRecordedEngine(options: RecordedEngineOptions): Engine {
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
      return startServedEngine(
        {
          kind: 'recorded',
          program: serverProgram,
          settings: { block },
          logFile: join(options.stateDir, 'engine-recorded.log'),
          startSeconds: 60,
          graceSeconds: 5,
          clock: options.clock ?? systemClock,
        },
        signal,
        options.log,
      )
    },
  }
}
