import { priceIn } from '../../../shared/domain/price-book.js'
import type { Appraised } from '../../decision/appraise.js'
import { informationValue } from '../../decision/information-value.js'
import type { NextMeasurement } from '../../decision/information-value.js'

export interface BenchmarkNeed {
  /** USD per hour that serving costs by the present choice. */
  readonly servingUsdPerHour: number
  /** Hours that the fleet will serve. */
  readonly horizonHours: number
  /** Most USD to spend on measuring. */
  readonly budgetUsd: number
}

/** Which measurements to buy before the fleet is. */
export interface BenchmarkPlan {
  /** Empty where measuring costs more than it is expected to save. */
  readonly measure: readonly NextMeasurement[]
  readonly usd: number
  readonly deviceSeconds: number
  /** Expected saving in serving over the horizon, what measuring costs not taken off. */
  readonly savingUsd: number
}

const nothing: BenchmarkPlan = { measure: [], usd: 0, deviceSeconds: 0, savingUsd: 0 }

/**
 * Weighs measuring against serving: of the measurements in the order of their value, the first so
 * many whose expected saving over the horizon exceeds their own price by most. A gain of 2 % in work
 * per USD saves 1 - 1 / 1.02 of what serving costs.
 */
export function benchmarkPlan(appraised: Appraised, need: BenchmarkNeed): BenchmarkPlan {
  const { appraisals, question } = appraised
  const { next } = informationValue(appraised, Infinity)
  let best = nothing
  let usd = 0
  let deviceSeconds = 0
  for (const [k, each] of next.entries()) {
    const hardware = appraisals[each.which]?.deployment.block.hardware ?? ''
    const price = priceIn(question.prices, hardware)
    if (price === undefined) break
    usd += (each.deviceSeconds / 3600) * price.usdPerDeviceHour
    deviceSeconds += each.deviceSeconds
    if (usd > need.budgetUsd) break
    const savingUsd = need.servingUsdPerHour * need.horizonHours * (1 - 1 / (1 + each.gainSoFar))
    if (savingUsd - usd > best.savingUsd - best.usd) {
      best = { measure: next.slice(0, k + 1), usd, deviceSeconds, savingUsd }
    }
  }
  return best
}
