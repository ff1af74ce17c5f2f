import type { NoiseLevel } from './noise.js'

/** Part of the tolerance below which noise needs no study. */
const negligible = 0.1
/** Repeats that may show trials to be as noisy as they say, and no more. */
const fewestRepeats = 4
/** Repeats that show how noisy trials are well enough to stop for it. */
const repeatsToKnow = 6

/** Whether measuring again would say more of how noisy trials are. */
export function repeatsWanted(levels: readonly NoiseLevel[], tolerance: number): boolean {
  return levels.some(
    ({ typical, between, repeats }) =>
      typical > (negligible * tolerance) ** 2 && (repeats < fewestRepeats || between > typical / 3),
  )
}

/** What trials report is the least that noise can be; what few repeats add may be chance. */
export const isNoiseKnown = (levels: readonly NoiseLevel[]): boolean =>
  levels.every(({ between, repeats }) => between === 0 || repeats >= repeatsToKnow)
