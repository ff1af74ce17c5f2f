import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { FmworkError } from '../../shared/domain/errors.js'
import { formatAddress, parseAddress } from '../../shared/process/config.js'
import { makeFolder } from '../../shared/process/make-folder.js'
import type { CliContext } from '../context.js'
import { slurmScript } from '../launch/slurm-script.js'
import { createOutput } from '../output.js'
import { counted } from '../view/line.js'
import { announcedCoordinator } from '../processes/coordinator-address.js'

export interface LaunchOptions {
  readonly data: string
  readonly coordinator?: string
  readonly nodes: number
  readonly gpus: number
  readonly allowEngine: readonly string[]
  readonly state: string
  readonly partition?: string
  readonly account?: string
  readonly time?: string
  readonly tokenFile?: string
  readonly tlsCa?: string
  readonly engineFile?: string
  readonly dryRun?: boolean
  readonly json: boolean
}

/** How a node runs this very program. */
const thisProgram = (): string[] => [process.execPath, resolve(process.argv[1] ?? 'fmwork')]

/**
 * `fmwork launch slurm`: hands agents to Slurm, as an array of jobs that join a running coordinator.
 *
 * @throws FmworkError USAGE without engines; COORDINATOR_UNREACHABLE when none is named or runs on the
 *   data folder; ENGINE_FAILED when sbatch refuses.
 */
export function launchSlurmCommand(context: CliContext, options: LaunchOptions): number {
  const output = createOutput(context, options.json)
  const at = (path: string) => resolve(context.workingDirectory, path)
  if (options.allowEngine.length === 0) {
    throw new FmworkError('USAGE', 'name the engines that the agents may run with --allow-engine')
  }
  const found = options.coordinator ?? announcedCoordinator(at(options.data))
  if (found === undefined) {
    throw new FmworkError(
      'COORDINATOR_UNREACHABLE',
      'no coordinator is named, and none runs on the data folder',
      {
        hint: 'Start one with `fmwork coordinator --listen HOST:PORT`, or name it with --coordinator.',
      },
    )
  }
  const stateDir = at(options.state)
  const files = {
    'token-file': options.tokenFile,
    'tls-ca': options.tlsCa,
    'engine-file': options.engineFile,
  }
  const script = slurmScript({
    coordinator: formatAddress(parseAddress(found, '--coordinator')),
    nodes: options.nodes,
    gpus: options.gpus,
    engines: options.allowEngine,
    fmwork: thisProgram(),
    stateDir,
    agentArguments: Object.entries(files).flatMap(([name, path]) =>
      path === undefined ? [] : [`--${name}`, at(path)],
    ),
    ...(options.partition === undefined ? {} : { partition: options.partition }),
    ...(options.account === undefined ? {} : { account: options.account }),
    ...(options.time === undefined ? {} : { time: options.time }),
  })
  if (options.dryRun === true) {
    output.result({ script }, script.trimEnd())
    return 0
  }
  makeFolder(stateDir)
  const path = join(stateDir, 'fmwork-agents.sbatch')
  writeFileSync(path, script)
  const job = submit(path, context)
  output.result(
    { job, script: path, nodes: options.nodes },
    `job ${job}: ${counted(options.nodes, 'agent')}; \`squeue --job ${job}\` shows them, \`fmwork agents\` when they have joined`,
  )
  return 0
}

function submit(path: string, context: CliContext): string {
  const { status, stdout, stderr, error } = spawnSync('sbatch', ['--parsable', path], {
    encoding: 'utf8',
    env: { ...context.env },
  })
  if (error !== undefined) {
    throw new FmworkError('USAGE', `sbatch cannot be run: ${error.message}`, {
      hint: 'Run this where Slurm’s commands are, or give --dry-run and submit the script there.',
    })
  }
  if (status !== 0) {
    throw new FmworkError('ENGINE_FAILED', `sbatch refused: ${stderr.trim()}`, {
      hint: `The script is ${path}; mend --partition, --account, --time or --gpus.`,
    })
  }
  return stdout.trim().split(';')[0] ?? ''
}
