import { quantile, sorted } from '../../../shared/stats/quantile.js'
import type { Configuration } from '../../../shared/domain/configuration.js'
import type { MetricName } from '../../../shared/domain/metric.js'

/** Metric values of one configuration. */
export type MetricValues = Readonly<Partial<Record<MetricName, number>>>

export interface DecisionScores {
  /** Share of the latency limits under which the same configuration is best. */
  readonly decision: number
  /** Mean share of the best throughput that the chosen configurations lose; 1 where one breaks the limit. */
  readonly regret: number
}

const limitShares = [0.25, 0.5, 0.75]
const latencies: readonly MetricName[] = ['itl', 'tpot', 'ttft', 'batch_ttft', 'e2e']

/** Output tokens per device-second. */
function ratePerDevice(values: MetricValues, configuration: Configuration): number | undefined {
  const { load, outputTokens, tensorParallel } = configuration
  if (values.output_throughput !== undefined) return values.output_throughput / tensorParallel
  if (values.e2e !== undefined) return (load * outputTokens) / values.e2e / tensorParallel
  const step = values.itl ?? values.tpot
  if (step === undefined) return undefined
  const first = values.ttft ?? values.batch_ttft ?? step
  return (load * outputTokens) / (first + step * (outputTokens - 1)) / tensorParallel
}

/**
 * Does the surface name the same best configuration as full knowledge does, under latency limits at
 * the quartiles? Undefined where the metrics have no latency or no throughput.
 */
export function decisionScores(
  configurations: readonly Configuration[],
  truth: readonly MetricValues[],
  estimates: readonly MetricValues[],
): DecisionScores | undefined {
  const latency = latencies.find((metric) => truth[0]?.[metric] !== undefined)
  if (latency === undefined) return undefined
  const rates = (values: readonly MetricValues[]): (number | undefined)[] =>
    values.map((each, row) => ratePerDevice(each, configurations[row] as Configuration))
  const trueRates = rates(truth)
  const believedRates = rates(estimates)
  if (trueRates[0] === undefined) return undefined
  const best = (
    values: readonly MetricValues[],
    among: readonly (number | undefined)[],
    limit: number,
  ): number => {
    let chosen = -1
    values.forEach((each, row) => {
      if ((each[latency] ?? Infinity) > limit) return
      if (chosen < 0 || (among[row] ?? 0) > (among[chosen] ?? 0)) chosen = row
    })
    return chosen
  }
  const ranked = sorted(truth.map((each) => each[latency] ?? Infinity))
  let same = 0
  let regret = 0
  for (const share of limitShares) {
    const limit = quantile(ranked, share)
    const right = best(truth, trueRates, limit)
    const chosen = best(estimates, believedRates, limit)
    if (chosen === right) {
      same += 1
      continue
    }
    const broken = chosen < 0 || (truth[chosen]?.[latency] ?? Infinity) > limit
    regret += broken ? 1 : 1 - (trueRates[chosen] ?? 0) / (trueRates[right] ?? 1)
  }
  return { decision: same / limitShares.length, regret: regret / limitShares.length }
}
