import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { launchSlurmCommand } from '../../../../cli/commands/launch.js'
import type { LaunchOptions } from '../../../../cli/commands/launch.js'
import { slurmScript } from '../../../../cli/launch/slurm-script.js'
import { quoted } from '../../../../cli/shell-word.js'
import { fakeContext } from '../fake-context.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-slurm-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const order = {
  coordinator: 'head:7070',
  nodes: 4,
  gpus: 8,
  engines: ['vllm', 'sglang'],
  fmwork: ['/usr/bin/fmwork'],
  stateDir: '/shared/agents',
  agentArguments: ['--token-file', "/home/o'neil/join token"],
}

function program(name: string, lines: readonly string[]): void {
  writeFileSync(join(folder, name), ['#!/bin/bash', ...lines, ''].join('\n'))
  chmodSync(join(folder, name), 0o755)
}

describe('a batch script for Slurm', () => {
  it('asks for a place per agent with its GPUs, and to be queued again', () => {
    const script = slurmScript({ ...order, partition: 'gpu', time: '08:00:00' })
    const directives = script.split('\n').filter((line) => line.startsWith('#SBATCH'))
    for (const wanted of ['array=0-3', 'gpus-per-node=8', 'partition=gpu', 'time=08:00:00']) {
      expect(directives).toContain(`#SBATCH --${wanted}`)
    }
    expect(directives).toContain('#SBATCH --requeue')
    expect(directives).not.toContain('#SBATCH --account')
    expect(spawnSync('bash', ['-n'], { input: script }).status).toBe(0)
  })

  it('starts an agent under a name that survives a requeue', () => {
    program('agent.sh', ['printf "%s\\n" "$@" > "$OUT"', 'exit 3'])
    const out = join(folder, 'out')
    const script = slurmScript({ ...order, stateDir: folder, fmwork: [join(folder, 'agent.sh')] })
    const { status } = spawnSync('bash', [], {
      input: script,
      env: { ...process.env, OUT: out, SLURM_ARRAY_JOB_ID: '17', SLURM_ARRAY_TASK_ID: '2' },
    })
    expect(status).toBe(3)
    expect(readFileSync(out, 'utf8').trim().split('\n')).toEqual([
      'agent',
      ...[
        '--coordinator',
        'head:7070',
        '--name',
        'slurm-17-2',
        '--data',
        join(folder, 'slurm-17-2'),
      ],
      ...['--allow-engine', 'vllm', '--allow-engine', 'sglang'],
      ...['--token-file', "/home/o'neil/join token"],
    ])
  })

  it.each([
    ['warns the job’s shell', 1],
    ['preempts the job, every process of it', -1],
  ])('ends when the agent does where Slurm %s', async (_, group) => {
    const out = join(folder, 'out')
    program('agent.sh', [
      'trap "echo ended >> $OUT; exit 0" TERM',
      'echo up > $OUT',
      'for n in $(seq 100); do sleep 0.1; done',
    ])
    const script = slurmScript({ ...order, stateDir: folder, fmwork: [join(folder, 'agent.sh')] })
    writeFileSync(join(folder, 'job.sh'), script)
    const job = spawn('bash', [join(folder, 'job.sh')], {
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, OUT: out, SLURM_ARRAY_JOB_ID: '17', SLURM_ARRAY_TASK_ID: '2' },
    })
    const ended = new Promise((resolve) => job.once('exit', resolve))
    await vi.waitFor(() => expect(readFileSync(out, 'utf8')).toBe('up\n'), { timeout: 20_000 })
    process.kill(group * (job.pid ?? NaN), 'SIGTERM')
    expect(await ended).toBe(0)
    expect(readFileSync(out, 'utf8')).toContain('ended')
  })

  it('quotes what a shell would take for something else', () => {
    for (const word of ['a b', '$(reboot)', "it's", '; rm -rf /', '']) {
      const { stdout } = spawnSync('bash', ['-c', `printf %s ${quoted(word)}`], {
        encoding: 'utf8',
      })
      expect(stdout).toBe(word)
    }
  })
})

describe('fmwork launch slurm', () => {
  const options: LaunchOptions = {
    data: 'none',
    coordinator: 'head:7070',
    nodes: 2,
    gpus: 0,
    allowEngine: ['simulated'],
    state: 'agents',
    json: true,
  }

  /** A context whose programs are found at this path. */
  const at = (path: string) => {
    const fake = fakeContext()
    const context = { ...fake.context, workingDirectory: folder, env: { PATH: path } }
    return { context, written: fake.written }
  }

  it('prints the script, or submits it and tells the job', () => {
    const told = fakeContext()
    expect(launchSlurmCommand(told.context, { ...options, dryRun: true })).toBe(0)
    expect(told.written.stdout).toContain('#SBATCH --array=0-1')
    program('sbatch', ['cp "$2" "$(dirname "$0")/submitted"', 'echo "4242;cluster"'])
    const path = `${folder}:${process.env.PATH ?? ''}`
    const { context, written } = at(path)
    expect(launchSlurmCommand(context, options)).toBe(0)
    expect(JSON.parse(written.stdout)).toMatchObject({ job: '4242', nodes: 2 })
    expect(readFileSync(join(folder, 'submitted'), 'utf8')).toContain('head:7070')
  })

  it('says what is missing: engines, a coordinator, Slurm, or what Slurm refuses', () => {
    const { context } = at(folder)
    const launched = (changed: Partial<LaunchOptions>) => () =>
      launchSlurmCommand(context, { ...options, ...changed })
    expect(launched({ allowEngine: [] })).toThrow(/--allow-engine/)
    const nowhere = Object.fromEntries(
      Object.entries(options).filter(([key]) => key !== 'coordinator'),
    ) as unknown as LaunchOptions
    expect(() => launchSlurmCommand(context, nowhere)).toThrow(/no coordinator/)
    expect(launched({})).toThrow(/sbatch cannot be run/)
    program('sbatch', ['echo "invalid partition" >&2', 'exit 1'])
    expect(launched({ partition: 'x' })).toThrow(/sbatch refused: invalid partition/)
  })
})
