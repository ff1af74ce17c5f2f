import { parseDocument } from 'yaml'
import type { Report } from '../coordinator/analysis/report/report.js'
import { loadAxis } from '../shared/domain/sweep.js'

/**
 * A sweep file that measures exactly these configurations of a sweep: its own text with another
 * name and the `custom` strategy.
 *
 * @param measure numbers of rows of the surface.
 */
export function followUpSweep(report: Report, measure: readonly number[]): string {
  const { sweep, text, surface } = report
  const load = loadAxis(sweep.workload)
  const points = measure.flatMap((number) => {
    const row = surface[number]
    if (row === undefined) return []
    const { configuration } = row
    return [
      {
        hardware: configuration.hardware,
        tensor_parallel: configuration.tensorParallel,
        [load]: configuration.load,
        input_tokens: configuration.inputTokens,
        output_tokens: configuration.outputTokens,
      },
    ]
  })
  const document = parseDocument(text)
  document.set('name', `${sweep.name}-next`.slice(0, 63))
  document.set('strategy', document.createNode({ kind: 'custom', points }))
  document.delete('budget')
  return document.toString({ lineWidth: 0 })
}
