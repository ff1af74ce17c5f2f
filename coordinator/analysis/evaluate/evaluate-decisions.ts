import { alternativeOf } from '../../decision/alternative.js'
import type { View } from '../../decision/verdict.js'
import { isTold } from '../../decision/verdict.js'
import { knowledgeOfGrid, knowledgeOfSurface } from '../cost/knowledge-of-grid.js'
import { questionWords } from './decision-case.js'
import type { DecisionCase } from './decision-case.js'
import { chosenIn, referenceOf } from './decision-reference.js'
import type { Judgement, Reference } from './decision-reference.js'
import { look, measuredGrid, playStage, stoppedCampaign } from './decision-replay.js'
import type { DecisionWanted } from './decision-replay.js'
import type { Grid } from './grid.js'
import type { Contestant } from './replay.js'

export interface DecisionOptions extends DecisionWanted {
  /** Accuracy at which a campaign may stop. */
  readonly goal: number
  readonly seeds: readonly number[]
  readonly agents: number
  readonly auditShare: number
  /** Rows of shorter outputs stand for what a longer run would have told of them: an assumption. */
  readonly harvest: boolean
  /** How often every row of the full grids beside is measured: these are judged too. */
  readonly fullGrids: readonly number[]
}

/** What one who answers says, and how good that is. */
export interface DecisionAnswer {
  readonly chosen?: string
  /** Of being right, as claimed. */
  readonly probability: number
  /** Expected regret, as claimed; of worlds in which the choice is not right. */
  readonly expectedLoss: number
  readonly lossAtMost: number
  readonly judged: Judgement
  /** The right one is the choice, or the alternative that is named beside it. */
  readonly named: boolean
}

/** One question to one campaign. */
export interface DecisionRecord {
  readonly kind: 'case'
  readonly grid: string
  readonly strategy: string
  readonly seed: number
  readonly question: string
  readonly prices: string
  /** Key of the deployment that the full grid names. */
  readonly right?: string
  /** Share of the full grid’s device-seconds at which the campaign stopped. */
  readonly share: number
  /** It stopped by its own claim; else it ran out of anything to measure. */
  readonly reached: boolean
  /** What the decision stage took. */
  readonly stage: {
    readonly share: number
    readonly deviceSeconds: number
    readonly trials: number
    /** Its choice is surely good enough to be told as one. */
    readonly told: boolean
  }
  /** The campaign as it stopped. */
  readonly sweep: DecisionAnswer
  /** After its decision stage. */
  readonly decided: DecisionAnswer
  /** By how often every row was measured. */
  readonly fullGrids: Readonly<Record<number, DecisionAnswer>>
}

function answerOf(view: View, reference: Reference): DecisionAnswer {
  const { appraised, certainty } = view
  const chosen = chosenIn(appraised, certainty)
  const alternative = alternativeOf(view)?.standing.appraisal.deployment.key
  const { probability, expectedLoss, lossAtMost } = certainty
  return {
    ...(chosen === undefined ? {} : { chosen }),
    probability,
    expectedLoss,
    lossAtMost,
    judged: reference.judge(chosen),
    named: [chosen, ...(alternative === undefined ? [] : [alternative])].includes(reference.right),
  }
}

/**
 * Does a sweep that stops at its accuracy goal, with a decision stage after it, decide as the full grid
 * does? Yields a record per seed and case; between cases the caller gets the thread back.
 *
 * @throws FmworkError USAGE for a case that the grid cannot answer.
 */
export async function* evaluateDecisions(
  grid: Grid,
  cases: readonly DecisionCase[],
  contestant: Contestant,
  options: DecisionOptions,
): AsyncGenerator<DecisionRecord> {
  const total = grid.cost.reduce((sum, cost) => sum + cost, 0)
  const asked = cases.map((each) => ({ ...each, reference: referenceOf(grid, each) }))
  for (const seed of options.seeds) {
    const campaign = stoppedCampaign(grid, contestant, { ...options, seed })
    const believed = knowledgeOfSurface(grid, campaign.surface, campaign.measured, seed)
    const fullGrids = options.fullGrids.map((times) => ({
      times,
      knowledge: knowledgeOfGrid(measuredGrid(grid, seed, times), seed),
    }))
    for (const each of asked) {
      await Promise.resolve()
      const { reference } = each
      const decided = playStage(grid, believed, each, seed, options)
      const answered = (knowledge: typeof believed): DecisionAnswer =>
        answerOf(look(knowledge, each, options.tolerance), reference)
      yield {
        kind: 'case',
        grid: grid.name,
        strategy: contestant.name,
        seed,
        question: questionWords(each),
        prices: each.priceName,
        ...(reference.right === undefined ? {} : { right: reference.right }),
        share: campaign.spent / total,
        reached: campaign.reached,
        stage: {
          share: decided.spent / total,
          deviceSeconds: decided.spent,
          trials: decided.trials,
          told: isTold(decided.certainty),
        },
        sweep: answered(believed),
        decided: answerOf(decided, reference),
        fullGrids: Object.fromEntries(
          fullGrids.map(({ times, knowledge }) => [times, answered(knowledge)]),
        ),
      }
    }
  }
}
