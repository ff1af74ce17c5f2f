import type { Block } from '../../../shared/domain/configuration.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import { systemClock } from '../../../shared/process/clock.js'
import { runChild } from '../process/child-main.js'
import { serveStandIn } from '../serving/serve-stand-in.js'
import { readRecordedGrid } from './grid-reader.js'
import { parseRecordedArgs } from './recorded-args.js'
import { RecordedBackend } from './recorded-backend.js'
import { rowsOf } from './recorded-timing.js'

await runChild(async (settings) => {
  const { block } = settings as { readonly block: Block }
  const args = parseRecordedArgs(block)
  const grid = readRecordedGrid(args.grid)
  const { hardware, tensorParallel } = block
  const rows = rowsOf(grid, { hardware, variant: args.variant, tensorParallel })
  if (rows.length === 0) {
    throw new FmworkError(
      'CONFIGURATION_INFEASIBLE',
      `grid ${grid.name} has no row for ${hardware}, tensor parallel ${tensorParallel}`,
    )
  }
  const backend = new RecordedBackend({
    model: block.model,
    grid,
    rows,
    seed: args.seed,
    noise: args.noise,
    timeScale: args.time_scale,
    arrivalSeconds: args.arrival_window_ms / 1000,
    clock: systemClock,
  })
  const facts = {
    kind: 'recorded',
    version: `grid ${grid.name}`,
    effectiveArgs: {
      grid: args.grid,
      ...(args.variant === undefined ? {} : { variant: args.variant }),
      time_scale: args.time_scale,
      seed: args.seed,
      noise: args.noise,
      rows: rows.length,
    },
    maxContextTokens: backend.maxContextTokens,
  }
  return serveStandIn(backend, facts, systemClock)
})
