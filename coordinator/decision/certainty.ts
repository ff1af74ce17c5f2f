import type { Appraised } from './appraise.js'
import { bestWorths, recommend, worthIn } from './recommend.js'
import type { Recommendation } from './recommend.js'

/** A deployment that is better than the chosen one in some of the worlds. */
export interface Rival {
  /** Number of the appraisal. */
  readonly which: number
  /** Share of the worlds in which it is the best and the choice is not right. */
  readonly wins: number
  /** What the choice is expected to lose to it: mean over all worlds. */
  readonly loss: number
}

/** How sure it is that the choice is the right one, and what it costs where it is not. */
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
  /** Mean over the worlds of the share of the best one’s work that the choice loses; nothing where it is right. */
  readonly expectedLoss: number
  /** Upper end of `expectedLoss`, since worlds are drawn in a finite number; holds with {@link boundConfidence}. */
  readonly lossAtMost: number
  /** Most expected loss first. */
  readonly rivals: readonly Rival[]
}

/** Of {@link Certainty.lossAtMost}. */
export const boundConfidence = 0.95
/** Of a one-sided bound with that confidence: normal quantile, and events that may hide behind none seen. */
const [oneSided, unseen] = [1.6448536269514722, 3]

/** Upper end of a mean over worlds: normal where many lose, the rule of three where few do. */
function upperEnd(sum: number, squares: number, most: number, count: number): number {
  const spread = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2) / count)
  return Math.min(1, Math.max(sum / count + oneSided * spread, (sum + unseen * most) / count))
}

/**
 * The recommendation, and how sure it is that no better one is missed.
 *
 * @param tolerance relative cost, such as 0.01, by which two deployments count as equally good.
 */
export function certaintyOf(appraised: Appraised, tolerance: number): Certainty {
  const { appraisals, worlds } = appraised
  const recommendation = recommend(appraised)
  const chosen = appraisals.findIndex((each) => each === recommendation?.best.appraisal)
  const bests = bestWorths(appraised)
  const rivals = new Map<number, { wins: number; loss: number }>()
  let right = 0
  let sum = 0
  let squares = 0
  let most = 0
  for (let world = 0; world < worlds.count; world += 1) {
    const top = bests[world] as number
    const own = chosen < 0 ? 0 : worthIn(appraised, world, chosen)
    // Where nothing meets the SLO, only the choice of nothing is right.
    if (chosen < 0 ? top === 0 : own > 0 && own >= top * (1 - tolerance)) {
      right += 1
      continue
    }
    if (top === 0) continue
    const loss = 1 - own / top
    sum += loss
    squares += loss ** 2
    most = Math.max(most, loss)
    const which = appraisals.findIndex((_, k) => worthIn(appraised, world, k) === top)
    const rival = rivals.get(which) ?? { wins: 0, loss: 0 }
    rivals.set(which, { wins: rival.wins + 1, loss: rival.loss + loss })
  }
  return {
    ...(recommendation === undefined ? {} : { recommendation, chosen }),
    probability: right / worlds.count,
    expectedLoss: sum / worlds.count,
    lossAtMost: upperEnd(sum, squares, most, worlds.count),
    rivals: [...rivals]
      .map(([which, { wins, loss }]) => ({
        which,
        wins: wins / worlds.count,
        loss: loss / worlds.count,
      }))
      .sort((a, b) => b.loss - a.loss || a.which - b.which),
  }
}
