import type { PriceBook } from '../../../shared/domain/price-book.js'
import { appraise } from '../../decision/appraise.js'
import type { Appraised, Objective } from '../../decision/appraise.js'
import { benchmarkPlan } from './benchmark-plan.js'
import type { BenchmarkPlan } from './benchmark-plan.js'
import { byHardware } from './by-hardware.js'
import type { HardwareStanding } from './by-hardware.js'
import { costSheet } from './cost-sheet.js'
import type { CostSheet } from './cost-sheet.js'
import type { FleetNeed } from './fleet.js'
import { informationValue } from '../../decision/information-value.js'
import type { InformationValue } from '../../decision/information-value.js'
import type { Knowledge } from '../../decision/point.js'
import { recommend } from '../../decision/recommend.js'
import type { Recommendation } from '../../decision/recommend.js'
import { servingPlan } from './serving-plan.js'
import type { ServingPlan } from './serving-plan.js'
import type { Slo } from '../../decision/slo.js'
import type { Traffic } from '../../decision/traffic.js'

export interface Inquiry {
  readonly knowledge: Knowledge
  readonly traffic: Traffic
  readonly slo: Slo
  readonly objective: Objective
  readonly prices: PriceBook
  /** Requests to carry; asks for a fleet. */
  readonly need?: FleetNeed
  /** Hours that the fleet will serve, and what measuring may cost before: asks for a benchmark plan. */
  readonly horizonHours?: number
  readonly budgetUsd?: number
}

/** Everything that `fmwork recommend` and the report say. */
export interface Answer {
  readonly appraised: Appraised
  /** Absent where nothing is eligible. */
  readonly recommendation?: Recommendation
  readonly sheet?: CostSheet
  readonly runnerUpSheet?: CostSheet
  readonly hardware: readonly HardwareStanding[]
  /** What one more device-hour of measuring would buy. */
  readonly nextHour: InformationValue
  /** Absent where no load is given, or none can carry it. */
  readonly serving?: ServingPlan
  readonly benchmark?: BenchmarkPlan
}

const hour = 3600

/** @throws FmworkError USAGE for a question that the knowledge cannot answer. */
export function answer(inquiry: Inquiry): Answer {
  const { knowledge, traffic, slo, objective, prices, need } = inquiry
  const appraised = appraise({ knowledge, traffic, slo, objective, prices })
  const recommendation = recommend(appraised)
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
  return {
    appraised,
    ...(recommendation === undefined
      ? {}
      : { recommendation, sheet: costSheet(appraised, recommendation.best) }),
    ...(runnerUp === undefined ? {} : { runnerUpSheet: costSheet(appraised, runnerUp) }),
    hardware: byHardware(appraised),
    nextHour: informationValue(appraised, hour),
    ...(serving === undefined ? {} : { serving }),
    ...(benchmark === undefined ? {} : { benchmark }),
  }
}
