import { meanAbsoluteNormal } from './calibration.js'

/** Weight, in observations, of what trials say of their own noise against what repeats show. */
const reportedWeight = 2
/** Weight, in observations, of what all measurements of a metric say about the noise of one. */
const pooledWeight = 6
const ownWeight = 2
/** Relative standard deviation of a half-normal: what one absolute deviation says of the spread. */
const halfNormalSpread = 0.756
/** Relative noise below which no measurement is believed. */
const least = 1e-4

/** Values of one configuration, in log units, with the relative noise that each reported. */
export interface Repeats {
  readonly logs: readonly number[]
  readonly relativeSds: readonly number[]
  /** Standard deviations of what else they may differ by, of which the means are taken off. */
  readonly spreads?: readonly number[]
}

/** Noise of single measurements of one metric: reported, seen between repeats, pooled. */
export interface NoiseLevel {
  /** Variance of a typical single measurement, from one trial to another at another time. */
  readonly typical: number
  /** The part of it that trials cannot see of themselves: restarts, other nodes, other hours. */
  readonly between: number
  /** Repeats of configurations that `between` rests on. */
  readonly repeats: number
  /** Relative standard deviation of the square root of `typical`, as far as repeats made it. */
  readonly doubt: number
  /** Variance to expect of one that reports this relative standard deviation. */
  shrunk(relativeSd: number): number
}

export function noiseLevel(measured: Iterable<Repeats>): NoiseLevel {
  const reported: number[] = []
  let deviations = 0
  let repeats = 0
  for (const { logs, relativeSds, spreads } of measured) {
    for (const sd of relativeSds) if (sd >= 0) reported.push(sd * sd)
    const count = logs.length
    if (count < 2) continue
    const mean = logs.reduce((sum, log) => sum + log, 0) / count
    // Absolute deviations: one trial that went wrong must not pass for the noise of all.
    const sizes =
      logs.reduce((sum, log, k) => {
        const size = Math.abs(log - mean)
        const spread = spreads?.[k]
        return sum + (spread === undefined ? size : Math.hypot(size, meanAbsoluteNormal * spread))
      }, 0) / count
    deviations += ((count - 1) * sizes * Math.sqrt(count / (count - 1))) / meanAbsoluteNormal
    repeats += count - 1
  }
  reported.sort((a, b) => a - b)
  const within = Math.max(reported[reported.length >> 1] ?? least * least, least * least)
  const pooled =
    (reportedWeight * Math.sqrt(within) + deviations) / Math.max(1, reportedWeight + repeats)
  const typical = Math.max(within, pooled * pooled)
  const between = typical - within
  return {
    typical,
    between,
    repeats,
    doubt: between === 0 ? 0 : halfNormalSpread / Math.sqrt(reportedWeight + repeats),
    shrunk(relativeSd) {
      const own = relativeSd >= 0 ? relativeSd * relativeSd + between : typical
      return (pooledWeight * typical + ownWeight * own) / (pooledWeight + ownWeight)
    },
  }
}
