import type { Interval } from '../domain/meta-metrics.js'
import { mean, quantile, sorted } from './quantile.js'
import { createRandom } from './random.js'
import { normalCdf, normalQuantile } from './special-functions.js'

export interface BootstrapOptions {
  readonly confidence: number
  readonly seed: number
  /** 2,000 when left out: the ends of a 90 % interval then rest on 100 resamples each. */
  readonly resamples?: number
}

/**
 * Bias-corrected and accelerated (BCa) bootstrap interval of any statistic of independent samples
 * (Efron 1987). Second-order correct, yet too narrow below about ten samples, whatever the statistic.
 *
 * @param statistic must not depend on the order of its samples.
 * @returns undefined below two samples.
 */
export function bootstrapInterval<T>(
  samples: readonly T[],
  statistic: (samples: readonly T[]) => number,
  options: BootstrapOptions,
): Interval | undefined {
  if (samples.length < 2) return undefined
  const resamples = options.resamples ?? 2000
  const random = createRandom(options.seed).fork('bootstrap')
  const value = statistic(samples)
  const replicates = sorted(
    Array.from({ length: resamples }, () =>
      statistic(samples.map(() => samples[random.below(samples.length)] as T)),
    ),
  )
  const bias = biasCorrection(replicates, value)
  const acceleration = jackknifeAcceleration(samples, statistic)
  const level = (z: number) =>
    normalCdf(bias + (bias + z) / Math.max(1 - acceleration * (bias + z), 1e-6))
  const z = normalQuantile((1 + options.confidence) / 2)
  return { value, low: quantile(replicates, level(-z)), high: quantile(replicates, level(z)) }
}

/** How far the statistic lies from the median of its replicates, in standard normal units. */
function biasCorrection(replicates: readonly number[], value: number): number {
  const below = replicates.filter((replicate) => replicate < value).length
  const equal = replicates.filter((replicate) => replicate === value).length
  const share = (below + equal / 2) / replicates.length
  const resolution = 0.5 / replicates.length
  return normalQuantile(Math.min(Math.max(share, resolution), 1 - resolution))
}

function jackknifeAcceleration<T>(
  samples: readonly T[],
  statistic: (samples: readonly T[]) => number,
): number {
  const without = samples.map((_, left) => statistic(samples.filter((__, i) => i !== left)))
  const centre = mean(without)
  const squares = without.reduce((sum, each) => sum + (centre - each) ** 2, 0)
  const cubes = without.reduce((sum, each) => sum + (centre - each) ** 3, 0)
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}
