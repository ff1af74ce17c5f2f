import type { MetricName } from '../../../shared/domain/metric.js'
import { mean } from '../../../shared/stats/quantile.js'
import type { Question } from '../../decision/appraise.js'
import { contests } from '../../decision/contest.js'
import { logInterval } from '../../decision/point.js'
import type { Knowledge, Point } from '../../decision/point.js'
import { isTold, viewOf } from '../../decision/verdict.js'
import type { View } from '../../decision/verdict.js'
import { mostRepeats } from '../../plan/decision-stage.js'
import { isLearnt } from '../../model/learnt-surface.js'
import { withMeasurements } from '../cost/with-measurements.js'
import type { DecisionCase } from './decision-case.js'
import type { Grid } from './grid.js'
import { measurementOf, replay } from './replay.js'
import type { Contestant, ReplayOptions, ReplayState } from './replay.js'

/** When a choice is one: as `goal.decision` of a sweep file. */
export interface DecisionWanted {
  /** Relative cost by which two deployments count as equally good. */
  readonly tolerance: number
  /** Probability that the choice is right. */
  readonly probability: number
}

/** Numbers of the noise draws that no campaign has used. */
const firstRepeat = 1000

/** A campaign where its own claim first allowed it to stop, or where nothing was left to measure. */
export interface StoppedCampaign extends ReplayState {
  readonly reached: boolean
}

export function stoppedCampaign(
  grid: Grid,
  contestant: Contestant,
  options: ReplayOptions,
): StoppedCampaign {
  const campaign = replay(grid, contestant, options)
  for (;;) {
    const step = campaign.next()
    const state = step.done === true ? step.value : step.value.state
    const { surface } = state
    const reached =
      isLearnt(surface) && surface.verdict({ accuracy: options.goal })?.goalReached === true
    if (step.done === true || reached) return { ...state, reached }
  }
}

export const look = (
  knowledge: Knowledge,
  { traffic, slo, prices }: DecisionCase,
  tolerance: number,
): View => {
  const question: Question = { knowledge, traffic, slo, prices, objective: 'usd' }
  return viewOf(question, tolerance)
}

/** A question after the decision stage. */
export interface Decided extends View {
  /** Device-seconds that the stage took. */
  readonly spent: number
  readonly trials: number
}

const pointOf = (grid: Grid, row: number, repeat: number, seed: number): Point => {
  const values = measurementOf(grid, row, firstRepeat + repeat, seed)
  return {
    configuration: grid.configurations[row] as Point['configuration'],
    measured: true,
    feasible: 1,
    estimates: Object.fromEntries(
      grid.metrics.flatMap((metric) => {
        const found = values[metric]
        return found === undefined
          ? []
          : [[metric, logInterval(found.value, grid.noise[metric] ?? 0)]]
      }),
    ),
  }
}

/**
 * Plays the decision stage, a measurement at a time, until the choice is right with the probability wanted
 * and expected to lose next to nothing, or no measurement may help any more. It is played on what a campaign
 * knew at its stop: the surface does not learn from these measurements, as that of a sweep does.
 *
 * @param believed of the grid’s rows, in their order.
 */
export function playStage(
  grid: Grid,
  believed: Knowledge,
  question: DecisionCase,
  seed: number,
  { tolerance, probability }: DecisionWanted,
): Decided {
  let knowledge = believed
  let view = look(knowledge, question, tolerance)
  let spent = 0
  let trials = 0
  const repeats = new Map<number, number>()
  const isOpen = (row: number) => (repeats.get(row) ?? 0) < mostRepeats
  while (view.certainty.probability < probability || !isTold(view.certainty)) {
    const [next] = contests(view.appraised, view.certainty, isOpen)
    if (next === undefined) break
    const row = next.point
    const repeat = repeats.get(row) ?? 0
    repeats.set(row, repeat + 1)
    spent += grid.cost[row] as number
    trials += 1
    const points = [pointOf(grid, row, repeat, seed)]
    knowledge = withMeasurements(knowledge, { ...knowledge, points })
    view = look(knowledge, question, tolerance)
  }
  return { ...view, spent, trials }
}

/** A full grid as a lab would have it: every row measured so many times, with its noise. */
export function measuredGrid(grid: Grid, seed: number, times: number): Grid {
  const means = grid.metrics.map((metric): [MetricName, Float64Array] => [
    metric,
    Float64Array.from(grid.configurations, (_, row) => {
      const logs = Array.from({ length: times }, (__, repeat) =>
        Math.log(measurementOf(grid, row, repeat, seed)[metric]?.value ?? NaN),
      )
      return Math.exp(mean(logs))
    }),
  ])
  const noise = grid.metrics.map((metric) => [metric, (grid.noise[metric] ?? 0) / Math.sqrt(times)])
  return { ...grid, truth: Object.fromEntries(means), noise: Object.fromEntries(noise) as object }
}
