import type { Problem } from '../../../shared/domain/errors.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import { fmworkSpread, generationBetween } from '../../../shared/domain/fmwork-metrics.js'
import type { FmworkGeneration, FmworkSpread } from '../../../shared/domain/fmwork-metrics.js'
import type { Report } from '../report/report.js'
import { figureOf, measuredRuns } from './exported-runs.js'
import type { MeasuredRun, RequestRecords } from './exported-runs.js'

/** A static batch as fmwork sees it. */
export interface BatchRun {
  readonly run: MeasuredRun
  /** Seconds of the whole batch, and its relative median absolute deviation (NaN: not known). */
  readonly whole: number
  readonly mad: number
  /** Absent where nobody saw the first tokens. */
  readonly generation?: FmworkGeneration
}

/** One value deviates from nothing, so nothing is known of its deviation. */
function spread(values: readonly number[]): FmworkSpread {
  const { med, mad } = fmworkSpread(values)
  return { med, mad: values.length < 2 ? NaN : mad }
}

/** From every repetition, else from what the trial says of them. */
function timesOf(run: MeasuredRun) {
  const repetitions = run.requests?.repetitions ?? []
  if (repetitions.length > 0) {
    return {
      whole: spread(repetitions.map(({ seconds }) => seconds)),
      first: spread(repetitions.map(({ firstTokens }) => firstTokens)),
    }
  }
  const told = (metric: string) => {
    const value = figureOf(run, metric)?.value
    return value === undefined ? undefined : { med: value, mad: NaN }
  }
  return { whole: told('e2e'), first: told('batch_ttft') }
}

function batchOf(run: MeasuredRun): BatchRun | undefined {
  const { whole, first } = timesOf(run)
  if (whole === undefined) return undefined
  const { load, outputTokens } = run.trial.configuration
  const generated = { run, whole: whole.med, mad: whole.mad }
  const gen = first === undefined ? 0 : whole.med - first.med
  // Of one output token there is nothing after the first.
  if (first === undefined || outputTokens < 2 || !(gen > 0)) return generated
  return {
    ...generated,
    generation: generationBetween(first, whole, outputTokens, load),
  }
}

/**
 * The static batches of a sweep, in fmwork’s arithmetic (its ITL divides by all output tokens, its GEN
 * throughput leaves the prefill out), over every repetition after the warm-ups.
 *
 * @throws FmworkError CONVERSION_REFUSED
 */
export function batchRuns(
  report: Report,
  requests: RequestRecords,
): { readonly batches: readonly BatchRun[]; readonly problems: readonly Problem[] } {
  const runs = measuredRuns(report, requests, ['static-batch'])
  const batches = runs.flatMap((run) => batchOf(run) ?? [])
  const without = runs.length - batches.length
  if (batches.length === 0) {
    throw new FmworkError('CONVERSION_REFUSED', `${report.sweep.name} cannot be exported so`, {
      problems: [
        {
          field: 'metrics',
          value: report.sweep.metrics.join(', '),
          expected: 'say nothing of a whole batch, and the raw records are not at hand',
        },
      ],
      hint: 'Measure e2e and batch_ttft too, or export on the host of the data folder (--data).',
    })
  }
  return {
    batches,
    problems:
      without === 0
        ? []
        : [
            {
              field: 'measurements',
              value: String(without),
              expected: 'are left out: the time of the whole batch is not known',
            },
          ],
  }
}
