import type { Command } from 'commander'
import type { CliContext } from '../context.js'
import { collect, duration, wholeNumber } from '../options.js'
import type { BackupOptions, PruneOptions } from './backup.js'
import type { DoctorOptions } from './doctor.js'
import { launchSlurmCommand } from './launch.js'
import type { LaunchOptions } from './launch.js'

const withData = (command: Command): Command =>
  command
    .option('--data <dir>', 'data folder of sweeps, results and logs', 'fmwork-data')
    .option('--json', 'an object per line on standard output', false)

/** The commands that look after a data folder, and those that hand agents to a scheduler. */
export function operateCommands(
  context: CliContext,
  add: (name: string, description: string, ...examples: string[]) => Command,
  done: (exit: number) => void,
): void {
  withData(
    add(
      'doctor',
      'look at a data folder and explain what is wrong with it',
      'doctor',
      'doctor --data lab --agent-data agent-state --json',
    ),
  )
    .option('--agent-data <dir>', 'state folder of an agent (repeatable)', collect, [])
    .action(async (options: DoctorOptions) => {
      const { doctorCommand } = await import('./doctor.js')
      done(doctorCommand(context, options))
    })
  withData(
    add(
      'backup',
      'copy the database while it is in use, and check the copy',
      'backup',
      'backup --data lab --to /mnt/backups/lab.sqlite',
    ),
  )
    .option('--to <file>', 'the copy; a dated file in the data folder when absent')
    .action(async (options: BackupOptions) => {
      const { backupCommand } = await import('./backup.js')
      done(await backupCommand(context, options))
    })
  withData(
    add(
      'prune',
      'drop raw samples and telemetry of sweeps that ended long ago; reports stay as they were',
      'prune --older-than 2160h',
    ),
  )
    .requiredOption('--older-than <duration>', 'how long ago they ended: 90m, 720h', duration)
    .action(async (options: PruneOptions) => {
      const { pruneCommand } = await import('./backup.js')
      done(pruneCommand(context, options))
    })
  launchCommand(context, add, done)
}

function launchCommand(
  context: CliContext,
  add: (name: string, description: string, ...examples: string[]) => Command,
  done: (exit: number) => void,
): void {
  const launched = [
    'launch slurm --coordinator head:7070 --nodes 4 --gpus 8 --allow-engine vllm --engine-file engines.yaml --partition gpu',
    'launch slurm --coordinator head:7070 --allow-engine simulated --dry-run',
  ]
  const launch = add('launch', 'hand agents to a scheduler', ...launched)
  launch
    .command('slurm')
    .description('submit agents as an array of jobs, one per node; preempted ones are queued again')
    .option('--data <dir>', 'data folder whose running coordinator they join', 'fmwork-data')
    .option('--coordinator <host:port>', 'the coordinator that they join')
    .option('--nodes <count>', 'agents, one per node', wholeNumber(1), 1)
    .option('--gpus <count>', 'GPUs per node', wholeNumber(0), 0)
    .option('--allow-engine <kind>', 'engine kind that may run there (repeatable)', collect, [])
    .option('--state <dir>', 'folder that every node sees', 'fmwork-agents')
    .option('--partition <name>', 'partition of the cluster')
    .option('--account <name>', 'account to charge')
    .option('--time <limit>', 'time limit, as Slurm takes it: 08:00:00')
    .option('--token-file <file>', 'token that lets the agents in')
    .option('--tls-ca <file>', 'authority of the coordinator’s certificate (PEM)')
    .option('--engine-file <file>', 'programs that may be started, and their bounds')
    .option('--dry-run', 'print the batch script and stop')
    .option('--json', 'an object on standard output', false)
    .addHelpText(
      'after',
      `\nExamples:\n${launched.map((line) => `  $ fmwork ${line}`).join('\n')}\n`,
    )
    .exitOverride()
    .action((options: LaunchOptions) => {
      done(launchSlurmCommand(context, options))
    })
}
