import { InvalidArgumentError, Option } from 'commander'
import type { Statistic } from '../coordinator/analysis/formats/format.js'
import { exportFormats } from '../coordinator/analysis/formats/export-formats.js'
import { importFormats } from '../coordinator/analysis/formats/import-formats.js'
import type { ExportOptions } from './commands/export.js'
import type { ImportOptions } from './commands/import.js'
import type { CliContext } from './context.js'
import type { AddCommand } from './deciding-commands.js'
import { collect, duration, withDesk } from './options.js'
import { samplesFormat } from './samples-format.js'

const statisticName = /^(?:mean|median|p\d{1,2}(?:\.\d)?)$/

function statistic(text: string): Statistic {
  if (statisticName.test(text)) return text as Statistic
  throw new InvalidArgumentError('expected median, mean, or a percentile such as p99')
}

/** A name that is a file’s name everywhere. */
function gridName(text: string): string {
  if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(text)) return text
  throw new InvalidArgumentError('expected letters, digits, dots, dashes and underscores')
}

/** Commands that speak other tools’ formats. */
export function addInteropCommands(
  context: CliContext,
  add: AddCommand,
  done: (exit: number) => void,
): void {
  add(
    'import <files...>',
    'read other tools’ results into a recorded grid',
    'import sweep-folder --axis hardware=H100 --axis tensor_parallel=1 --name vllm-h100',
    'import a.json b.json --format vllm --duplicates repetitions --axis hardware=A100',
    'import exp.log --axis hardware=H100 --name fmwork && fmwork evaluate --grid fmwork.csv',
    'import benchmarks.json --to records --json',
  )
    .option('--format <name>', `auto, ${importFormats.map(({ name }) => name).join(', ')}`, 'auto')
    .addOption(
      new Option('--to <form>', 'a grid’s two files, or a line of JSON per measurement')
        .choices(['grid', 'records'])
        .default('grid'),
    )
    .option('--name <name>', 'the grid’s name and that of its files', gridName, 'imported')
    .option('--out <dir>', 'folder of the grid', '.')
    .option(
      '--axis <name=value>',
      'what the files do not say: hardware, model, engine, tensor_parallel, batch_size, input_tokens, output_tokens (repeatable)',
      collect,
      [],
    )
    .addOption(
      new Option(
        '--duplicates <policy>',
        'configurations that are there twice: refuse them, or take them for repetitions',
      )
        .choices(['refuse', 'repetitions'])
        .default('refuse'),
    )
    .option(
      '--statistic <name>',
      'of latencies: median, mean, p99 (medians, else means)',
      statistic,
    )
    .option('--row-seconds <duration>', 'time of one measurement where no file says it', duration)
    .option('--licence <text>', 'licence of the data, for the grid', 'not stated by the files')
    .option('--force', 'replace files that are there', false)
    .option('--json', 'an object per line on standard output', false)
    .action(async (files: string[], options: ImportOptions) => {
      const { importCommand } = await import('./commands/import.js')
      done(importCommand(context, files, options))
    })
  withDesk(
    add(
      'export [sweep]',
      'write what a sweep measured as another tool’s files; never what is only estimated',
      'export quickstart --format llm-d --output exported',
      'export chat --format vllm --output sweep-folder',
      'export quickstart --format fmwork --output logs --json',
      'export --format prometheus --output metrics',
      'export quickstart --format samples --output requests',
    ),
  )
    .requiredOption(
      '--format <name>',
      `${exportFormats.map(({ name }) => name).join(', ')}, ${samplesFormat}`,
    )
    .requiredOption('--output <dir>', 'a new folder for the files')
    .option('--force', 'write into a folder that is not empty', false)
    .action(async (sweep: string | undefined, options: Omit<ExportOptions, 'agents'>) => {
      const { exportCommand } = await import('./commands/export.js')
      done(await exportCommand(context, sweep, { ...options, agents: 0 }))
    })
}
