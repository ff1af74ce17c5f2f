/** Weight, in observations, of what all measurements of a metric say about the noise of one. */
const pooledWeight = 6
const ownWeight = 2
/** Relative noise below which no measurement is believed. */
const least = 1e-4

/** Values of one configuration, in log units, with the relative noise that each reported. */
export interface Repeats {
  readonly logs: readonly number[]
  readonly relativeSds: readonly number[]
}

/** Noise of single measurements of one metric: reported, seen between repeats, pooled. */
export interface NoiseLevel {
  /** Variance of a typical single measurement. */
  readonly typical: number
  /** Variance to expect of one that reports this relative standard deviation. */
  shrunk(relativeSd: number): number
}

export function noiseLevel(measured: Iterable<Repeats>): NoiseLevel {
  const reported: number[] = []
  let squares = 0
  let degrees = 0
  for (const { logs, relativeSds } of measured) {
    for (const sd of relativeSds) if (sd >= 0) reported.push(sd * sd)
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
    for (const log of logs) squares += (log - mean) ** 2
    degrees += logs.length - 1
  }
  reported.sort((a, b) => a - b)
  const within = Math.max(reported[reported.length >> 1] ?? least * least, least * least)
  // Repeats see what a trial cannot see of itself: restarts, other nodes, other hours.
  const typical = Math.max(within, (pooledWeight * within + squares) / (pooledWeight + degrees))
  return {
    typical,
    shrunk(relativeSd) {
      const own = relativeSd >= 0 ? relativeSd * relativeSd : typical
      return (pooledWeight * typical + ownWeight * own) / (pooledWeight + ownWeight)
    },
  }
}
