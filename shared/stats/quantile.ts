/** Ascending numbers; only {@link sorted} makes them, so a function can ask for them by type. */
export type SortedSamples = readonly number[] & { readonly __sorted: unique symbol }

export function sorted(samples: Iterable<number>): SortedSamples {
  return [...samples].sort((a, b) => a - b) as unknown as SortedSamples
}

/**
 * Linear-interpolation quantile (numpy’s default, Hyndman-Fan type 7).
 *
 * @param q in 0..1
 * @returns NaN for no samples.
 */
export function quantile(samples: SortedSamples, q: number): number {
  if (samples.length === 0) return NaN
  const position = (samples.length - 1) * q
  const below = Math.floor(position)
  const low = samples[below] as number
  const high = samples[Math.min(below + 1, samples.length - 1)] as number
  return low + (high - low) * (position - below)
}

export const median = (samples: Iterable<number>): number => quantile(sorted(samples), 0.5)

export function mean(samples: readonly number[]): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length
}

/** Sample standard deviation (n - 1); NaN below two samples. */
export function standardDeviation(samples: readonly number[]): number {
  if (samples.length < 2) return NaN
  const centre = mean(samples)
  const squares = samples.reduce((sum, sample) => sum + (sample - centre) ** 2, 0)
  return Math.sqrt(squares / (samples.length - 1))
}
