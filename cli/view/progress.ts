import type { SweepStatus } from '../../shared/domain/meta-metrics.js'
import { isSurfaceMetric } from '../../shared/domain/metric.js'
import { percent, wholeNumber } from '../../coordinator/analysis/report/units.js'

export interface Progress {
  /** 0..1 of the way to the goal. */
  readonly share: number
  /** What the bar stands for, in words. */
  readonly meaning: string
}

/**
 * How far a sweep is towards its goal: the allowed error over the claimed error of the worst metric.
 * A metric without enough audits claims nothing, so until then only the audits count as progress made.
 * A sweep that measures everything is done when all of it is measured.
 */
export function progressOf(status: SweepStatus): Progress {
  const { goalAccuracy, measured, infeasible, configurations } = status
  if (status.goalReached) return { share: 1, meaning: `goal of ${percent(goalAccuracy)} reached` }
  const covered = (measured + infeasible) / Math.max(1, configurations)
  const metrics = status.accuracy.filter(({ metric }) => isSurfaceMetric(metric))
  const waiting = metrics.find(({ calibrated }) => !calibrated)
  if (metrics.length === 0 || waiting !== undefined) {
    const why = waiting === undefined ? 'no audit yet' : waiting.why
    return {
      share: covered,
      meaning: `${wholeNumber(measured)} of ${wholeNumber(configurations)} measured; accuracy not yet calibrated (${why})`,
    }
  }
  const worst = metrics.reduce((a, b) => (b.accuracy.value < a.accuracy.value ? b : a))
  const error = 1 - worst.accuracy.value
  const towardsGoal = Math.min(0.99, (1 - goalAccuracy) / Math.max(error, 1e-9))
  const meaning = `worst metric ${worst.metric}: error ${percent(error)}, goal ${percent(1 - goalAccuracy)} or less`
  return { share: Math.max(covered, towardsGoal), meaning }
}
