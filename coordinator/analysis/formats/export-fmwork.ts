import {
  formatFmworkGeneration,
  formatFmworkResult,
} from '../../../shared/domain/fmwork-metrics.js'
import type { FmworkShape } from '../../../shared/domain/fmwork-metrics.js'
import type { ExportFormat } from './format.js'
import { batchRuns } from './fmwork-runs.js'
import type { BatchRun } from './fmwork-runs.js'

/** Microseconds: fmwork’s milliseconds are coarse for a batch of a few. */
const decimals = 6

/** Epoch seconds with fmwork’s nine decimals, from milliseconds. */
const instant = (milliseconds: number): string => (milliseconds / 1000).toFixed(9)

function shapeOf({ run }: BatchRun): FmworkShape {
  const { configuration } = run.trial
  const { timing, startedAt } = run.measurement
  return {
    begin: instant(startedAt),
    end: instant(startedAt + 1000 * timing.measured),
    model: configuration.model.replace(/\s+/g, '_'),
    inputTokens: configuration.inputTokens,
    outputTokens: configuration.outputTokens,
    batch: configuration.load,
    tensorParallel: configuration.tensorParallel,
  }
}

function linesOf(batch: BatchRun): string[] {
  const shape = shapeOf(batch)
  const { whole, mad, generation } = batch
  const result = {
    med: whole,
    mad,
    itl: (1000 * whole) / shape.outputTokens,
    thp: (shape.batch * shape.outputTokens) / whole,
  }
  return [
    formatFmworkResult(shape, result, decimals),
    ...(generation === undefined ? [] : [formatFmworkGeneration(shape, generation, decimals)]),
  ]
}

/** The lines that IBM’s fmwork prints, RES-C and GEN-E: a log of each engine and hardware. */
export const fmworkExport: ExportFormat = {
  name: 'fmwork',
  title: 'RES and GEN lines of IBM’s fmwork',
  render(report, requests) {
    const { batches, problems } = batchRuns(report, requests)
    return {
      files: [{ path: 'fmwork.log', text: `${batches.flatMap(linesOf).join('\n')}\n` }],
      problems: [
        ...problems,
        {
          field: 'engine, hardware',
          expected: 'are left out: fmwork tells them by the folders of its logs',
        },
        {
          field: 'REP',
          expected:
            'lines are left out: fmwork would drop the first fifth, which are no warm-ups here',
        },
      ],
    }
  },
}
