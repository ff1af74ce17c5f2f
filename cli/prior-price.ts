import { parseRecordedArgs } from '../agent/engine/recorded/recorded-args.js'
import { readRecordedGrid } from '../agent/engine/recorded/grid-reader.js'
import { exactRow, rowsOf, timingOf } from '../agent/engine/recorded/recorded-timing.js'
import { parseSimulatedArgs, physicsOf } from '../agent/engine/simulated/simulated-args.js'
import { staticBatchTruth } from '../agent/engine/simulated/truth.js'
import { blockKey, blockOf } from '../shared/domain/configuration.js'
import type { Block, Configuration } from '../shared/domain/configuration.js'
import type { Space } from '../shared/domain/space.js'
import { engineKindOf } from '../shared/domain/sweep.js'
import type { Sweep } from '../shared/domain/sweep.js'

/** Seconds that one batch of a configuration takes; undefined where nobody can know. */
type BatchSeconds = (configuration: Configuration) => number | undefined

/** Configurations whose batch is priced; of a larger space an even sample stands for the whole. */
const priced = 400

function simulatedBatch(block: Block): BatchSeconds {
  const { time_scale: timeScale, arrival_window_ms: window } = parseSimulatedArgs(block)
  const physics = physicsOf(block)
  return ({ load, inputTokens, outputTokens }) => {
    if (load * (inputTokens + outputTokens) > physics.kvCapacityTokens) return undefined
    const { makespan } = staticBatchTruth(
      physics,
      { batch: load, inputTokens, outputTokens },
      window / 1000,
    )
    return makespan * timeScale
  }
}

function recordedBatch(block: Block): BatchSeconds {
  const args = parseRecordedArgs(block)
  const grid = readRecordedGrid(args.grid)
  const { hardware, tensorParallel } = block
  const rows = rowsOf(grid, { hardware, variant: args.variant, tensorParallel })
  return ({ load, inputTokens, outputTokens }) => {
    const row = exactRow(grid, rows, { batch: load, inputTokens, outputTokens })
    if (row === undefined) return undefined
    const { firstToken, gap } = timingOf(row, outputTokens)
    return (firstToken + gap * (outputTokens - 1)) * args.time_scale
  }
}

function batchSecondsOf(block: Block): BatchSeconds {
  switch (engineKindOf(block.engine)) {
    case 'simulated':
      return simulatedBatch(block)
    case 'recorded':
      return recordedBatch(block)
    default:
      return () => undefined
  }
}

/**
 * Device-seconds of running every configuration’s batch once, without engine starts, warm-ups and
 * gaps; undefined unless every engine of the sweep is one whose times are known beforehand.
 *
 * @throws FmworkError SWEEP_INVALID, GRID_INVALID for arguments that the engine would refuse.
 */
export function onePassDeviceSeconds(sweep: Sweep, space: Space): number | undefined {
  if (sweep.workload.kind !== 'static-batch') return undefined
  const known = sweep.engines.every(({ kind }) => kind === 'simulated' || kind === 'recorded')
  if (!known) return undefined
  const byBlock = new Map<string, BatchSeconds>()
  const stride = Math.max(1, Math.ceil(space.size / priced))
  let total = 0
  let count = 0
  for (let index = Math.floor(stride / 2); index < space.size; index += stride) {
    const configuration = space.at(index)
    const block = blockOf(configuration)
    const key = blockKey(block)
    const seconds = byBlock.get(key) ?? batchSecondsOf(block)
    byBlock.set(key, seconds)
    total += (seconds(configuration) ?? 0) * configuration.tensorParallel
    count += 1
  }
  return count === 0 ? undefined : (total / count) * space.size
}
