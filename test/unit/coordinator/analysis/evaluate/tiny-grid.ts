import { readGrid } from '../../../../../coordinator/analysis/evaluate/grid.js'
import type { Grid } from '../../../../../coordinator/analysis/evaluate/grid.js'

export interface TinyRow {
  readonly hardware?: string
  readonly load: number
  readonly input?: number
  readonly itl: number
}

/** The files of a grid of one length and one device, but for what its rows say. */
export function tinyFiles(rows: readonly TinyRow[], noise = 0): { csv: string; json: string } {
  const lines = rows.map(
    ({ hardware = 'H100', load, input = 128, itl }) =>
      `${hardware},,1,${load},${input},100,${itl},10`,
  )
  return {
    csv: `hardware,variant,tensor_parallel,batch_size,input_tokens,output_tokens,itl_s,device_seconds\n${lines.join('\n')}\n`,
    json: JSON.stringify({
      name: 'tiny',
      workload: 'static-batch',
      metrics: ['itl_s'],
      noise_cv: { itl_s: noise },
    }),
  }
}

export function tinyGrid(rows: readonly TinyRow[], noise = 0): Grid {
  const { csv, json } = tinyFiles(rows, noise)
  return readGrid(csv, json)
}

/** Time between tokens in a batch: the larger the batch, the more work per device. */
export const batches = (hardware: string, base: number, input = 128): TinyRow[] =>
  [1, 2, 4, 8, 16, 32].map((load) => ({
    hardware,
    load,
    input,
    itl: base * (1 + load / 20) * (input / 128) ** 0.1,
  }))
