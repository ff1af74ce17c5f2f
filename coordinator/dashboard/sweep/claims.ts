import type { MetricAccuracy } from '../../../shared/domain/meta-metrics.js'
import type { StatusView } from '../../service/http/api.js'

/** The calibrated claim that is furthest from perfect; undefined unless every metric has one. */
export function worstClaim({ accuracy }: StatusView): MetricAccuracy | undefined {
  if (accuracy.length === 0 || accuracy.some(({ calibrated }) => !calibrated)) return undefined
  return accuracy.reduce((worst, each) =>
    each.accuracy.value < worst.accuracy.value ? each : worst,
  )
}
