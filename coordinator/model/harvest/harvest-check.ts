import type { Interval } from '../../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { normal90 } from '../../../shared/stats/normal.js'
import { auditScale } from '../calibration.js'

/** A configuration that both a longer run and a run of its own told of. */
export interface HarvestCheck {
  readonly index: number
  /** Log of harvest / own run, in the metric’s own direction. */
  readonly gap: number
  /** Noise variance that the two give the gap. */
  readonly variance: number
}

/** How far one metric’s harvest is off, as far as checks show. */
export interface HarvestBias {
  readonly metric: MetricName
  readonly checks: number
  /** Mean of harvest / own run - 1, with a 90 % interval. */
  readonly bias: Interval
  /** Proven, however often it was looked at, and large enough to matter. */
  readonly distrusted: boolean
}

/** Standard deviations beyond which one gap says no more than that it is far out. */
const farthest = 3
/** Evidence, as a likelihood ratio, that no harvest without a bias gives more often than 1 in 100. */
const proof = 100
/** Standard deviation of biases to expect where there are some. */
const biasToExpect = 0.05
/** Fewest checks that a judgement rests on. */
const fewest = 3
/** Part of the tolerance below which a bias does not matter. */
const negligible = 0.25

/**
 * Bias of one metric’s harvest against runs of their own. The evidence against none is the mixture of
 * likelihood ratios over biases to expect, which may be looked at after every check (Ville’s
 * inequality); gaps far out are pulled in first, so that one spoilt run proves nothing.
 *
 * @param tolerance relative error that is good enough.
 * @param metrics among which a false alarm may come from any.
 */
export function harvestBias(
  metric: MetricName,
  checks: readonly HarvestCheck[],
  tolerance: number,
  metrics: number,
): HarvestBias {
  const n = checks.length
  if (n === 0) {
    const bias = { value: 0, low: -Infinity, high: Infinity }
    return { metric, checks: 0, bias, distrusted: false }
  }
  const ordered = [...checks].sort((a, b) => a.index - b.index)
  let weight = 0
  let weighted = 0
  for (const { gap, variance } of ordered) {
    const reach = farthest * Math.sqrt(variance)
    weight += 1 / variance
    weighted += Math.max(-reach, Math.min(reach, gap)) / variance
  }
  const mean = weighted / weight
  // Gaps that spread more than their noise leave more open.
  const seen = ordered.reduce((sum, { gap, variance }) => sum + (gap - mean) ** 2 / variance, 0)
  const stretch = n > 1 ? Math.max(1, seen / (n - 1)) : 1
  const variance = stretch / weight
  const prior = biasToExpect ** 2
  const evidence =
    -0.5 * Math.log(1 + prior / variance) +
    (mean * mean * prior) / (2 * variance * (variance + prior))
  const reach = normal90 * Math.sqrt(variance)
  return {
    metric,
    checks: n,
    bias: {
      value: Math.expm1(mean),
      low: Math.expm1(mean - reach),
      high: Math.expm1(mean + reach),
    },
    distrusted:
      n >= fewest &&
      evidence >= Math.log(proof * metrics) &&
      Math.abs(Math.expm1(mean)) >= negligible * tolerance,
  }
}

/** Factor between the errors that noise alone gives harvested values and those that checks saw. */
export function harvestScale(checks: readonly HarvestCheck[]): number {
  return Math.max(
    1,
    auditScale(
      checks.map(({ index, gap, variance }) => ({
        index,
        z: gap / Math.sqrt(variance),
        relativeError: Math.expm1(gap),
      })),
    ),
  )
}
