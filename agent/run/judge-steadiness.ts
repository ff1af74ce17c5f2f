import type { Doubt, MetricEstimate } from '../../shared/domain/measurement.js'
import type { MetricName } from '../../shared/domain/metric.js'
import { minimumBatches } from '../../shared/stats/interval.js'
import { chiSquareQuantile } from '../../shared/stats/special-functions.js'
import { drifts } from '../../shared/stats/steady-state.js'
import { spreadOf } from './metrics/repetition-estimate.js'

/**
 * Probability that a steady trial is called unsteady, over all its metrics together. A doubt that is
 * raised by chance in most trials says nothing.
 */
const falseAlarms = 0.05

/** The independent values behind one metric: one per repetition, or batch means of a loop, in order. */
export interface MetricSeries {
  readonly metric: MetricName
  readonly values: readonly number[]
}

const marked = (kind: Doubt['kind'], details: readonly string[]): Doubt[] =>
  details.length === 0 ? [] : [{ kind, severity: 'marked', detail: details.join('; ') }]

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/**
 * Marks metrics whose repetitions disagree by more than the asked precision: a chi-square test of
 * their spread against it. The width of the interval is no such sign: three steady repetitions leave
 * it wide (t = 4.30), and it says so itself.
 *
 * @param series positive values.
 */
export function disagreementDoubts(series: readonly MetricSeries[], precision: number): Doubt[] {
  const probability = 1 - falseAlarms / Math.max(1, series.length)
  const details = series.flatMap(({ metric, values }) => {
    const spread = spreadOf(values)
    if (spread === undefined) return []
    const chance = chiSquareQuantile(probability, spread.degrees) / spread.degrees
    return spread.variance > precision ** 2 * chance
      ? [
          `${metric} differs by ${percent(Math.sqrt(spread.variance))} from one of ${values.length} repetitions to the next; above ${percent(precision * Math.sqrt(chance))} it is not chance`,
        ]
      : []
  })
  return marked('unsteady', details)
}

/** Marks metrics of a loop that move by more than the asked precision within the window. */
export function driftDoubts(series: readonly MetricSeries[], precision: number): Doubt[] {
  const significance = falseAlarms / Math.max(1, series.length)
  const moved = series.filter(({ values }) => drifts(values, precision, significance) === true)
  return marked(
    'unsteady',
    moved.map(({ metric }) => `${metric} drifted within the window: no steady state`),
  )
}

/** Marks metrics whose interval is unknown, or rests on too few batches to be sound. */
export function intervalDoubts(metrics: readonly MetricEstimate[], loop: boolean): Doubt[] {
  const unknown = metrics.filter(({ low, high }) => !(high > low))
  const loose = metrics.filter(
    ({ low, high, count }) => loop && high > low && count < minimumBatches,
  )
  const names = (some: readonly MetricEstimate[]) => some.map(({ metric }) => metric).join(', ')
  return marked('too_few_samples', [
    ...(unknown.length === 0
      ? []
      : [`${names(unknown)}: one observation, so the interval is unknown`]),
    ...(loose.length === 0
      ? []
      : [
          `${names(loose)}: ${loose[0]?.count ?? 0} batch means, ${minimumBatches} are needed for a sound interval`,
        ]),
  ])
}
