import type { Random } from '../../../shared/stats/random.js'
import type { GridAxis } from '../../../shared/domain/grid-axes.js'
import type { Grid, GridRow } from './grid-reader.js'

/** What a block fixes of the grid’s axes. */
export interface GridBlock {
  readonly hardware: string
  readonly variant: string | undefined
  readonly tensorParallel: number
}

/** What a group of requests looks like. */
export interface Load {
  readonly batch: number
  readonly inputTokens: number
  readonly outputTokens: number
}

/** When tokens come, seconds after the requests. */
export interface Timing {
  readonly firstToken: number
  readonly gap: number
}

/** The rows that a block may replay. */
export function rowsOf(grid: Grid, block: GridBlock): GridRow[] {
  const varies = (axis: GridAxis) => grid.axes.includes(axis)
  return grid.rows.filter(
    (row) =>
      (!varies('hardware') || row.hardware === block.hardware) &&
      (!varies('variant') || block.variant === undefined || row.variant === block.variant) &&
      (!varies('tensor_parallel') || row.tensor_parallel === block.tensorParallel),
  )
}

const loadAxes = [
  ['batch_size', 'batch'],
  ['input_tokens', 'inputTokens'],
  ['output_tokens', 'outputTokens'],
] as const

/** Distance in octaves over the axes that vary; 0 is the row itself. */
function distance(grid: Grid, row: GridRow, load: Load): number {
  return loadAxes.reduce((sum, [axis, field]) => {
    if (!grid.axes.includes(axis)) return sum
    return sum + Math.abs(Math.log2(row[axis] / load[field]))
  }, 0)
}

/** The row of exactly this load; undefined where the grid has none. */
export function exactRow(grid: Grid, rows: readonly GridRow[], load: Load): GridRow | undefined {
  return rows.find((row) => distance(grid, row, load) === 0)
}

/** The row nearest in octaves: only good for requests that are not measured, such as a warm-up. */
export function nearestRow(grid: Grid, rows: readonly GridRow[], load: Load): GridRow | undefined {
  let best: GridRow | undefined
  let least = Infinity
  for (const row of rows) {
    const far = distance(grid, row, load)
    if (far >= least) continue
    least = far
    best = row
  }
  return best
}

/**
 * Timing of a row without noise. Where the grid has no ttft the first token comes after one gap;
 * where it has no gap but e2e, the tokens share e2e evenly.
 */
export function timingOf(row: GridRow, outputTokens: number): Timing {
  const gap = row.itl_s ?? row.tpot_s
  if (gap !== undefined) return { firstToken: row.ttft_s ?? gap, gap }
  if (row.e2e_s === undefined) {
    const firstToken = row.ttft_s ?? 0
    return { firstToken, gap: 0 }
  }
  if (row.ttft_s === undefined) {
    const share = row.e2e_s / outputTokens
    return { firstToken: share, gap: share }
  }
  const rest = Math.max(0, row.e2e_s - row.ttft_s)
  return { firstToken: row.ttft_s, gap: outputTokens > 1 ? rest / (outputTokens - 1) : 0 }
}

/** One measurement’s timing: each figure times a factor exp(noise_cv × normal) of its own. */
export function noisy(timing: Timing, row: GridRow, grid: Grid, random: Random): Timing {
  const factor = (...names: (keyof GridRow)[]) => {
    const name = names.find((each) => row[each] !== undefined)
    return Math.exp((grid.noiseCv[name ?? ''] ?? 0) * random.normal())
  }
  const gap = factor('itl_s', 'tpot_s', 'e2e_s')
  const first = row.ttft_s === undefined ? gap : factor('ttft_s')
  return { firstToken: timing.firstToken * first, gap: timing.gap * gap }
}
