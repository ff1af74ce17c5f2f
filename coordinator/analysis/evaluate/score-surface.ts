import type { MetricName } from '../../../shared/domain/metric.js'
import { decisionScores } from './decision.js'
import type { Grid } from './grid.js'
import type { ReplayState } from './replay.js'
import { errorScores, errorSeen, rowP95 } from './scores.js'

/** A surface against the whole grid. Errors are relative; see docs of the scores in scores.ts. */
export interface SurfaceScores {
  /** Mean over rows and metrics. */
  readonly error: number
  readonly within5: number
  readonly p95: number
  readonly bias: number
  /** Error of the metric that is known worst. */
  readonly worstMetricError: number
  /** Distinct rows measured. */
  readonly n: number
  /** Error that one more measurement of every row would see / error that the surface claims. */
  readonly ratio?: number
  /** Share of unmeasured truths inside their 90 % interval. */
  readonly coverage?: number
  readonly decision?: number
  readonly regret?: number
}

/** An estimate where a surface has none: nothing is known, so nothing is right. */
const unknown = Number.MIN_VALUE

export function scoreSurface(grid: Grid, state: ReplayState): SurfaceScores {
  const { surface, measured } = state
  const rows = grid.configurations.length
  const truths: number[] = []
  const estimates: number[] = []
  const largest = new Array<number>(rows).fill(0)
  const trueValues = Array.from({ length: rows }, (): Partial<Record<MetricName, number>> => ({}))
  const believed = Array.from({ length: rows }, (): Partial<Record<MetricName, number>> => ({}))
  let inside = 0
  let judged = 0
  let worstMetricError = 0
  let seen = 0
  for (const metric of grid.metrics) {
    const truth = grid.truth[metric] as Float64Array
    let sum = 0
    for (let row = 0; row < rows; row += 1) {
      const value = truth[row] as number
      const interval = surface.estimate(metric, row)
      const estimate = interval?.value ?? unknown
      const error = Math.abs(estimate / value - 1)
      truths.push(value)
      estimates.push(estimate)
      sum += error
      const log = Math.log(estimate / value)
      seen += error + errorSeen(log, grid.noise[metric] ?? 0) - Math.abs(log)
      largest[row] = Math.max(largest[row] as number, error)
      const [known, thought] = [trueValues[row], believed[row]]
      if (known !== undefined) known[metric] = value
      if (thought !== undefined) thought[metric] = estimate
      if (interval !== undefined && !measured.has(row)) {
        judged += 1
        if (value >= interval.low && value <= interval.high) inside += 1
      }
    }
    worstMetricError = Math.max(worstMetricError, sum / rows)
  }
  const scores = errorScores(truths, estimates)
  const claims = surface.accuracy().filter(({ metric }) => grid.metrics.includes(metric))
  const claimed =
    claims.reduce((sum, { accuracy }) => sum + 1 - accuracy.value, 0) / Math.max(1, claims.length)
  const decision = decisionScores(grid.configurations, trueValues, believed)
  return {
    error: scores.error,
    within5: scores.within5,
    p95: rowP95(largest),
    bias: scores.bias,
    worstMetricError,
    n: measured.size,
    ...(claimed > 0 ? { ratio: seen / truths.length / claimed } : {}),
    ...(judged > 0 ? { coverage: inside / judged } : {}),
    ...(decision ?? {}),
  }
}
