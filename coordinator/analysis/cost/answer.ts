import type { PriceBook } from '../../../shared/domain/price-book.js'
import { alternativeOf } from '../../decision/alternative.js'
import type { Alternative } from '../../decision/alternative.js'
import { drawn, estimate } from '../../decision/appraise.js'
import type { Appraised, Objective } from '../../decision/appraise.js'
import { certaintyOf } from '../../decision/certainty.js'
import type { Certainty } from '../../decision/certainty.js'
import { contendersOf } from '../../decision/contenders.js'
import { benchmarkPlan } from './benchmark-plan.js'
import type { BenchmarkPlan } from './benchmark-plan.js'
import { confirmationOf } from './confirmation.js'
import type { Confirmation } from './confirmation.js'
import { byHardware } from './by-hardware.js'
import type { HardwareStanding } from './by-hardware.js'
import { costSheet } from './cost-sheet.js'
import type { CostSheet } from './cost-sheet.js'
import type { FleetNeed } from './fleet.js'
import { valuedMeasurements, within } from '../../decision/information-value.js'
import type { InformationValue, NextMeasurement } from '../../decision/information-value.js'
import type { Knowledge } from '../../decision/point.js'
import type { Recommendation } from '../../decision/recommend.js'
import { servingPlan } from './serving-plan.js'
import type { ServingPlan } from './serving-plan.js'
import type { Slo } from '../../decision/slo.js'
import type { Traffic } from '../../decision/traffic.js'
import { isTold, measureFirst } from '../../decision/verdict.js'
import type { MeasureFirst } from '../../decision/verdict.js'

export interface Inquiry {
  readonly knowledge: Knowledge
  readonly traffic: Traffic
  readonly slo: Slo
  readonly objective: Objective
  readonly prices: PriceBook
  /** A choice that is only predicted counts as one too. */
  readonly includePredicted?: boolean
  /** Requests to carry; asks for a fleet. */
  readonly need?: FleetNeed
  /** Hours that the fleet will serve, and what measuring may cost before: asks for a benchmark plan. */
  readonly horizonHours?: number
  readonly budgetUsd?: number
}

/** Everything that `fmwork recommend` and the report say. */
export interface Answer {
  /** Those that may be the best of their block. */
  readonly appraised: Appraised
  readonly certainty: Certainty
  /** Absent where nothing is eligible. */
  readonly recommendation?: Recommendation
  /** What to measure before the recommendation is one; absent where it is, or nothing is eligible. */
  readonly first?: MeasureFirst
  /** The other choice where a limit itself is what leaves it open. */
  readonly alternative?: Alternative
  /** What confirms the recommendation; absent where it was measured, and where nothing is eligible. */
  readonly confirmation?: Confirmation
  readonly sheet?: CostSheet
  readonly runnerUpSheet?: CostSheet
  readonly hardware: readonly HardwareStanding[]
  /** The measurement that is worth most per device-second; absent where none is worth anything. */
  readonly next?: NextMeasurement
  /** What one more device-hour of measuring would buy. */
  readonly nextHour: InformationValue
  /** Absent where no load is given, or none can carry it. */
  readonly serving?: ServingPlan
  readonly benchmark?: BenchmarkPlan
}

/**
 * How good the choice is: `confirmed` by measurements of its own, `predicted` only, or such that it `cannot
 * be told` from others yet.
 */
export type Standpoint = 'confirmed' | 'predicted' | 'untold'

export const standpointOf = ({
  certainty,
  confirmation,
}: Pick<Answer, 'certainty' | 'confirmation'>): Standpoint =>
  !isTold(certainty) ? 'untold' : confirmation === undefined ? 'confirmed' : 'predicted'

const hour = 3600
/** Relative cost by which two deployments count as equally good; that of a sweep file’s decision. */
const tolerance = 0.01

/** @throws FmworkError USAGE for a question that the knowledge cannot answer. */
export function answer(inquiry: Inquiry): Answer {
  const { knowledge, traffic, slo, objective, prices, need } = inquiry
  const appraised = drawn(
    contendersOf(
      estimate({ knowledge, traffic, slo, objective, prices }),
      ({ deployment: { block } }) => JSON.stringify(block),
    ),
  )
  const certainty = certaintyOf(appraised, tolerance)
  const { recommendation } = certainty
  const valued = valuedMeasurements(appraised)
  const [next] = within(valued, Infinity).next
  const serving = need === undefined ? undefined : servingPlan(appraised, need)
  const benchmark =
    serving === undefined || inquiry.horizonHours === undefined
      ? undefined
      : benchmarkPlan(appraised, {
          servingUsdPerHour: serving.fleet.usdPerHour,
          horizonHours: inquiry.horizonHours,
          budgetUsd: inquiry.budgetUsd ?? Infinity,
        })
  const runnerUp = recommendation?.runnerUp
  const confirmation =
    recommendation === undefined
      ? undefined
      : confirmationOf(appraised, recommendation.best.appraisal)
  const alternative = alternativeOf({ appraised, certainty })
  return {
    appraised,
    certainty,
    ...(alternative === undefined ? {} : { alternative }),
    ...(recommendation === undefined || isTold(certainty)
      ? {}
      : { first: measureFirst({ appraised, certainty }) }),
    ...(confirmation === undefined ? {} : { confirmation }),
    ...(next === undefined ? {} : { next }),
    ...(recommendation === undefined
      ? {}
      : { recommendation, sheet: costSheet(appraised, recommendation.best) }),
    ...(runnerUp === undefined ? {} : { runnerUpSheet: costSheet(appraised, runnerUp) }),
    hardware: byHardware(appraised),
    nextHour: within(valued, hour),
    ...(serving === undefined ? {} : { serving }),
    ...(benchmark === undefined ? {} : { benchmark }),
  }
}
