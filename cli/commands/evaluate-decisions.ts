import { casesOf } from '../../coordinator/analysis/evaluate/decision-case.js'
import type { DecisionCase } from '../../coordinator/analysis/evaluate/decision-case.js'
import { summariesOf } from '../../coordinator/analysis/evaluate/decision-summary.js'
import { evaluateDecisions } from '../../coordinator/analysis/evaluate/evaluate-decisions.js'
import type {
  DecisionOptions,
  DecisionRecord,
} from '../../coordinator/analysis/evaluate/evaluate-decisions.js'
import type { Grid } from '../../coordinator/analysis/evaluate/grid.js'
import type { Contestant } from '../../coordinator/analysis/evaluate/replay.js'
import { knowledgeOfGrid } from '../../coordinator/analysis/cost/knowledge-of-grid.js'
import { shapesOf } from '../../coordinator/decision/traffic.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { CliContext } from '../context.js'
import { gridPrices, readCases } from '../decision-cases.js'
import { givenPrices, hardwareIn } from '../given-prices.js'
import type { PriceOptions } from '../given-prices.js'
import { createOutput } from '../output.js'
import { decisionsText } from '../view/decisions-text.js'
import type { DecisionRow } from '../view/decisions-text.js'
import { jsonLines, writeFiles } from '../write-files.js'

export interface DecisionCommandOptions extends DecisionOptions, PriceOptions {
  /** A file of cases; they are made from the grid when left out. */
  readonly cases?: string
  /** Folder for the table and the rows. */
  readonly out?: string
  readonly json: boolean
}

function casesFor(grid: Grid, options: DecisionCommandOptions): DecisionCase[] {
  const knowledge = knowledgeOfGrid(grid)
  const prices = gridPrices(grid, givenPrices(grid.name, hardwareIn(knowledge), options))
  if (options.cases !== undefined) return readCases(options.cases, grid, prices)
  const found = casesOf(grid, shapesOf(knowledge), prices)
  if (found.length > 0) return found
  throw new FmworkError('USAGE', `${grid.name} has no latency that a limit could be set on`, {
    problems: [
      {
        field: '--grid',
        value: grid.name,
        expected: 'expected a latency, or --cases without limits',
      },
    ],
  })
}

/** Cases as they are played, then a summary per grid and strategy, then one of all where there are several. */
async function* playDecisions(
  grids: readonly Grid[],
  contestants: readonly Contestant[],
  options: DecisionCommandOptions,
): AsyncGenerator<DecisionRow> {
  const asked = grids.map((grid) => ({ grid, cases: casesFor(grid, options) }))
  for (const contestant of contestants) {
    const everything: DecisionRecord[] = []
    for (const { grid, cases } of asked) {
      const records: DecisionRecord[] = []
      for await (const record of evaluateDecisions(grid, cases, contestant, options)) {
        records.push(record)
        yield record
      }
      yield* summariesOf({ grid: grid.name, strategy: contestant.name }, records)
      everything.push(...records)
    }
    if (grids.length > 1) yield* summariesOf({ grid: 'all', strategy: contestant.name }, everything)
  }
}

/** `fmwork evaluate --decision`: are the choices at the stop those of the full grid. */
export async function evaluateDecisionsCommand(
  context: CliContext,
  grids: readonly Grid[],
  contestants: readonly Contestant[],
  options: DecisionCommandOptions,
): Promise<void> {
  const output = createOutput(context, options.json)
  const rows: DecisionRow[] = []
  let campaign = ''
  for await (const row of playDecisions(grids, contestants, options)) {
    rows.push(row)
    if (options.json) output.result(row, '')
    if (context.stderr.isTTY !== true || row.kind !== 'case') continue
    const own = `${row.grid} ${row.strategy} seed ${row.seed}`
    if (own !== campaign) context.stderr.write(`${own}\n`)
    campaign = own
  }
  if (!options.json) output.result({}, decisionsText(rows))
  if (options.out === undefined) return
  const files = [
    { path: 'decisions.txt', text: `${decisionsText(rows)}\n` },
    { path: 'decisions.jsonl', text: jsonLines(rows) },
  ]
  writeFiles(options.out, files, '--out').forEach(output.note)
}
