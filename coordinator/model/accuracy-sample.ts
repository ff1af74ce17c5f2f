import type { AccuracyEvidence } from './accuracy.js'
import { auditScale, intervalQuantile } from './calibration.js'
import type { HarvestBook } from './harvest/harvest-book.js'
import { blendedSds } from './harvest/harvest-sample.js'
import type { MetricSurface } from './metric-surface.js'
import type { Steps } from './steps.js'
import type { Weighting } from './weighting.js'

/** Configurations at which accuracy is summed where the space has more. */
const sampleSize = 256
/** The same where every prediction is dear. */
const localSampleSize = 128
/** Predictions that a step of a few milliseconds gets through. */
const sampleStep = 8
/** Standard deviation, in log units, of what no model has seen. */
const unknownSd = 3

export interface SampleGround {
  /** Configurations of the space. */
  readonly size: number
  /** All that may stand for the space, in random order. */
  readonly order: readonly number[]
  readonly weighting: Weighting
  readonly infeasible: ReadonlySet<number>
  readonly harvest: HarvestBook
  /** Probability in 0..1 that a configuration can run. */
  readonly feasible: (index: number) => number
}

/** What the accuracy of a metric is computed from, at configurations that stand for the space. */
export class AccuracySample {
  readonly #ground: SampleGround

  constructor(ground: SampleGround) {
    this.#ground = ground
  }

  /** Configurations that stand for all that the metric was not measured at. */
  unmeasured(metric: MetricSurface): number[] {
    const { order, weighting, feasible } = this.#ground
    const wanted = metric.model.isLocal ? localSampleSize : sampleSize
    const sample: number[] = []
    for (const index of order) {
      if (weighting.isEven && sample.length === wanted) break
      const isKnown = metric.isMeasured(index) || metric.isHarvested(index)
      if (!isKnown && feasible(index) >= 0.5) sample.push(index)
    }
    return weighting.isEven ? sample : weighting.represent(sample, wanted, (index) => index)
  }

  /** Predicts them step by step, so that the first who asks for the accuracy need not wait. */
  *foresee(metric: MetricSurface): Steps {
    if (!metric.model.fitted) return
    const sample = this.unmeasured(metric)
    for (let count = 0; count < sample.length; count += sampleStep) {
      metric.model.variances(sample.slice(0, count + sampleStep))
      yield
    }
  }

  evidence(metric: MetricSurface): AccuracyEvidence {
    const { size, weighting, infeasible, harvest } = this.#ground
    const sample = this.unmeasured(metric)
    const predicted = metric.model.fitted
      ? metric.model.variances(sample).map(Math.sqrt)
      : sample.map(() => unknownSd)
    const noiseSd = Math.sqrt(metric.noise.typical)
    const spread = harvest.spread(
      metric,
      Math.max(1, size - infeasible.size) - metric.measuredCount,
    )
    const unmeasuredSds = blendedSds(predicted, spread, auditScale(metric.audits), noiseSd)
    const measured = weighting.sum(metric.measuredIndices())
    const all = size - weighting.sum(infeasible)
    return {
      metric: metric.metric,
      unmeasuredSds,
      unmeasuredShare: unmeasuredSds.length === 0 ? 0 : Math.max(0, 1 - measured / all),
      isWeighted: !weighting.isEven,
      noiseSd,
      repeats: metric.noise.repeats,
      nodeSd: Math.sqrt(metric.nodeSpread),
      levelSd: Math.sqrt(meanLevelVariance(metric)),
      sharedNoiseSd: Math.sqrt(metric.noise.between),
      noiseDoubt: metric.noise.doubt,
      audits: metric.audits,
      intervalQuantile: intervalQuantile(metric.audits),
    }
  }
}

/** Of a sample of what was measured. */
function meanLevelVariance(metric: MetricSurface): number {
  const measured = [...metric.measuredIndices()].sort((a, b) => a - b)
  const stride = Math.max(1, Math.ceil(measured.length / sampleSize))
  let sum = 0
  let count = 0
  for (let k = 0; k < measured.length; k += stride) {
    sum += metric.levelVariance(measured[k] as number)
    count += 1
  }
  return sum / Math.max(1, count)
}
