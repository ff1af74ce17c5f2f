import { quoted } from '../shell-word.js'

/** What an agent under Slurm needs to know; times and counts as Slurm takes them. */
export interface SlurmOrder {
  /** HOST:PORT of the coordinator. */
  readonly coordinator: string
  readonly nodes: number
  readonly gpus: number
  readonly engines: readonly string[]
  /** The command that runs this program on a node. */
  readonly fmwork: readonly string[]
  /** Folder that every node sees: state of the agents and their logs. */
  readonly stateDir: string
  readonly partition?: string
  readonly account?: string
  /** Such as 08:00:00. */
  readonly time?: string
  /** Further arguments of `fmwork agent`. */
  readonly agentArguments: readonly string[]
}

/** Seconds before its time is over that Slurm warns the agent: it ends its trial and gives back. */
const warningSeconds = 120

/**
 * The batch script of an array of agents, one per node with that node’s GPUs. An agent that is
 * preempted or whose node fails is queued again by Slurm and comes back under its name: what it had
 * measured is in its state folder and is sent then.
 */
export function slurmScript(order: SlurmOrder): string {
  const { coordinator, nodes, gpus, engines, stateDir } = order
  const directive = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`#SBATCH --${name}=${String(value)}`]
  const agent = [
    ...order.fmwork.map(quoted),
    'agent',
    '--coordinator',
    quoted(coordinator),
    '--name',
    '"$name"',
    '--data',
    '"$state"',
    ...engines.flatMap((kind) => ['--allow-engine', quoted(kind)]),
    ...order.agentArguments.map(quoted),
  ]
  return [
    '#!/bin/bash',
    '#SBATCH --job-name=fmwork-agent',
    `#SBATCH --array=0-${nodes - 1}`,
    '#SBATCH --nodes=1',
    '#SBATCH --ntasks=1',
    ...(gpus > 0 ? [`#SBATCH --gpus-per-node=${gpus}`] : []),
    ...directive('partition', order.partition),
    ...directive('account', order.account),
    ...directive('time', order.time),
    '# Preempted or on a node that failed: queued again, and its results with it.',
    '#SBATCH --requeue',
    '#SBATCH --open-mode=append',
    `#SBATCH --signal=B:TERM@${warningSeconds}`,
    `#SBATCH --output=${stateDir}/agent-%a.log`,
    '',
    'set -u',
    '# One name and one state folder per place in the array, for ever: what waits there is sent again.',
    'name="slurm-${SLURM_ARRAY_JOB_ID}-${SLURM_ARRAY_TASK_ID}"',
    `state=${quoted(stateDir)}/"$name"`,
    'mkdir -p "$state"',
    '# In place of the shell: the warning is for the agent, and its exit code is the job’s.',
    `exec ${agent.join(' ')}`,
    '',
  ].join('\n')
}
