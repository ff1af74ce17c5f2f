import type { Interval } from '../../../shared/domain/meta-metrics.js'
import { metricTable } from '../../../shared/domain/metric.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { bootstrapInterval } from '../../../shared/stats/bootstrap.js'
import { mean } from '../../../shared/stats/quantile.js'
import { logInterval } from '../../decision/point.js'
import type { Knowledge } from '../../decision/point.js'
import { discoveries } from './false-discovery.js'
import { matched } from './match.js'
import type { Across } from './match.js'
import { flipsOf } from './ranking.js'
import type { Flip } from './ranking.js'
import { ratiosOf, worsening } from './ratio.js'
import type { Ratio, TrialNoise } from './ratio.js'

export interface Side {
  readonly knowledge: Knowledge
  readonly noise: TrialNoise
}

export interface ComparisonOptions {
  readonly across: readonly Across[]
  /** Also compare where a side only estimates. */
  readonly estimates: boolean
  /** Relative worsening that is accepted. */
  readonly threshold: number
  /** Share of the differences named that may be false. */
  readonly falseDiscoveryRate: number
  readonly seed: number
}

export type Verdict = 'better' | 'worse' | 'same'

export interface ComparedRatio extends Ratio {
  /** Of the second side; `same` where no difference stands. */
  readonly verdict: Verdict
  /** Worse beyond the threshold, and it stands. */
  readonly regressed: boolean
}

export interface MetricComparison {
  readonly metric: MetricName
  /** Geometric mean of second / first over the configurations; 90 % interval. */
  readonly overall: Interval
  /** The whole of the interval is worse than the threshold allows. */
  readonly regressed: boolean
  readonly ratios: readonly ComparedRatio[]
  readonly flips: readonly Flip[]
}

export interface Comparison {
  readonly first: string
  readonly second: string
  readonly matched: number
  readonly metrics: readonly MetricComparison[]
  /** Any metric over all, or any single configuration. */
  readonly regressed: boolean
}

const confidence = 0.9

/** What spreads the mean: the configurations that happen to be matched, and the noise of each. */
function overallRatio(ratios: readonly Ratio[], seed: number): Interval {
  const logs = ratios.map(({ ratio }) => Math.log(ratio.value))
  const centre = mean(logs)
  const noise = Math.sqrt(ratios.reduce((sum, { logSd }) => sum + logSd ** 2, 0)) / ratios.length
  const drawn = bootstrapInterval(logs, mean, { confidence, seed, resamples: 1000 })
  const own = logInterval(Math.exp(centre), noise)
  if (drawn === undefined) return own
  const half = Math.log(own.high) - centre
  return {
    value: own.value,
    low: Math.exp(centre - Math.hypot(centre - drawn.low, half)),
    high: Math.exp(centre + Math.hypot(drawn.high - centre, half)),
  }
}

function comparedMetric(
  ratios: readonly Ratio[],
  metric: MetricName,
  { threshold, falseDiscoveryRate, seed }: ComparisonOptions,
): MetricComparison {
  const differs = discoveries(
    ratios.map((each) => each.differs),
    falseDiscoveryRate,
  )
  const regresses = discoveries(
    ratios.map((each) => each.regresses),
    falseDiscoveryRate,
  )
  const overall = overallRatio(ratios, seed)
  const bestEnd = metricTable[metric].better === 'lower' ? overall.low : overall.high
  return {
    metric,
    overall,
    regressed: worsening(metric, bestEnd) > Math.log1p(threshold),
    ratios: ratios.map((each, k) => ({
      ...each,
      verdict:
        differs[k] !== true ? 'same' : worsening(metric, each.ratio.value) > 0 ? 'worse' : 'better',
      regressed: regresses[k] === true,
    })),
    flips: flipsOf(ratios, differs),
  }
}

/**
 * Holds two sides against each other at the configurations that both know. Differences are judged
 * per metric over all configurations together, so that looking at many finds no more false ones
 * than the rate allows.
 *
 * @throws FmworkError NOT_COMPARABLE
 */
export function compare(first: Side, second: Side, options: ComparisonOptions): Comparison {
  const pairs = matched(first.knowledge, second.knowledge, options.across, options.estimates)
  const metrics = first.knowledge.metrics
    .filter((metric) => second.knowledge.metrics.includes(metric))
    .flatMap((metric) => {
      const ratios = ratiosOf(pairs, metric, [first.noise, second.noise], options.threshold)
      return ratios.length === 0 ? [] : [comparedMetric(ratios, metric, options)]
    })
  return {
    first: first.knowledge.name,
    second: second.knowledge.name,
    matched: pairs.length,
    metrics,
    regressed: metrics.some(
      ({ regressed, ratios }) => regressed || ratios.some((each) => each.regressed),
    ),
  }
}
