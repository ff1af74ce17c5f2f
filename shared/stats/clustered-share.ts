import type { Interval } from '../domain/meta-metrics.js'
import { binomialInterval } from './binomial.js'

/** Something that holds or not, and what it has in common with others: these are wrong together. */
export interface Clustered {
  readonly cluster: string
  readonly holds: boolean
}

/**
 * As many independent ones as these are worth: fewer where those of a cluster are alike, never more than
 * there are; as many as clusters where all are alike, since then nothing tells how alike they are.
 */
function effectiveCount(samples: readonly Clustered[], share: number): number {
  const clusters = new Map<string, { held: number; count: number }>()
  for (const { cluster, holds } of samples) {
    const { held, count } = clusters.get(cluster) ?? { held: 0, count: 0 }
    clusters.set(cluster, { held: held + (holds ? 1 : 0), count: count + 1 })
  }
  const squares = [...clusters.values()].reduce(
    (sum, { held, count }) => sum + (held - share * count) ** 2,
    0,
  )
  const variance = (clusters.size / (clusters.size - 1)) * (squares / samples.length ** 2)
  const binomial = share * (1 - share)
  return variance > 0 && binomial > 0
    ? Math.min(samples.length, binomial / variance)
    : clusters.size
}

/**
 * Two-sided interval of a share of samples that come in clusters: Clopper and Pearson’s for the effective
 * number of samples (Korn and Graubard 1998).
 *
 * @returns undefined without samples.
 */
export function clusteredShare(
  samples: readonly Clustered[],
  confidence: number,
): Interval | undefined {
  if (samples.length === 0) return undefined
  const share = samples.filter(({ holds }) => holds).length / samples.length
  const count = effectiveCount(samples, share)
  const found = binomialInterval(share * count, count, confidence)
  return found === undefined ? undefined : { ...found, value: share }
}
