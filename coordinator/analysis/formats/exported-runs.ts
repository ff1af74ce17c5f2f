import { configurationKey } from '../../../shared/domain/configuration.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Problem } from '../../../shared/domain/errors.js'
import { isInvalid } from '../../../shared/domain/measurement.js'
import type { Measurement, MetricEstimate } from '../../../shared/domain/measurement.js'
import type { Workload } from '../../../shared/domain/sweep.js'
import type { TrialRecord } from '../../../shared/domain/sweep-desk.js'
import type { Report } from '../report/report.js'

/** What one definition says of the requests of a trial, in the definition’s unit. */
export interface RequestSummary {
  /** Size of the population. */
  readonly count: number
  readonly mean: number
  readonly median: number
  /** Null for a population of one. */
  readonly standardDeviation: number | null
  readonly minimum: number
  readonly maximum: number
  /** `supported` is false where the population is too small for the percentile (0..100). */
  readonly percentiles: readonly {
    readonly percentile: number
    readonly value: number
    readonly supported: boolean
  }[]
}

/** What the raw records of one trial say, warm-ups left out. */
export interface TrialRequests {
  /** From the first send to the last byte. */
  readonly seconds: number
  readonly completed: number
  readonly failed: number
  /** Tokens of the completed requests. */
  readonly inputTokens: number
  readonly outputTokens: number
  /** By the names of docs/METRICS.md. */
  readonly summaries: Readonly<Partial<Record<string, RequestSummary>>>
  /** Of each repetition of a static batch, in order: seconds to its last token, and to every first one. */
  readonly repetitions: readonly { readonly seconds: number; readonly firstTokens: number }[]
  /** The object that `vllm bench serve --save-result` would have written. */
  readonly vllm: Readonly<Record<string, unknown>>
}

/** Raw records by trial. Drivers leave none, and `fmwork prune` drops them. */
export type RequestRecords = ReadonlyMap<string, TrialRequests>

/** One measurement to be exported. */
export interface MeasuredRun {
  readonly trial: TrialRecord
  readonly measurement: Measurement
  /** Of the measurements of its configuration, from 0. */
  readonly run: number
  readonly requests?: TrialRequests
}

/** A measurement whose raw records are at hand. */
export type RecordedRun = MeasuredRun & { readonly requests: TrialRequests }

function refused(report: Report, why: string, hint: string): FmworkError {
  return new FmworkError('CONVERSION_REFUSED', `${report.sweep.name} cannot be exported so`, {
    problems: [{ field: 'sweep', value: report.sweep.name, expected: why }],
    hint,
  })
}

/**
 * Every measurement that nothing makes invalid, in the order in which they ended.
 *
 * @param kinds workloads whose load the format can name; all when absent
 * @throws FmworkError CONVERSION_REFUSED
 */
export function measuredRuns(
  report: Report,
  requests: RequestRecords,
  kinds?: readonly Workload['kind'][],
): readonly MeasuredRun[] {
  const { kind } = report.sweep.workload
  if (kinds?.includes(kind) === false) {
    throw refused(
      report,
      `its workload is ${kind}; the format speaks of ${kinds.join(' and ')}, which loads an engine otherwise`,
      'Formats for every workload: llm-d, prometheus. docs/INTEROP.md says which format takes what.',
    )
  }
  const { workload } = report.sweep
  if (kinds !== undefined && workload.kind === 'open-loop' && workload.ramp !== undefined) {
    throw refused(
      report,
      'its rate grows over each trial; the format speaks of one rate',
      'Formats for every workload: llm-d, prometheus. docs/INTEROP.md says which format takes what.',
    )
  }
  const runs = new Map<string, number>()
  const measured = [...report.trials]
    .sort((a, b) => a.endedAt - b.endedAt)
    .flatMap((trial): MeasuredRun[] => {
      const { measurement } = trial
      if (trial.state !== 'SUCCEEDED' || measurement === undefined || isInvalid(measurement)) {
        return []
      }
      const key = configurationKey(trial.configuration)
      const run = runs.get(key) ?? 0
      runs.set(key, run + 1)
      const found = requests.get(trial.trialId)
      return [{ trial, measurement, run, ...(found === undefined ? {} : { requests: found }) }]
    })
  if (measured.length > 0) return measured
  throw refused(
    report,
    'it has no measurement that can be trusted yet',
    'Let it measure first: `fmwork resume`, then export again.',
  )
}

/** What can be exported, and what is left out. */
export interface RecordedRuns {
  readonly runs: readonly RecordedRun[]
  readonly problems: readonly Problem[]
}

/**
 * Measurements whose requests are at hand; for formats that speak of every request.
 *
 * @throws FmworkError CONVERSION_REFUSED where there are none; some that are missing are told
 */
export function recordedRuns(
  report: Report,
  requests: RequestRecords,
  kinds: readonly Workload['kind'][],
): RecordedRuns {
  const all = measuredRuns(report, requests, kinds)
  const runs = all.filter((run): run is RecordedRun => (run.requests?.completed ?? 0) > 0)
  if (runs.length === 0) {
    throw refused(
      report,
      'the raw records of its requests are not at hand: they were pruned, its engine leaves none, or its data folder is elsewhere',
      'Export on the host of the data folder (--data), or to a format of measurements: llm-d, prometheus.',
    )
  }
  const missing = all.length - runs.length
  return {
    runs,
    problems:
      missing === 0
        ? []
        : [
            {
              field: 'measurements',
              value: String(missing),
              expected: 'are left out: their raw records are gone',
            },
          ],
  }
}

/**
 * {@link recordedRuns} of closed and open loops, for formats that know only these.
 *
 * @returns with `closed`: the load is a concurrency, else a rate.
 * @throws FmworkError as recordedRuns.
 */
export function loopRuns(
  report: Report,
  requests: RequestRecords,
): RecordedRuns & { readonly closed: boolean } {
  return {
    ...recordedRuns(report, requests, ['closed-loop', 'open-loop']),
    closed: report.sweep.workload.kind === 'closed-loop',
  }
}

/** What the tools take from numpy: divides by n; null for a population of one. */
export const populationDeviation = ({ standardDeviation, count }: RequestSummary): number | null =>
  standardDeviation === null ? null : standardDeviation * Math.sqrt((count - 1) / count)

/** A percentile (0..100) that the population supports, else null. */
export function percentileOf({ percentiles }: RequestSummary, wanted: number): number | null {
  const found = percentiles.find(({ percentile }) => percentile === wanted)
  return found?.supported === true ? found.value : null
}

/** A trial’s figure by our metric, where the sweep measured it. */
export const figureOf = (
  { measurement }: MeasuredRun,
  metric: string,
): MetricEstimate | undefined => measurement.metrics.find((each) => each.metric === metric)

/** A text as a part of a file’s name, everywhere. */
export const namePart = (text: string): string =>
  text
    .replace(/[^\w.=-]+/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 120)

/** JSON as people and tools read it, with its last line ended. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** What only vLLM counts otherwise than we can. */
export const firstEventNote = {
  field: 'ttft',
  expected:
    'is until the first chunk that holds text; vllm bench takes the first event, which may be empty and then comes earlier',
}
