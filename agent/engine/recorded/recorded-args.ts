import { z } from 'zod'
import type { Block } from '../../../shared/domain/configuration.js'
import { parseEngineArgs } from '../engine-args.js'

const argsSchema = z.strictObject({
  /** Path of the grid’s CSV; its JSON lies beside it. */
  grid: z.string().endsWith('.csv', 'expected the path of a .csv file'),
  /** Row filter, where the grid holds several variants. */
  variant: z.string().optional(),
  /** Real seconds per recorded second. */
  time_scale: z.number().positive().default(1),
  seed: z.int().default(1),
  /** Whether each measurement is multiplied by the grid’s noise. */
  noise: z.boolean().default(true),
  /** How long requests are gathered into one group, milliseconds. */
  arrival_window_ms: z.number().min(0).default(5),
})

export type RecordedArgs = z.infer<typeof argsSchema>

/** @throws FmworkError SWEEP_INVALID with every problem at once. */
export function parseRecordedArgs(block: Block): RecordedArgs {
  return parseEngineArgs('recorded', argsSchema, block.engineArgs)
}
