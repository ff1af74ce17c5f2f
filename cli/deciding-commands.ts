import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import type { CompareOptions } from './commands/compare.js'
import { completionCommand } from './commands/completion.js'
import type { InitOptions } from './commands/init.js'
import type { RecommendOptions } from './commands/recommend.js'
import type { CliContext } from './context.js'
import { collect, relativeDifference, share, wholeNumber, withDesk } from './options.js'

/** Declares a command with its examples. */
export type AddCommand = (name: string, description: string, ...examples: string[]) => Command

/** Takes `20`, `20 req/s` or `20/s`. */
function requestRate(text: string): number {
  const value = Number(text.replace(/\s*(req)?\/s$/, ''))
  if (!(value > 0)) throw new InvalidArgumentError('expected requests per second, such as 20')
  return value
}

function above(what: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!(value > 0)) throw new InvalidArgumentError(`expected ${what} above 0`)
    return value
  }
}

function utilization(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 1)) {
    throw new InvalidArgumentError('expected a share above 0 and at most 1, such as 0.8')
  }
  return value
}

/** Commands that decide something from what was measured; they start no agents. */
export function addDecidingCommands(
  context: CliContext,
  add: AddCommand,
  done: (exit: number) => void,
): void {
  withDesk(
    add(
      'recommend [source]',
      'name the configuration to run, and the fleet that carries a load',
      'recommend quickstart --slo "ttft<500ms" "tpot<50ms"',
      'recommend h100-vs-a100 --slo "ttft:p95<500ms" --price H100=2.5 A100=1.4 --load 20',
      'recommend grid.csv --slo "itl<30ms" --input 1024 --output 128 --json',
    ),
  )
    .option('--slo <clause...>', 'limits, all of which must hold: METRIC[:pNN]<DURATION', [])
    .option('--price <class=usd...>', 'USD per device-hour of a hardware class', [])
    .option('--prices <file>', 'a price file (docs/COST.md): rents, or what buying costs')
    .option('--objective <name>', 'least of: usd, device-seconds, joules, user-seconds (per token)')
    .option('--input <tokens>', 'requests of this input length only', wholeNumber(1))
    .option('--output <tokens>', 'requests of this output length only', wholeNumber(1))
    .option('--any', 'the best single configuration, whatever its lengths', false)
    .option('--load <rate>', 'requests per second to carry: chooses a fleet', requestRate)
    .option(
      '--spares <count>',
      'replicas that may fail without load being dropped',
      wholeNumber(0),
      0,
    )
    .option('--utilization <share>', 'share of a replica’s rate to plan with', utilization, 0.8)
    .option('--available <class=devices>', 'most devices of a class (repeatable)', collect, [])
    .option('--horizon <hours>', 'hours that the fleet will serve', above('hours'))
    .option('--budget <usd>', 'most USD for measuring before that', above('USD'))
    .option(
      '--include-predicted',
      'a choice that was never measured, but surely is the best, counts as one too',
      false,
    )
    .option('--with <sweep>', 'also use what this sweep measured (repeatable)', collect, [])
    .option(
      '--next [file]',
      'what is worth most to measure next, and its cost; to a file: as a sweep of all that is',
    )
    .action(async (named: string | undefined, options: RecommendOptions) => {
      const { recommendCommand } = await import('./commands/recommend.js')
      done(await recommendCommand(context, named, { ...options, agents: 0 }))
    })
  withDesk(
    add(
      'compare <a> [b]',
      'hold two sweeps, engines or hardware classes against each other; fails on a regression',
      'compare before after --threshold 5%',
      'compare h100-vs-a100 --left hardware=A100 --right hardware=H100 --across hardware',
      'compare old.csv new.csv --json',
    ),
  )
    .option('--threshold <share>', 'worsening of B that is accepted', relativeDifference, 0.05)
    .option(
      '--across <axis...>',
      'what may differ: model, engine, engine_args, hardware, tensor_parallel',
      [],
    )
    .option('--left <name=value...>', 'the part of A to compare', [])
    .option('--right <name=value...>', 'the part of B to compare', [])
    .option('--estimates', 'also compare configurations that are only estimated', false)
    .option('--rate <share>', 'share of the differences shown that may be false', share, 0.05)
    .action(async (a: string, b: string | undefined, options: CompareOptions) => {
      const { compareCommand } = await import('./commands/compare.js')
      done(await compareCommand(context, [a, b], { ...options, agents: 0 }))
    })
  add(
    'init [file]',
    'ask a few questions and write a commented sweep file that fits this machine',
    'init',
    'init my.yaml --yes --model my.gguf',
    'init served.yaml --base-url http://127.0.0.1:8000',
  )
    .option('--yes', 'ask nothing, take what fits', false)
    .option('--force', 'replace the file', false)
    .option('--name <name>', 'call the sweep this')
    .option('--model <name>', 'a preset, the path of a .gguf, or what the server calls it')
    .option('--base-url <url>', 'measure this running OpenAI-compatible server')
    .option('--json', 'an object on standard output', false)
    .action(async (file: string | undefined, options: InitOptions) => {
      const { initCommand } = await import('./commands/init.js')
      done(await initCommand(context, file ?? 'sweep.yaml', options))
    })
  const completion = add(
    'completion <shell>',
    'print a completion script for bash, zsh or fish',
    'completion bash',
    'completion fish',
  )
  completion.action((shell: string) => {
    done(completionCommand(context, completion.parent ?? completion, shell))
  })
}
