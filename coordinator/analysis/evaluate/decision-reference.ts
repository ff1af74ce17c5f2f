import { appraise } from '../../decision/appraise.js'
import type { Appraised } from '../../decision/appraise.js'
import { bestWorths, expectedShares, recommend } from '../../decision/recommend.js'
import type { Knowledge } from '../../decision/point.js'
import type { Certainty } from '../../decision/certainty.js'
import { knowledgeOfGrid } from '../cost/knowledge-of-grid.js'
import type { DecisionCase } from './decision-case.js'
import type { Grid } from './grid.js'

/** How good a choice is. */
export interface Judgement {
  /** The very deployment that the full grid names; ties count as different. */
  readonly same: boolean
  /**
   * Share of the work for the same money that it loses, the recorded values taken as the truth; 1 where it
   * breaks a limit by these, or does nothing where something would do.
   */
  readonly regret: number
  /**
   * The same where the recorded values are what they are, measurements with the grid’s own noise: by how much
   * its expected regret exceeds that of the choice which is the least by them. 0 where nobody who has the
   * full grid could do better.
   */
  readonly regretByNoise: number
  /** It breaks a limit by the recorded values. */
  readonly breaks: boolean
}

/** What the full grid says of a question. */
export interface Reference {
  /** Key of the right deployment; undefined where nothing keeps the limits. */
  readonly right?: string
  judge(chosen: string | undefined): Judgement
}

/** The key of the deployment that is chosen; undefined where none is. */
export const chosenIn = (appraised: Appraised, { chosen }: Certainty): string | undefined =>
  appraised.appraisals[chosen ?? -1]?.deployment.key

/** By key, and of the choice of nothing: mean over the worlds of the share of the best one’s work that it does. */
function sharesIn(appraised: Appraised): { shares: Map<string, number>; nothing: number } {
  const bests = bestWorths(appraised)
  const shares = expectedShares(appraised, bests)
  return {
    shares: new Map(
      appraised.appraisals.map(({ deployment }, k) => [deployment.key, shares[k] as number]),
    ),
    // Right where nothing keeps the limits, and only there.
    nothing: bests.filter((best) => best === 0).length / bests.length,
  }
}

/**
 * Judges choices by a full grid: every row measured once.
 *
 * @throws FmworkError USAGE for a question that the grid cannot answer.
 */
export function referenceOf(grid: Grid, { traffic, slo, prices }: DecisionCase): Reference {
  const ask = (knowledge: Knowledge, draws: { readonly draws?: number }): Appraised =>
    appraise({ knowledge, traffic, slo, prices, objective: 'usd', ...draws })
  const truth = ask(knowledgeOfGrid({ ...grid, noise: {} }), { draws: 1 })
  const best = recommend(truth)?.best.appraisal
  const real = new Map(truth.appraisals.map((each) => [each.deployment.key, each]))
  const isNoisy = grid.metrics.some((metric) => (grid.noise[metric] ?? 0) > 0)
  const noisy = ask(knowledgeOfGrid(grid), isNoisy ? {} : { draws: 1 })
  const { shares, nothing } = sharesIn(noisy)
  const shareOf = (key: string | undefined): number =>
    key === undefined ? nothing : (shares.get(key) ?? 0)
  const most = shareOf(recommend(noisy)?.best.appraisal.deployment.key)
  const regretOf = (key: string | undefined): number => {
    if (key === best?.deployment.key) return 0
    const chosen = real.get(key ?? '')
    if (best === undefined || chosen === undefined || chosen.broken !== undefined) return 1
    return 1 - best.cost / chosen.cost
  }
  return {
    ...(best === undefined ? {} : { right: best.deployment.key }),
    judge: (chosen) => ({
      same: chosen === best?.deployment.key,
      regret: regretOf(chosen),
      regretByNoise: Math.max(0, most - shareOf(chosen)),
      breaks: real.get(chosen ?? '')?.broken !== undefined,
    }),
  }
}
