import type { Interval } from '../../shared/domain/meta-metrics.js'
import { quantile, sorted } from '../../shared/stats/quantile.js'
import { isEligible } from './appraise.js'
import type { Appraisal, Appraised } from './appraise.js'

/** How good a deployment is over the worlds that the measurements allow. */
export interface Standing {
  readonly appraisal: Appraisal
  /** 90 % interval of the objective per output token, where it runs. */
  readonly cost: Interval
  /** Share of worlds in which it runs and meets the SLO. */
  readonly meetsProbability: number
  /** Share of worlds in which no other deployment that meets the SLO costs less. */
  readonly bestProbability: number
  /** Mean share of what the best of each world does for the same money that choosing this one loses; 1 where it breaks the SLO. */
  readonly expectedRegret: number
}

export interface Recommendation {
  readonly best: Standing
  /** The next best that differs in more than its load, where there is one. */
  readonly runnerUp?: Standing
  /** Deployments that the estimates let through. */
  readonly eligible: number
  readonly considered: number
}

/** Work per cost in one world: 0 where a deployment breaks the SLO or does not run. */
export function worthIn({ appraisals, worlds }: Appraised, world: number, which: number): number {
  const place = world * appraisals.length + which
  return worlds.meets[place] === 1 ? 1 / (worlds.costs[place] as number) : 0
}

/** The best worth of each world over all deployments. */
export function bestWorths(appraised: Appraised): Float64Array {
  const { appraisals, worlds } = appraised
  return Float64Array.from({ length: worlds.count }, (_, world) => {
    let best = 0
    for (let k = 0; k < appraisals.length; k += 1) {
      best = Math.max(best, worthIn(appraised, world, k))
    }
    return best
  })
}

/**
 * Mean over the worlds of the share of the best one’s work that a deployment does for the same cost, by
 * appraisal: 1 less the expected regret, but for worlds in which nothing meets the SLO, which count nothing.
 *
 * @param bests of {@link bestWorths}
 */
export function expectedShares(appraised: Appraised, bests: Float64Array): Float64Array {
  const { appraisals, worlds } = appraised
  const sums = new Float64Array(appraisals.length)
  for (let world = 0; world < worlds.count; world += 1) {
    const best = bests[world] as number
    if (best === 0) continue
    for (let k = 0; k < sums.length; k += 1) {
      sums[k] = (sums[k] as number) + worthIn(appraised, world, k) / best / worlds.count
    }
  }
  return sums
}

/** @param bests of {@link bestWorths} */
export function standingOf(appraised: Appraised, which: number, bests: Float64Array): Standing {
  const { appraisals, worlds } = appraised
  const appraisal = appraisals[which] as Appraisal
  const costs: number[] = []
  let meets = 0
  let best = 0
  let regret = 0
  for (let world = 0; world < worlds.count; world += 1) {
    const place = world * appraisals.length + which
    const cost = worlds.costs[place] as number
    if (Number.isFinite(cost)) costs.push(cost)
    meets += worlds.meets[place] as number
    const worth = worthIn(appraised, world, which)
    const top = bests[world] as number
    if (worth > 0 && worth >= top) best += 1
    // Where nothing meets the SLO, choosing this one loses nothing that another would have won.
    regret += top > 0 ? 1 - worth / top : 0
  }
  const ranked = sorted(costs)
  return {
    appraisal,
    cost: { value: appraisal.cost, low: quantile(ranked, 0.05), high: quantile(ranked, 0.95) },
    meetsProbability: meets / worlds.count,
    bestProbability: best / worlds.count,
    expectedRegret: regret / worlds.count,
  }
}

/**
 * The eligible deployment with the least expected regret, a broken SLO counted as no work; the cheaper
 * estimate decides a tie. Undefined when none is eligible.
 */
export function recommend(appraised: Appraised): Recommendation | undefined {
  const { appraisals } = appraised
  const bests = bestWorths(appraised)
  const shares = expectedShares(appraised, bests)
  const eligible = appraisals.flatMap((appraisal, k) => (isEligible(appraisal) ? [k] : []))
  const ranking = [...eligible].sort(
    (a, b) =>
      (shares[b] as number) - (shares[a] as number) ||
      (appraisals[a] as Appraisal).cost - (appraisals[b] as Appraisal).cost,
  )
  const [first] = ranking
  if (first === undefined) return undefined
  const blockOf = (k: number) => JSON.stringify((appraisals[k] as Appraisal).deployment.block)
  const second = ranking.find((k) => blockOf(k) !== blockOf(first)) ?? ranking[1]
  return {
    best: standingOf(appraised, first, bests),
    ...(second === undefined ? {} : { runnerUp: standingOf(appraised, second, bests) }),
    eligible: appraised.eligible,
    considered: appraised.considered,
  }
}
