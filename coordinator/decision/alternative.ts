import { quantile, sorted } from '../../shared/stats/quantile.js'
import { isEligible } from './appraise.js'
import type { Appraisal, Appraised } from './appraise.js'
import { bestWorths, standingOf } from './recommend.js'
import type { Standing } from './recommend.js'
import { isTold, regretAllowed } from './verdict.js'
import type { View } from './verdict.js'

/** Excess over a limit, as a share of it, up to which a deployment lies at the limit rather than beyond it. */
const atLimit = 0.02
/** With which an excess is at most what is told, and with which a deployment meets its limits surely. */
const confidence = 0.95

/**
 * The other choice where a limit itself is what cannot be told: cheaper and perhaps a hair beyond the limit,
 * or dearer and surely within it. Which of the two is right hangs on what the limit is worth, not on more
 * measurements.
 */
export interface Alternative {
  /** Number of the appraisal. */
  readonly which: number
  readonly standing: Standing
  /** Cost per output token over that of the choice; absent where the choice is that nothing meets the limits. */
  readonly costRatio?: number
  /** Of the alternative; see {@link excessAtMost}. */
  readonly excessAtMost: number
}

/**
 * How far the worst figure of a deployment may lie above its limit, as a share of the limit: upper end, with
 * 95 %; 0 where it is surely within, infinite where it may not run.
 */
export function excessAtMost({ appraisals, worlds }: Appraised, which: number): number {
  if (worlds.excess.length === 0) return 0
  const excesses = Array.from({ length: worlds.count }, (_, world) => {
    const place = world * appraisals.length + which
    return Number.isNaN(worlds.costs[place]) ? Infinity : (worlds.excess[place] as number)
  })
  return Math.max(0, quantile(sorted(excesses), confidence))
}

/** @returns undefined where the choice is told as one, and where no limit is what leaves it open. */
export function alternativeOf({ appraised, certainty }: View): Alternative | undefined {
  if (isTold(certainty)) return undefined
  const { appraisals } = appraised
  const chosen = appraisals[certainty.chosen ?? -1]
  const which = bolder(appraised, certainty.rivals, chosen) ?? safer(appraised, certainty.chosen)
  if (which === undefined) return undefined
  const standing = standingOf(appraised, which, bestWorths(appraised))
  return {
    which,
    standing,
    ...(chosen === undefined ? {} : { costRatio: standing.appraisal.cost / chosen.cost }),
    excessAtMost: excessAtMost(appraised, which),
  }
}

/** The measured rival at its limit, cheaper than the choice, to which that is expected to lose most. */
function bolder(
  appraised: Appraised,
  rivals: View['certainty']['rivals'],
  chosen: Appraisal | undefined,
): number | undefined {
  const most = (chosen?.cost ?? Infinity) * (1 - regretAllowed)
  return rivals.find(({ which }) => {
    const { measured, cost } = appraised.appraisals[which] as Appraisal
    if (!measured || cost >= most) return false
    const excess = excessAtMost(appraised, which)
    return excess > 0 && excess <= atLimit
  })?.which
}

/** Where the choice itself lies at its limit: the cheapest measured deployment that surely meets it. */
function safer(appraised: Appraised, chosen: number | undefined): number | undefined {
  if (chosen === undefined) return undefined
  const excess = excessAtMost(appraised, chosen)
  if (excess === 0 || excess > atLimit) return undefined
  const { appraisals, worlds } = appraised
  let safest: number | undefined
  appraisals.forEach((appraisal, which) => {
    if (!appraisal.measured || !isEligible(appraisal)) return
    let meets = 0
    for (let world = 0; world < worlds.count; world += 1) {
      meets += worlds.meets[world * appraisals.length + which] as number
    }
    if (meets < confidence * worlds.count) return
    if (safest === undefined || appraisal.cost < (appraisals[safest] as Appraisal).cost) {
      safest = which
    }
  })
  return safest
}
