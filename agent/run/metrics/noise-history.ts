/** Degrees of freedom that earlier trials may weigh at most: nu0 of the chi-square shrinkage. */
const priorDegrees = 6
/** Earlier degrees of freedom remembered: older trials fade, since a host’s noise changes. */
const memoryDegrees = 40

export interface Spread {
  /** Of the logarithm of one repetition. */
  readonly variance: number
  readonly degrees: number
}

/** Repetitions within a factor of this in length count as alike: short ones are far noisier. */
const alikeFactor = 4

/** What spreads alike: one metric, in repetitions of about one length. */
export function noiseKey(metric: string, repetitionSeconds: number): string {
  return `${metric}@${Math.round(Math.log(repetitionSeconds) / Math.log(alikeFactor))}`
}

/**
 * The relative spread of repetitions that earlier trials of a block showed. Three repetitions alone
 * say nearly nothing of their own spread (t = 4.30); shrunk towards what like trials showed they do.
 */
export class NoiseHistory {
  readonly #known = new Map<string, Spread>()

  /** @param spread what the repetitions at hand show; undefined for one repetition. */
  shrink(key: string, spread: Spread | undefined): Spread | undefined {
    const known = this.#known.get(key)
    const prior = Math.min(priorDegrees, known?.degrees ?? 0)
    if (known === undefined || prior < 1) return spread
    const own = spread ?? { variance: 0, degrees: 0 }
    const degrees = prior + own.degrees
    return { variance: (prior * known.variance + own.degrees * own.variance) / degrees, degrees }
  }

  learn(key: string, spread: Spread): void {
    const known = this.#known.get(key) ?? { variance: 0, degrees: 0 }
    const total = known.degrees + spread.degrees
    if (total === 0) return
    this.#known.set(key, {
      variance: (known.degrees * known.variance + spread.degrees * spread.variance) / total,
      degrees: Math.min(memoryDegrees, total),
    })
  }
}
