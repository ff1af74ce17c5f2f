import type { Interval, MetricAccuracy } from '../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Verification, VerifiedMetric } from '../../shared/domain/sweep-desk.js'
import { bootstrapInterval } from '../../shared/stats/bootstrap.js'
import { meanInterval } from '../../shared/stats/interval.js'
import { mean, quantile, sorted } from '../../shared/stats/quantile.js'
import { unknownInterval } from './meta-metrics.js'

/** Of the verification’s own sampling intervals. */
const confidence = 0.9
/** 5 %, and what a division may be off: 21 against 20 is within it. */
const tolerance = 0.05 + 1e-9

export interface VerifiedPoint {
  /** What the sweep says of the configuration, by metric. */
  readonly estimates: Readonly<Partial<Record<MetricName, number>>>
  /** What the reference trial measured there. */
  readonly truths: Readonly<Partial<Record<MetricName, number>>>
  /** How much the configuration counts in accuracy; 1 when absent. */
  readonly weight?: number
}

export interface VerificationEvidence {
  readonly metrics: readonly MetricName[]
  readonly claims: readonly MetricAccuracy[]
  /** Uniformly random configurations of the space that the reference measured. */
  readonly points: readonly VerifiedPoint[]
  /** Device-seconds of every reference trial that came to a result, infeasible ones too. */
  readonly costs: readonly number[]
  /** Configurations of the full grid. */
  readonly of: number
  /** Device-seconds of the full grid’s engine starts. */
  readonly starts: number
  readonly sweepDeviceSeconds: number
  readonly seed: number
}

/** Sampling error shrinks to nothing as the sample becomes the whole. */
function withinPopulation(interval: Interval, sampled: number, of: number): Interval {
  const share = Math.sqrt(Math.max(0, 1 - sampled / of))
  const { value, low, high } = interval
  return { value, low: value - (value - low) * share, high: value + (high - value) * share }
}

/** A signed relative error, estimate / truth - 1. */
interface PointError {
  readonly error: number
  readonly weight: number
}

function errorsOf(points: readonly VerifiedPoint[], metric: MetricName): PointError[] {
  return points.flatMap(({ estimates, truths, weight = 1 }) => {
    const [estimate, truth] = [estimates[metric], truths[metric]]
    return estimate === undefined || truth === undefined || truth <= 0
      ? []
      : [{ error: estimate / truth - 1, weight }]
  })
}

/** Mean by weight; NaN of nothing. */
function meanOf(errors: readonly PointError[], of: (error: number) => number): number {
  const total = errors.reduce((sum, { weight }) => sum + weight, 0)
  return errors.reduce((sum, { error, weight }) => sum + weight * of(error), 0) / total
}

/** Size that this share of the weight stays below. */
function sizeQuantile(errors: readonly PointError[], share: number): number {
  const sizes = sorted(errors.map(({ error }) => Math.abs(error)))
  if (errors.every(({ weight }) => weight === errors[0]?.weight)) return quantile(sizes, share)
  return (
    sizes.find((size) => meanOf(errors, (error) => (Math.abs(error) <= size ? 1 : 0)) >= share) ??
    NaN
  )
}

const accuracyOf = (errors: readonly PointError[]): number => 1 - meanOf(errors, Math.abs)

function verified(metric: MetricName, evidence: VerificationEvidence): VerifiedMetric {
  const errors = errorsOf(evidence.points, metric)
  // Without enough audits nothing was claimed, so nothing can be refuted.
  const claim =
    evidence.claims.find((each) => each.metric === metric && each.calibrated)?.accuracy ??
    unknownInterval
  const value = accuracyOf(errors)
  const interval =
    errors.length === evidence.of
      ? { value, low: value, high: value }
      : (bootstrapInterval(errors, accuracyOf, { confidence, seed: evidence.seed }) ?? {
          ...unknownInterval,
          value,
        })
  return {
    metric,
    claimedAccuracy: claim,
    trueAccuracy: withinPopulation(interval, errors.length, evidence.of),
    trueWithin5: meanOf(errors, (error) => (Math.abs(error) <= tolerance ? 1 : 0)),
    trueP95Error: sizeQuantile(errors, 0.95),
    trueBias: meanOf(errors, (error) => error),
    insideClaim: claim.low <= value && value <= claim.high,
  }
}

/**
 * Full grid over sweep, from what the reference’s own trials cost: mean cost times configurations,
 * plus engine starts.
 */
function trueGain(evidence: VerificationEvidence): Interval {
  const { costs, of, starts, sweepDeviceSeconds } = evidence
  if (costs.length === 0 || !(sweepDeviceSeconds > 0)) return unknownInterval
  const value = mean(costs)
  const sampled = meanInterval(costs, confidence) ?? { ...unknownInterval, value }
  const each =
    costs.length >= of
      ? { value, low: value, high: value }
      : withinPopulation(sampled, costs.length, of)
  const gain = (cost: number) => (cost * of + starts) / sweepDeviceSeconds
  return { value: gain(each.value), low: gain(Math.max(0, each.low)), high: gain(each.high) }
}

/** The claim beside the truth. Figures that the evidence cannot give are NaN, never guessed. */
export function verificationOf(evidence: VerificationEvidence): Verification {
  return {
    sampled: evidence.points.length,
    of: evidence.of,
    metrics: evidence.metrics.map((metric) => verified(metric, evidence)),
    referenceDeviceSeconds: evidence.costs.reduce((total, cost) => total + cost, 0),
    sweepDeviceSeconds: evidence.sweepDeviceSeconds,
    trueGain: trueGain(evidence),
  }
}
