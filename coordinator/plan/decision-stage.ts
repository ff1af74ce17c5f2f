import { alternativeWords } from '../analysis/report/decision-words.js'
import { chance, deviceSeconds, percent } from '../analysis/report/units.js'
import type { DecisionAlternative, DecisionStatus } from '../../shared/domain/meta-metrics.js'
import { bookOf, priceIn } from '../../shared/domain/price-book.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { Space } from '../../shared/domain/space.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import { alternativeOf, excessAtMost } from '../decision/alternative.js'
import type { Question } from '../decision/appraise.js'
import { contests } from '../decision/contest.js'
import type { Contest } from '../decision/contest.js'
import { sloOf } from '../decision/slo.js'
import { deploymentWords, shapesOf } from '../decision/traffic.js'
import type { Shape } from '../decision/traffic.js'
import { isTold, measureFirst, regretAllowed, viewOf } from '../decision/verdict.js'
import type { View } from '../decision/verdict.js'
import { DecisionPoints } from './decision-points.js'
import type { DecisionSurface } from './decision-points.js'
import type { Asker, Observation, Suggestion } from './strategy.js'

type Wanted = NonNullable<Sweep['goal']['decision']>

/** Trials of one configuration after which more of them would not tell it from its challenger either. */
export const mostRepeats = 25
/** Fewest measurements that a choice is made from. */
const fewestMeasured = 8
/** Growth of the measurements after which the choice is looked at anew, before contenders are measured. */
const lookGrowth = 1.15

/**
 * The last points of a sweep whose goal names a decision: once the accuracy goal is met, it measures the
 * chosen deployment and its rivals, whichever is worth most per device-second, until the choice is right with
 * the probability wanted and is expected to lose next to nothing. As pure as a strategy.
 */
export class DecisionStage {
  readonly #wanted: Wanted
  readonly #points: DecisionPoints
  readonly #question: Omit<Question, 'knowledge'> & { readonly traffic: readonly Shape[] }
  readonly #surface: DecisionSurface
  readonly #space: Space
  #told = 0
  /** How much had been told when the view was made; -1 before the first look. */
  #viewedAt = -1
  #view: View | undefined
  #status: DecisionStatus | undefined
  /** What to measure by the view, best first; undefined until it is asked for. */
  #contests: readonly Contest[] | undefined
  #stuck: string | undefined

  /** @throws FmworkError SWEEP_INVALID for request lengths that the space does not have. */
  constructor(sweep: Sweep, wanted: Wanted, space: Space, surface: DecisionSurface) {
    this.#wanted = wanted
    this.#space = space
    this.#surface = surface
    this.#points = new DecisionPoints(sweep, wanted, space, surface)
    const knowledge = this.#points.knowledge()
    const { input_tokens: inputTokens, output_tokens: outputTokens } = wanted
    if (knowledge.points.length === 0) {
      throw new FmworkError('SWEEP_INVALID', 'the space has no requests of that length', {
        problems: [
          {
            field: 'goal.decision',
            value: `input_tokens ${inputTokens ?? 'any'}, output_tokens ${outputTokens ?? 'any'}`,
            expected: 'expected lengths that the space has',
          },
        ],
      })
    }
    const prices = bookOf(sweep.prices)
    const priced = knowledge.points.every(
      ({ configuration }) => priceIn(prices, configuration.hardware) !== undefined,
    )
    this.#question = {
      traffic: shapesOf(knowledge),
      slo: sloOf(sweep),
      objective: wanted.objective ?? (priced ? 'usd' : 'device-seconds'),
      prices,
    }
  }

  tell(observation: Observation): void {
    this.#told += 1
    this.#points.tell(observation)
  }

  /**
   * As of everything told where that is `due`, else as of a while ago; undefined while too little was
   * measured to choose.
   */
  status(due: boolean): DecisionStatus | undefined {
    if (due || this.#told >= this.#viewedAt * lookGrowth) this.#look()
    return this.#view === undefined ? undefined : this.#statusOf(this.#view)
  }

  /** Why no further measurement would help, in words; undefined while one would. */
  stuck(pending: ReadonlySet<number>): string | undefined {
    const view = this.#look()
    if (view === undefined) {
      return 'the decision is not shown: no trial told every figure that its limits need'
    }
    if (pending.size > 0 || this.#next(view, () => true, new Set()) !== undefined) return undefined
    this.#stuck ??= this.#stuckWords(view)
    return this.#stuck
  }

  /** Contenders that the asker can run, at most `count`. */
  ask({ canRun }: Asker, count: number, pending: ReadonlySet<number>): Suggestion[] {
    const view = this.#look()
    if (view === undefined) return []
    const { chosen = 'nothing', challenger = 'others', probability } = this.#statusOf(view)
    const why = `a decision: ${chosen} or ${challenger}; ${percent(probability)} sure so far`
    const taken = new Set(pending)
    const suggestions: Suggestion[] = []
    while (suggestions.length < count) {
      const next = this.#next(view, (index) => canRun(this.#space.at(index)), taken)
      if (next === undefined) break
      taken.add(next.index)
      suggestions.push({ ...next, why })
    }
    return suggestions
  }

  #next(
    view: View,
    canRun: (index: number) => boolean,
    taken: ReadonlySet<number>,
  ): Pick<Suggestion, 'index' | 'purpose'> | undefined {
    const contest = this.#ranking(view).find(({ point }) => {
      const index = this.#points.indexOf(point)
      return !taken.has(index) && canRun(index)
    })
    if (contest === undefined) return undefined
    const index = this.#points.indexOf(contest.point)
    return { index, purpose: contest.repeat ? 'repeat' : 'explore' }
  }

  #stuckWords(view: View): string {
    const status = this.#statusOf(view)
    const {
      chosen = 'that nothing meets the limits',
      challenger,
      probability,
      regretAtMost = 1,
    } = status
    const alternative = alternativeWords(status)
    const rival = challenger === undefined ? '' : `, and ${challenger} cannot be told from it`
    const other =
      alternative === undefined
        ? ''
        : `. What a limit is worth decides: the alternative is ${alternative}`
    const shown = `the decision is not shown: ${chosen} is right with ${chance(probability)}${rival} by measuring them again; expected regret at most ${percent(regretAtMost)}${other}`
    if (isTold(view.certainty)) return shown
    const { measure, deviceSeconds: cost } = measureFirst(view)
    const first = measure.map(({ which, times }) => `${this.#words(view, which)} ${times} times`)
    return first.length === 0
      ? shown
      : `${shown}. It would take measuring ${first.join(' and ')} more, some ${deviceSeconds(cost)}`
  }

  #ranking({ appraised, certainty }: View): readonly Contest[] {
    this.#contests ??= contests(appraised, certainty, (point) => {
      const index = this.#points.indexOf(point)
      return this.#points.repeats(index) < mostRepeats && this.#surface.feasible(index) > 0
    })
    return this.#contests
  }

  #look(): View | undefined {
    if (this.#viewedAt === this.#told) return this.#view
    this.#viewedAt = this.#told
    this.#view = undefined
    this.#status = undefined
    this.#contests = undefined
    this.#stuck = undefined
    if (this.#points.measured < fewestMeasured || !this.#points.tells(this.#question.slo)) {
      return undefined
    }
    const question = { ...this.#question, knowledge: this.#points.knowledge() }
    const view = viewOf(question, this.#wanted.tolerance)
    // A deployment that lacks a figure may be the best one.
    if (view.appraised.leftOut.unknown > 0) return undefined
    this.#view = view
    return view
  }

  #words({ appraised }: View, which: number): string {
    const deployment = appraised.appraisals[which]?.deployment
    return deployment === undefined ? '' : deploymentWords(deployment, this.#points.loadAxis)
  }

  #alternativeIn(view: View): DecisionAlternative | undefined {
    const found = alternativeOf(view)
    return found === undefined
      ? undefined
      : {
          deployment: this.#words(view, found.which),
          meetsProbability: found.standing.meetsProbability,
          excessAtMost: found.excessAtMost,
          ...(found.costRatio === undefined ? {} : { costRatio: found.costRatio }),
        }
  }

  #statusOf(view: View): DecisionStatus {
    this.#status ??= this.#freshStatus(view)
    return this.#status
  }

  #freshStatus(view: View): DecisionStatus {
    const { certainty, appraised } = view
    const { recommendation, rivals, probability, lossAtMost } = certainty
    const [challenger] = rivals
    const alternative = this.#alternativeIn(view)
    return {
      objective: this.#question.objective,
      probability,
      wanted: this.#wanted.probability,
      tolerance: this.#wanted.tolerance,
      regretAtMost: lossAtMost,
      regretAllowed,
      ...(recommendation === undefined
        ? {}
        : {
            chosen: this.#words(view, certainty.chosen ?? -1),
            excessAtMost: excessAtMost(appraised, certainty.chosen ?? -1),
            meetsProbability: recommendation.best.meetsProbability,
            expectedRegret: recommendation.best.expectedRegret,
          }),
      ...(challenger === undefined ? {} : { challenger: this.#words(view, challenger.which) }),
      ...(alternative === undefined ? {} : { alternative }),
    }
  }
}
