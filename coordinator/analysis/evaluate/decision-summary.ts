import type { Interval } from '../../../shared/domain/meta-metrics.js'
import { clusteredShare } from '../../../shared/stats/clustered-share.js'
import { mean } from '../../../shared/stats/quantile.js'
import type { DecisionAnswer, DecisionRecord } from './evaluate-decisions.js'

/** Loss up to which a choice is as good as the right one, for a reader who counts in percent. */
export const smallRegret = 0.01
const confidence = 0.9

/** Over all questions, prices and seeds of a grid, how good the answers of one are. */
export interface DecisionSummary {
  readonly kind: 'decisions'
  /** `all`: of every grid. */
  readonly grid: string
  readonly strategy: string
  /** `told` and `untold` are the parts of `decided`. */
  readonly who: 'sweep' | 'decided' | 'told' | 'untold' | `full grid x ${number}`
  readonly cases: number
  /** Share of the full grid’s device-seconds, mean; of `decided` and its parts the stage’s own. */
  readonly cost: number
  /** 90 % interval; a question counts once, however many prices and seeds ask it. */
  readonly same: Interval
  /** Share in which the right one is the choice or the alternative named beside it. */
  readonly named: number
  /** Share whose regret is at most 1 %. */
  readonly near: number
  /** Mean regret of those that are not the same; 0 where there are none. */
  readonly regretInRest: number
  /** The same by the noise of the full grid. */
  readonly regretByNoiseInRest: number
  readonly breaks: number
  readonly meanRegret: number
  /** What was claimed, on average: of being right, and to lose. */
  readonly claimed: { readonly probability: number; readonly regret: number }
}

interface Answered {
  readonly record: DecisionRecord
  readonly answer: DecisionAnswer
}

const meanOr0 = (values: readonly number[]): number => (values.length === 0 ? 0 : mean(values))
const shareOf = <T>(list: readonly T[], holds: (each: T) => boolean): number =>
  list.filter(holds).length / list.length

type Head = Pick<DecisionSummary, 'grid' | 'strategy'>

function summaryOf(
  head: Head,
  who: DecisionSummary['who'],
  answered: readonly Answered[],
  cost: (record: DecisionRecord) => number,
): DecisionSummary[] {
  const judged = answered.map(({ answer }) => answer.judged)
  const rest = judged.filter((each) => !each.same)
  const same = clusteredShare(
    answered.map(({ record, answer }) => ({
      cluster: `${record.grid}: ${record.question}`,
      holds: answer.judged.same,
    })),
    confidence,
  )
  if (same === undefined) return []
  return [
    {
      kind: 'decisions',
      ...head,
      who,
      cases: answered.length,
      cost: mean(answered.map(({ record }) => cost(record))),
      same,
      named: shareOf(answered, ({ answer }) => answer.named),
      near: shareOf(judged, ({ regret }) => regret <= smallRegret),
      regretInRest: meanOr0(rest.map(({ regret }) => regret)),
      regretByNoiseInRest: meanOr0(rest.map(({ regretByNoise }) => regretByNoise)),
      breaks: shareOf(judged, ({ breaks }) => breaks),
      meanRegret: mean(judged.map(({ regret }) => regret)),
      claimed: {
        probability: mean(answered.map(({ answer }) => answer.probability)),
        regret: mean(answered.map(({ answer }) => answer.expectedLoss)),
      },
    },
  ]
}

/** A row per answerer; none where nothing was asked. */
export function summariesOf(head: Head, records: readonly DecisionRecord[]): DecisionSummary[] {
  const of = (
    who: DecisionSummary['who'],
    answer: (record: DecisionRecord) => DecisionAnswer | undefined,
    cost: (record: DecisionRecord) => number,
  ): DecisionSummary[] => {
    const answered = records.flatMap((record): Answered[] => {
      const found = answer(record)
      return found === undefined ? [] : [{ record, answer: found }]
    })
    return summaryOf(head, who, answered, cost)
  }
  const stage = (record: DecisionRecord) => record.stage.share
  const times = [...new Set(records.flatMap(({ fullGrids }) => Object.keys(fullGrids)))].map(Number)
  return [
    ...of(
      'sweep',
      ({ sweep }) => sweep,
      ({ share }) => share,
    ),
    ...of('decided', ({ decided }) => decided, stage),
    ...of('told', (each) => (each.stage.told ? each.decided : undefined), stage),
    ...of('untold', (each) => (each.stage.told ? undefined : each.decided), stage),
    ...times
      .sort((a, b) => a - b)
      .flatMap((count) =>
        of(
          `full grid x ${count}`,
          ({ fullGrids }) => fullGrids[count],
          () => count,
        ),
      ),
  ]
}
