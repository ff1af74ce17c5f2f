import type { Interval, MetricAccuracy } from '../../shared/domain/meta-metrics.js'
import { auditScale, auditScaleSpread, lognormalError, shareWithin } from './calibration.js'
import type { AuditError } from './calibration.js'
import type { MetricName } from '../../shared/domain/metric.js'
import { normal90 } from '../../shared/stats/normal.js'
import { risingRoot } from '../../shared/stats/rising-root.js'

/** Audits below which no figure is called calibrated. */
export const auditsToCalibrate = 6

/** What a metric’s accuracy is computed from. */
export interface AccuracyEvidence {
  readonly metric: MetricName
  /** Predicted standard deviations, in log units, at a sample of the configurations not measured. */
  readonly unmeasuredSds: readonly number[]
  /** Share of the feasible configurations that are not measured. */
  readonly unmeasuredShare: number
  /** Some configurations count more than others. */
  readonly isWeighted?: boolean
  /** Standard deviation of one measurement’s noise, in log units. */
  readonly noiseSd: number
  /** How often a configuration was measured again: without that nobody knows what trials differ by. */
  readonly repeats: number
  /** By how much one node is off the mean of its class, root mean square: the reference is measured on any of them. */
  readonly nodeSd?: number
  /** What not knowing their levels leaves open of what was measured, likewise. */
  readonly levelSd?: number
  /** The part of it that trials of one hour share, and those of another hour do not. */
  readonly sharedNoiseSd: number
  /** Relative standard deviation of `noiseSd` itself: few repeats say little of it. */
  readonly noiseDoubt: number
  readonly audits: readonly AuditError[]
  /** Standard deviations of the 90 % interval, to judge audits by. */
  readonly intervalQuantile: number
}

interface Figures {
  readonly error: number
  readonly within5: number
  readonly p95: number
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** Error beyond which nothing is told apart, and how exactly quantiles of errors are. */
const worstError = 20
const errorTolerance = 2e-11

/**
 * Relative error that this share of configurations stays within.
 *
 * @param near where to look first.
 */
function errorQuantile(within: (error: number) => number, share: number, near: number): number {
  let low = 0
  let high = Math.max(errorTolerance, Math.min(worstError, near))
  while (within(high) < share) {
    if (high === worstError) return worstError
    low = high
    high = Math.min(worstError, 2 * high)
  }
  if (within(low) >= share) return low
  return risingRoot((error) => within(error) - share, low, high, errorTolerance)
}

/**
 * Accuracy as the full grid, measured once at another time, would find it: the noise of that
 * measurement is part of every error, and what its hour does to all of it part of the interval.
 */
export function metricAccuracy(evidence: AccuracyEvidence): MetricAccuracy {
  const { unmeasuredSds, unmeasuredShare: open, noiseSd, sharedNoiseSd, audits } = evidence
  const nodes = (evidence.nodeSd ?? 0) ** 2
  const levels = (evidence.levelSd ?? 0) ** 2
  const scale = auditScale(audits)
  const spread = auditScaleSpread(audits, normal90)
  const known = 1 - open
  /**
   * @param factor between the errors that the model expects and those of audits.
   * @param shared variance that the other hour adds to what is expected of it.
   * @param noiseFactor of `noiseSd`.
   */
  const figures = (factor: number, shared: number, noiseFactor = 1): Figures => {
    const noise = (noiseFactor * noiseSd) ** 2
    const sdOf = (variance: number): number => Math.sqrt(Math.max(0, variance + shared))
    const knownSd = sdOf(2 * noise + nodes + levels)
    // An audit’s standardised error counts its noise in, so the scale is that of the sum.
    const sds = unmeasuredSds.map((sd) => sdOf(factor ** 2 * (sd ** 2 + noise) + nodes))
    const within = (tolerance: number): number =>
      known * shareWithin(tolerance, knownSd) +
      open * mean(sds.map((sd) => shareWithin(tolerance, sd)))
    const error = known * lognormalError(knownSd) + open * mean(sds.map(lognormalError))
    // Of a normal error, 95 % are within two and a half times its mean size.
    return { error, within5: within(0.05), p95: errorQuantile(within, 0.95, 2.5 * error) }
  }
  const value = figures(scale, 0)
  const shared = sharedNoiseSd ** 2
  const noiseSpread = normal90 * evidence.noiseDoubt
  const better = [
    figures(scale * Math.exp(-spread), 0),
    figures(scale, -shared),
    figures(scale, 0, Math.exp(-noiseSpread)),
  ]
  const worse = [
    figures(scale * Math.exp(spread), 0),
    figures(scale, (normal90 ** 2 - 1) * shared),
    figures(scale, 0, Math.exp(noiseSpread)),
  ]
  const interval = (at: (one: Figures) => number): Interval => {
    const centre = at(value)
    // Independent reasons to be off add in squares.
    const reach = (ends: readonly Figures[]): number =>
      Math.hypot(...ends.map((end) => at(end) - centre))
    const rising = at(value) <= at(better[0] as Figures)
    const [up, down] = rising ? [better, worse] : [worse, better]
    return { value: centre, low: centre - reach(down), high: centre + reach(up) }
  }
  const calibrated = audits.length >= auditsToCalibrate
  return {
    metric: evidence.metric,
    calibrated,
    why: `${audits.length}${calibrated ? '' : ` of ${auditsToCalibrate}`} audits${evidence.isWeighted === true ? ', by weight' : ''}`,
    accuracy: clamped(
      interval(({ error }) => 1 - error),
      -Infinity,
      1,
    ),
    within5: clamped(
      interval(({ within5 }) => within5),
      0,
      1,
    ),
    p95Error: clamped(
      interval(({ p95 }) => p95),
      0,
      Infinity,
    ),
    bias: biasInterval(evidence, mean(unmeasuredSds) * scale),
    noiseFloor:
      evidence.repeats === 0
        ? NaN
        : lognormalError(Math.SQRT2 * Math.hypot(noiseSd, evidence.nodeSd ?? 0)),
    ...(audits.length === 0
      ? {}
      : {
          coverage: mean(audits.map(({ z }) => (Math.abs(z) <= evidence.intervalQuantile ? 1 : 0))),
        }),
  }
}

/** Ends that no figure of its kind can have are cut off. */
const clamped = ({ value, low, high }: Interval, least: number, most: number): Interval => ({
  value,
  low: Math.max(least, low),
  high: Math.min(most, high),
})

/** Signed error over the grid: audits say how far standardised errors lean to one side. */
function biasInterval(evidence: AccuracyEvidence, meanSd: number): Interval {
  const { audits, unmeasuredShare } = evidence
  const lean = audits.reduce((sum, { z }) => sum + Math.max(-8, Math.min(8, z)), 0)
  const n = audits.length
  const centre = lean / (n + 2)
  const squares = audits.reduce(
    (sum, { z }) => sum + (Math.max(-8, Math.min(8, z)) - centre) ** 2,
    0,
  )
  const reach = (normal90 * Math.sqrt((squares + 2) / (n + 2))) / Math.sqrt(n + 2)
  const unit = unmeasuredShare * meanSd
  return { value: centre * unit, low: (centre - reach) * unit, high: (centre + reach) * unit }
}
