import type { DecisionSummary } from '../../coordinator/analysis/evaluate/decision-summary.js'
import type { DecisionRecord } from '../../coordinator/analysis/evaluate/evaluate-decisions.js'
import { percent, percentInterval } from '../../coordinator/analysis/report/units.js'
import { regretAllowed } from '../../coordinator/decision/verdict.js'
import { table } from './line.js'

export type DecisionRow = DecisionRecord | DecisionSummary

const heading = [
  'grid',
  'strategy',
  'who',
  'cases',
  'cost',
  'same (90 %)',
  'names it',
  'loses <= 1 %',
  'regret in the rest',
  'by the grid’s noise',
  'breaks a limit',
  'claimed right',
]

const whoWords = (who: DecisionSummary['who']): string => (who === 'untold' ? 'cannot tell' : who)

function summaryRow(summary: DecisionSummary): string[] {
  const { grid, strategy, who, cases, cost, same, named, near, breaks, claimed } = summary
  const ofStage = who === 'decided' || who === 'told' || who === 'untold'
  const rest = (value: number) => (same.value === 1 ? '–' : percent(value))
  return [
    grid,
    strategy,
    whoWords(who),
    String(cases),
    ofStage ? `+ ${percent(cost)}` : percent(cost),
    percentInterval(same),
    percent(named),
    percent(near),
    rest(summary.regretInRest),
    rest(summary.regretByNoiseInRest),
    percent(breaks),
    percent(claimed.probability),
  ]
}

/** Scores of decisions as people read them. */
export function decisionsText(rows: readonly DecisionRow[]): string {
  const summaries = rows.filter((row) => row.kind === 'decisions')
  const records = rows.filter((row) => row.kind === 'case')
  const stops = new Map(
    records.map(({ grid, strategy, seed, reached }) => [`${grid} ${strategy} ${seed}`, reached]),
  )
  const unreached = [...stops.values()].filter((reached) => !reached).length
  return [
    ...table([heading, ...summaries.map(summaryRow)]),
    '',
    'sweep: as it stopped at its accuracy goal. decided: after its decision stage; told: those of it whose regret is',
    `surely at most ${percent(regretAllowed)}; cannot tell: the others, judged by what they would choose. full grid x N: every row measured N times.`,
    'names it: the right one is the choice, or the alternative at the limit that is named beside it.',
    'Regret: share of the work for the same money that a choice loses, all of it where it breaks a limit by the recorded values;',
    'by the grid’s noise: beyond what any choice must expect to lose that knows every row from one measurement.',
    ...(unreached === 0
      ? []
      : [`${unreached} of ${stops.size} campaigns measured everything without reaching the goal.`]),
  ].join('\n')
}
