import { readFileSync } from 'node:fs'
import { Command, Help } from 'commander'
import type { Option } from 'commander'
import { errorTable } from '../shared/domain/error-table.js'
import type { CliContext } from './context.js'
import { agentCommand, coordinatorCommand } from './commands/daemons.js'
import {
  agentsCommand,
  changeCommand,
  listCommand,
  showCommand,
  submitCommand,
  watchCommand,
} from './commands/inspect.js'
import { withMeasure } from './commands/measure-options.js'
import type { MeasureOptions } from './commands/measure-options.js'
import { certsCommand } from './commands/certs.js'
import { operateCommands } from './commands/operate.js'
import type { ReportOptions } from './commands/report.js'
import { resumeCommand } from './commands/resume.js'
import type { ExtensionOptions, ResumeOptions } from './commands/resume.js'
import { addEvaluate } from './evaluate-command.js'
import { groupCommands } from './command-groups.js'
import { decisionGoal } from './decision-goal.js'
import { addDecidingCommands } from './deciding-commands.js'
import { addInteropCommands } from './interop-commands.js'
import { createOutput } from './output.js'
import { runCommand } from './commands/run.js'
import type { RunOptions } from './commands/run.js'
import { tokensCommand } from './commands/tokens.js'
import type { TopOptions } from './commands/top.js'
import type { VerifyOptions } from './commands/verify.js'
import {
  collect,
  duration,
  positiveNumber,
  share,
  wholeNumber,
  withAgents,
  withDesk,
} from './options.js'

const version = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ fmwork ${line}`).join('\n')}\n`

/** Of `run` and `submit`. */
const pastOption = 'a recorded grid to start from (docs/CLI.md, What is known before; repeatable)'

/** An option’s words; that a switch is off and a list empty without it goes without saying. */
const optionWords = (option: Option): string =>
  new Help().optionDescription(option).replace(/ \(default: (?:false|\[\])\)$/, '')

/** Commands that read or change what a coordinator holds take a data folder and no agents. */
const reading = (options: object): ResumeOptions =>
  ({ agents: 0, ...options }) as unknown as ResumeOptions

/** The whole grammar. `done` gets the exit code of the command that ran. */
export function createProgram(context: CliContext, done: (exit: number) => void): Command {
  const program = new Command('fmwork')
    .description('Benchmarks LLM inference sparsely and honestly.')
    .version(version(), '--version', 'print the version')
    .showHelpAfterError(`hint: ${errorTable.USAGE.hint}`)
    .showSuggestionAfterError()
    .configureHelp({ optionDescription: optionWords })
    .configureOutput({
      writeOut: (text) => {
        context.stdout.write(text)
      },
      writeErr: (text) => {
        context.stderr.write(text)
      },
      // The words of every other failure, so that a script reads one grammar.
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'error USAGE: '))
      },
    })
    .exitOverride()
    .addHelpText(
      'after',
      examples(
        'quickstart',
        'run examples/quickstart.yaml',
        'verify quickstart --sample 60',
        'report',
      ),
    )
  const add = (name: string, description: string, ...lines: string[]) =>
    program
      .command(name)
      .description(description)
      .showHelpAfterError(`hint: \`fmwork ${name.split(' ', 1)[0] ?? ''} --help\` has examples.`)
      .addHelpText('after', examples(...lines))
      .exitOverride()

  withAgents(
    add(
      'run <file>',
      'run a sweep to its goal',
      'run sweep.yaml',
      'run sweep.yaml --agents 1 --json',
      'run sweep.yaml --model my.gguf',
      'run sweep.yaml --coordinator node0:7070',
    ),
  )
    .option(
      '--model <name>',
      'use this model instead of the file’s: a preset, or the path of a .gguf',
    )
    .option('--name <name>', 'call the sweep this instead')
    .option('--past <file.csv>', pastOption, collect, [])
    .option('--dry-run', 'price it and stop, as `fmwork plan` does')
    .action(async (file: string, options: RunOptions) => {
      done(await runCommand(context, file, options))
    })
  add(
    'plan <file>',
    'check a sweep file and say what it would measure',
    'plan sweep.yaml',
    'plan sweep.yaml --json',
  )
    .option('--model <name>', 'use this model instead of the file’s')
    .option('--name <name>', 'call the sweep this instead')
    .option('--json', 'an object on standard output', false)
    .action(async (file: string, options: { json: boolean }) => {
      const { planCommand } = await import('./commands/plan.js')
      done(planCommand(context, file, options))
    })
  add(
    'data',
    'what a sweep file has to say of a trace or data set, ready to paste',
    'data azure-conv.csv --requests 1000',
    'data prompts.jsonl',
  )
    .argument('<file>', 'Azure or Mooncake trace, ShareGPT, or JSON lines with "prompt"')
    .option(
      '--requests <count>',
      'take so many requests; all when absent, of ShareGPT 10,000',
      wholeNumber(1),
    )
    .option('--json', 'an object on standard output', false)
    .action(async (file: string, options: { requests?: number; json: boolean }) => {
      const { dataCommand } = await import('./commands/data.js')
      done(await dataCommand(context, file, options))
    })
  withMeasure(
    add(
      'measure',
      'measure one running endpoint; takes the flags of `vllm bench serve`',
      'measure --base-url http://127.0.0.1:8000 --max-concurrency 16 --num-prompts 500',
      'measure --port 8000 --request-rate 10 --goodput ttft:500 tpot:15 --save-result',
      'measure --port 8000 --static-batch 8 --random-input-len 512 --precision 0.02',
      'measure --port 8000 --dataset-name azure --dataset-path trace.csv --trace-speed 4',
      'measure --port 8000 --max-concurrency 4 --num-prompts 200 --raw chunks.jsonl --json',
    ),
  ).action(async (options: MeasureOptions) => {
    const { measureCommand } = await import('./commands/measure.js')
    done(await measureCommand(context, options, version()))
  })
  withAgents(
    add(
      'resume [sweep]',
      'continue an interrupted, paused or failed sweep, or a complete one to another goal or budget',
      'resume',
      'resume quickstart',
      'resume quickstart --budget-wall-time 10m --goal-accuracy 0.95',
      'resume quickstart --goal-decision probability=0.99,input_tokens=256 --budget-trials 200',
    ),
  )
    .option('--goal-accuracy <share>', 'go on to this accuracy', share)
    .option('--goal-confidence <share>', 'go on to this confidence', share)
    .option(
      '--goal-decision <key=value,...>',
      'go on until this decision is sure (keys of goal.decision), or `none`: end without one',
      decisionGoal,
    )
    .option('--budget-device-hours <hours>', 'device-hours that it may use in all', positiveNumber)
    .option('--budget-cost-usd <usd>', 'USD that it may cost in all', positiveNumber)
    .option('--budget-trials <count>', 'trials that it may make in all', wholeNumber(1))
    .option('--budget-wall-time <duration>', 'time that it may run in all: 90s, 10m, 2h', duration)
    .action(async (sweep: string | undefined, options: ResumeOptions & ExtensionOptions) => {
      done(await resumeCommand(context, sweep, options))
    })
  withAgents(
    add(
      'verify [sweep]',
      'measure the reference and hold the claim against it',
      'verify quickstart --sample 60',
      'verify quickstart',
    ),
  )
    .option('--sample <count>', 'configurations to draw at random; all when absent', wholeNumber(2))
    .option('--seed <number>', 'seed of that draw', wholeNumber(0), 1)
    .action(async (sweep: string | undefined, options: VerifyOptions) => {
      const { verifyCommand } = await import('./commands/verify.js')
      done(await verifyCommand(context, sweep, options))
    })
  withDesk(
    add(
      'report [sweep]',
      'write a sweep’s report (HTML, Markdown, JSON, CSV, Parquet)',
      'report',
      'report quickstart --out my-report',
    ),
  )
    .option('--out <dir>', 'folder of the report')
    .action(async (sweep: string | undefined, options: ReportOptions) => {
      const { reportCommand } = await import('./commands/report.js')
      done(await reportCommand(context, sweep, reading(options)))
    })
  withDesk(add('list', 'list the sweeps of a data folder', 'list', 'list --json')).action(
    async (options: object) => {
      done(await listCommand(context, reading(options)))
    },
  )
  withDesk(add('show [sweep]', 'show a sweep’s meta-metrics once', 'show quickstart')).action(
    async (sweep: string | undefined, options: object) => {
      done(await showCommand(context, sweep, reading(options)))
    },
  )
  withDesk(
    add(
      'watch [sweep]',
      'follow a sweep on a running coordinator',
      'watch',
      'watch quickstart --coordinator node0:7070',
    ),
  ).action(async (sweep: string | undefined, options: object) => {
    done(await watchCommand(context, sweep, reading(options)))
  })
  for (const change of ['pause', 'cancel'] as const) {
    withDesk(add(`${change} <sweep>`, `${change} a sweep`, `${change} quickstart`)).action(
      async (sweep: string, options: object) => {
        done(await changeCommand(context, change, sweep, reading(options)))
      },
    )
  }
  withDesk(
    add(
      'submit <file>',
      'hand a sweep to a running coordinator and leave',
      'submit sweep.yaml --coordinator node0:7070',
    ),
  )
    .option('--model <name>', 'use this model instead of the file’s')
    .option('--name <name>', 'call the sweep this instead')
    .option('--past <file.csv>', pastOption, collect, [])
    .action(async (file: string, options: object) => {
      done(await submitCommand(context, file, reading(options)))
    })
  withDesk(
    add(
      'agents',
      'list the agents of a running coordinator',
      'agents',
      'agents --coordinator node0:7070 --json',
    ),
  ).action(async (options: object) => {
    done(await agentsCommand(context, reading(options)))
  })
  withDesk(
    add(
      'top',
      'watch the agents of a running coordinator',
      'top',
      'top --coordinator node0:7070 --once --json',
    ),
  )
    .option('--every <duration>', 'time between two looks', duration, 1)
    .option('--once', 'look once and leave', false)
    .action(async (options: TopOptions) => {
      const { topCommand } = await import('./commands/top.js')
      done(await topCommand(context, options))
    })
  addEvaluate(context, add, done)
  withAgents(
    add(
      'quickstart',
      'run the shipped example on this machine and write its report',
      'quickstart',
      'quickstart --model my.gguf',
    ),
  )
    .option('--model <name>', 'use this model instead: a preset, or the path of a .gguf')
    .action(async (options: RunOptions) => {
      const { quickstartCommand } = await import('./commands/quickstart.js')
      done(await quickstartCommand(context, options))
    })
  operateCommands(context, add, done)
  add('version', 'print the version', 'version', 'version --json')
    .option('--json', 'an object on standard output', false)
    .action(({ json }: { json: boolean }) => {
      const facts = { version: version(), node: process.version }
      createOutput(context, json).result(facts, facts.version)
      done(0)
    })
  addDecidingCommands(context, add, done)
  addInteropCommands(context, add, done)
  coordinatorCommand(
    context,
    add(
      'coordinator',
      'run a coordinator until a signal ends it',
      'coordinator --data lab --listen 127.0.0.1:7070',
      'coordinator --data lab --listen 0.0.0.0:7070 --http 0.0.0.0:7080 --tokens fmwork-tokens.json --tls-cert coordinator.crt --tls-key coordinator.key',
    ),
    done,
  )
  agentCommand(
    add(
      'agent',
      'run an agent on this node until a signal ends it',
      'agent --coordinator node0:7070 --name gpu1 --data agent-state --allow-engine embedded',
    ),
    done,
  )
  certsCommand(
    context,
    add(
      'certs',
      'make a lab’s authority and certificates with roles',
      'certs init',
      'certs coordinator --host node0',
      'certs agent gpu1',
    ),
    done,
  )
  tokensCommand(
    context,
    add(
      'tokens',
      'make, list and revoke tokens with roles',
      'tokens create gpu1 --role agent --days 90',
      'tokens list',
      'tokens revoke gpu1',
    ),
    done,
  )
  groupCommands(program)
  return program
}
