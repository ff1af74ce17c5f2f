import { evaluate } from '../../coordinator/analysis/evaluate/evaluate.js'
import type { EvaluateRow, ScoreRow } from '../../coordinator/analysis/evaluate/evaluate.js'
import { pastOfGrid } from '../../coordinator/analysis/evaluate/past-of-grid.js'
import { createSurface } from '../../coordinator/model/create-surface.js'
import { choosePast } from '../../coordinator/plan/choose-past.js'
import { strategies } from '../../coordinator/plan/strategies.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { strategyNames } from '../../shared/domain/sweep.js'
import type { StrategyName } from '../../shared/domain/sweep.js'
import type { Grid } from '../../coordinator/analysis/evaluate/grid.js'
import type { Contestant } from '../../coordinator/analysis/evaluate/replay.js'
import type { CliContext } from '../context.js'
import type { PriceOptions } from '../given-prices.js'
import { loadGrid } from '../grid-file.js'
import { createOutput } from '../output.js'
import { table } from '../view/line.js'
import { jsonLines, writeFiles } from '../write-files.js'
import { evaluateDecisionsCommand } from './evaluate-decisions.js'
import { accuracyPlot } from './evaluate-plot.js'

export interface EvaluateCommandOptions extends PriceOptions {
  readonly grid: readonly string[]
  readonly strategy: readonly string[]
  /** Those of {@link usualShares} when left out. */
  readonly share?: readonly number[]
  readonly seeds: number
  readonly firstSeed: number
  readonly agents: number
  readonly goal?: number
  readonly auditShare: number
  /** Take rows of shorter outputs for what longer runs would have told of them. */
  readonly harvest?: boolean
  /** Grids that every strategy starts from in a second row of its own. */
  readonly past?: readonly string[]
  readonly out?: string
  readonly json: boolean
  /** Score the decisions instead of the surface. */
  readonly decision: boolean
  readonly cases?: string
  readonly probability: number
  readonly tolerance: number
}

const usualShares = [0.05, 0.1, 0.2]
const usualGoal = 0.95

function strategyOf(name: string): StrategyName {
  const found = strategyNames.find((known) => known === name)
  if (found !== undefined && found !== 'custom') return found
  const known = strategyNames.filter((each) => each !== 'custom')
  throw new FmworkError('USAGE', `unknown strategy ${name}`, {
    problems: [
      { field: '--strategy', value: name, expected: `expected one of ${known.join(', ')}` },
    ],
  })
}

/** A row as `--json` prints it: medians, with `_p10` and `_p90` beside each. */
export function jsonRow(row: EvaluateRow): object {
  switch (row.kind) {
    case 'score': {
      const { grid, strategy, share, seeds, agents, scores } = row
      const spread = Object.entries(scores).flatMap(([name, { median, p10, p90 }]) => [
        [name, median],
        [`${name}_p10`, p10],
        [`${name}_p90`, p90],
      ])
      return { grid, strategy, share, seeds, agents, ...(Object.fromEntries(spread) as object) }
    }
    case 'gain': {
      const { grid, strategy, accuracy, gain } = row
      return { grid, strategy, accuracy, gain: gain ?? null }
    }
    case 'stops': {
      const { grid, strategy, goal, stops, stopsTrue, share } = row
      return { grid, strategy, goal, stops, stops_true: stopsTrue, share: share ?? null }
    }
  }
}

const percent = (value: number | undefined): string =>
  value === undefined ? '–' : `${(100 * value).toFixed(1)} %`

function tableRow({ grid, strategy, share, scores }: ScoreRow): string[] {
  const { error, within5, p95, bias, ratio, coverage, decision, regret } = scores
  return [
    grid,
    strategy,
    percent(share),
    error === undefined
      ? '–'
      : `${percent(error.median)} (${percent(error.p10)} – ${percent(error.p90)})`,
    percent(within5?.median),
    percent(p95?.median),
    percent(bias?.median),
    ratio === undefined ? '–' : ratio.median.toFixed(2),
    percent(coverage?.median),
    percent(decision?.median),
    percent(regret?.median),
  ]
}

/** What `--harvest` rests on. */
const harvestAssumption =
  'Assumed (--harvest): a run would have told of every shorter output what that row says, with its own noise.'

const heading = [
  'grid',
  'strategy',
  'share',
  'error (p10 – p90)',
  'within 5 %',
  'p95',
  'bias',
  'actual/claimed',
  'coverage',
  'decision',
  'regret',
]

/** The rows as people read them: scores, then gains, then stops. */
export function evaluationText(rows: readonly EvaluateRow[]): string {
  const scores = rows.filter((row) => row.kind === 'score')
  const gains = rows.filter((row) => row.kind === 'gain')
  const stops = rows.filter((row) => row.kind === 'stops')
  const gainTable = gains.map(({ grid, strategy, accuracy, gain }) => [
    grid,
    strategy,
    percent(accuracy),
    gain === undefined ? 'not within the shares scored' : `${gain.toFixed(1)}x`,
  ])
  const stopTable = stops.map((row) => [
    row.grid,
    row.strategy,
    `${row.stopsTrue} of ${row.stops} stops at ${percent(row.goal)} were true`,
  ])
  return [
    ...table([heading, ...scores.map(tableRow)]),
    '',
    'Gain: device-seconds of the whole grid / least share scored from which accuracy stays.',
    ...table([['grid', 'strategy', 'accuracy', 'gain'], ...gainTable]),
    ...(stops.length === 0 ? [] : ['', ...table(stopTable)]),
  ].join('\n')
}

/** Every strategy, and with grids of the past each once more that starts from them. */
function contestantsOf({ strategy, past = [] }: EvaluateCommandOptions): Contestant[] {
  const grids = past.map((path) => loadGrid(path, '--past'))
  const rows = (seed: number) =>
    choosePast(
      grids.flatMap((grid) => pastOfGrid(grid, seed)),
      seed,
    )
  return (strategy.length === 0 ? ['adaptive'] : strategy).map(strategyOf).flatMap((name) => {
    const plain = { name, strategy: strategies[name], surface: createSurface }
    return grids.length === 0 ? [plain] : [plain, { ...plain, name: `${name}+past`, past: rows }]
  })
}

const seedsOf = ({ seeds, firstSeed }: EvaluateCommandOptions): number[] =>
  Array.from({ length: seeds }, (_, index) => firstSeed + index)

async function scoreSurfaces(
  context: CliContext,
  options: EvaluateCommandOptions,
  grids: readonly Grid[],
): Promise<void> {
  const output = createOutput(context, options.json)
  const rows: EvaluateRow[] = []
  const { share: shares = usualShares, agents, goal, auditShare, harvest = false } = options
  const all = {
    grids,
    shares,
    seeds: seedsOf(options),
    agents,
    auditShare,
    harvest,
    ...(goal === undefined ? {} : { goal }),
  }
  for await (const row of evaluate(all, contestantsOf(options))) {
    rows.push(row)
    if (options.json) output.result(jsonRow(row), '')
    else if (context.stderr.isTTY === true && row.kind === 'gain' && row.accuracy === 0.9) {
      context.stderr.write(`${row.grid} ${row.strategy} done\n`)
    }
  }
  if (!options.json) output.result({}, evaluationText(rows))
  if (options.out !== undefined) {
    const files = [
      { path: 'evaluation.txt', text: `${evaluationText(rows)}\n` },
      { path: 'evaluation.jsonl', text: jsonLines(rows.map(jsonRow)) },
      { path: 'accuracy-against-cost.svg', text: accuracyPlot(rows) },
    ]
    writeFiles(options.out, files, '--out').forEach(output.note)
  }
}

/** @throws FmworkError USAGE for options that say nothing of decisions. */
async function scoreDecisions(
  context: CliContext,
  options: EvaluateCommandOptions,
  grids: readonly Grid[],
): Promise<void> {
  if (options.share !== undefined) {
    throw new FmworkError('USAGE', 'decisions are scored where the accuracy goal stops', {
      problems: [{ field: '--share', expected: 'expected --goal instead' }],
    })
  }
  const { goal = usualGoal, harvest = false } = options
  const all = { ...options, goal, harvest, seeds: seedsOf(options), fullGrids: [1] }
  await evaluateDecisionsCommand(context, grids, contestantsOf(options), all)
}

/** `fmwork evaluate`: every strategy on every recorded grid, scored against the whole of it. */
export async function evaluateCommand(
  context: CliContext,
  options: EvaluateCommandOptions,
): Promise<number> {
  const grids = options.grid.map((path) => loadGrid(path))
  const score = options.decision || options.cases !== undefined ? scoreDecisions : scoreSurfaces
  await score(context, options, grids)
  if (options.harvest === true) createOutput(context, options.json).note(harvestAssumption)
  return 0
}
