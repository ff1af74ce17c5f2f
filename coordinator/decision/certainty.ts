import type { Appraised } from './appraise.js'
import { bestWorths, recommend, worthIn } from './recommend.js'
import type { Recommendation } from './recommend.js'

/** How sure it is that the choice is the right one. */
export interface Certainty {
  /** Absent, as is `chosen`, where nothing is eligible: then the choice is that nothing will do. */
  readonly recommendation?: Recommendation
  /** Number of the chosen appraisal. */
  readonly chosen?: number
  /**
   * Share of the worlds in which the chosen one meets the SLO and no other does the same work for
   * less than 1 - tolerance of its cost; of a choice of nothing: in which nothing meets the SLO.
   */
  readonly probability: number
  /** Most often the best one in the other worlds; absent where there are none. */
  readonly challenger?: number
}

/**
 * The recommendation, and the probability that no better one is missed.
 *
 * @param tolerance relative cost, such as 0.01, by which two deployments count as equally good.
 */
export function certaintyOf(appraised: Appraised, tolerance: number): Certainty {
  const { appraisals, worlds } = appraised
  const recommendation = recommend(appraised)
  const chosen = appraisals.findIndex((each) => each === recommendation?.best.appraisal)
  const bests = bestWorths(appraised)
  const wins = new Map<number, number>()
  let right = 0
  for (let world = 0; world < worlds.count; world += 1) {
    const top = bests[world] as number
    const own = chosen < 0 ? 0 : worthIn(appraised, world, chosen)
    // Where nothing meets the SLO, only the choice of nothing is right.
    if (chosen < 0 ? top === 0 : own > 0 && own >= top * (1 - tolerance)) {
      right += 1
      continue
    }
    const rival = appraisals.findIndex((_, k) => top > 0 && worthIn(appraised, world, k) === top)
    if (rival >= 0) wins.set(rival, (wins.get(rival) ?? 0) + 1)
  }
  const [challenger] = [...wins].sort(([a, m], [b, n]) => n - m || a - b)[0] ?? []
  return {
    ...(recommendation === undefined ? {} : { recommendation, chosen }),
    probability: right / worlds.count,
    ...(challenger === undefined ? {} : { challenger }),
  }
}
