import type { EvaluateCommandOptions } from './commands/evaluate.js'
import type { CliContext } from './context.js'
import type { AddCommand } from './deciding-commands.js'
import { collect, relativeDifference, share, shareList, wholeNumber } from './options.js'

/** Strategies, and the decisions that follow, on grids that are known as a whole. */
export function addEvaluate(
  context: CliContext,
  add: AddCommand,
  done: (exit: number) => void,
): void {
  add(
    'evaluate',
    'replay recorded grids through strategies and score them',
    'evaluate --grid grid.csv --share 0.05,0.1,0.2 --seeds 8',
    'evaluate --grid a.csv --grid b.csv --strategy adaptive --strategy sobol --json',
    'evaluate --grid new.csv --past old.csv --share 0.01,0.02,0.05',
    'evaluate --grid grid.csv --decision --price H100=2.5 A100=1.4',
    'evaluate --grid grid.csv --cases cases.yaml --seeds 4 --out scores',
  )
    .requiredOption(
      '--grid <file.csv>',
      'a recorded grid; its .json lies beside it (repeatable)',
      collect,
      [],
    )
    .option('--strategy <name>', 'a strategy (repeatable)', collect, [])
    .option(
      '--past <file.csv>',
      'score every strategy once more as one that starts from this grid (repeatable)',
      collect,
      [],
    )
    .option('--share <list>', 'shares of the full cost to score at (0.05,0.1,0.2)', shareList)
    .option('--seeds <count>', 'campaigns per strategy', wholeNumber(1), 8)
    .option('--first-seed <number>', 'seed of the first; the others follow', wholeNumber(1), 1)
    .option('--agents <count>', 'agents that measure at once', wholeNumber(1), 1)
    .option(
      '--goal <accuracy>',
      'also judge stops at this accuracy; of decisions: where campaigns stop (0.95)',
      share,
    )
    .option('--audit-share <share>', 'share of the budget spent on audits', share, 0.2)
    .option('--out <dir>', 'folder for the table and the plot')
    .option('--json', 'an object per line on standard output', false)
    .option(
      '--harvest',
      'rows of shorter outputs stand for what a longer static batch would have told of them: an assumption',
    )
    .option(
      '--decision',
      'score decisions where the accuracy goal stops: are they those of the full grid',
      false,
    )
    .option('--cases <file>', 'the questions (docs/GRIDS.md); made from the grid without it')
    .option('--price <class=usd...>', 'USD per device-hour of a hardware class', [])
    .option('--prices <file>', 'a price file (docs/COST.md)')
    .option(
      '--probability <share>',
      'of being right, where the decision stage may stop',
      share,
      0.95,
    )
    .option('--tolerance <share>', 'difference in cost that counts as none', relativeDifference, 0)
    .action(async (options: EvaluateCommandOptions) => {
      const { evaluateCommand } = await import('./commands/evaluate.js')
      done(await evaluateCommand(context, options))
    })
}
