import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { quickstartChoice } from '../../../cli/commands/quickstart.js'
import { createProgram } from '../../../cli/program.js'
import { databaseFile } from '../../../coordinator/store/open-store.js'
import type { SweepSummary } from '../../../shared/domain/meta-metrics.js'
import type { SweepState } from '../../../shared/domain/trial.js'
import { fakeContext, sweepText } from './fake-context.js'
import { statusOf } from './sample-status.js'

let data: string
let file: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'fmwork-program-'))
  writeFileSync(join(data, databaseFile), '')
  file = join(data, 'sweep.yaml')
  writeFileSync(file, sweepText)
})
afterEach(() => {
  rmSync(data, { recursive: true })
})

async function run(stage: ReturnType<typeof fakeContext>, ...args: string[]): Promise<number> {
  let exit = -1
  const program = createProgram(stage.context, (code) => {
    exit = code
  })
  await program.parseAsync(['node', 'fmwork', ...args])
  return exit
}

const sweep = (name: string, state: SweepState): SweepSummary => ({
  sweepId: `s-${name}`,
  name,
  state,
  reason: '',
  createdAt: 0,
})

const completed = {
  kind: 'status',
  status: statusOf({
    sweep: { ...statusOf().sweep, state: 'COMPLETED', reason: 'the goal is shown' },
    goalReached: true,
  }),
} as const

describe('fmwork', () => {
  it('has examples in the help of every command, and of every command of a command', () => {
    const { context } = fakeContext()
    const check = (command: Command, path: string) => {
      let help = ''
      command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp()
      expect(help).toMatch(new RegExp(`Examples:\\n {2}\\$ fmwork ${path}`))
      expect(help).not.toMatch(/default: (false|\[\])/)
      for (const inner of command.commands) check(inner, `${path} ${inner.name()}`)
    }
    for (const command of createProgram(context, () => undefined).commands) {
      check(command, command.name())
    }
  })

  it('lists every command under what it is for', () => {
    const { commands } = createProgram(fakeContext().context, () => undefined)
    expect(
      commands.filter((command) => command.helpGroup() === '').map((command) => command.name()),
    ).toEqual([])
  })

  it('prints its version as text and as an object', async () => {
    const text = fakeContext()
    expect(await run(text, 'version')).toBe(0)
    expect(text.written.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const json = fakeContext()
    await run(json, 'version', '--json')
    expect(JSON.parse(json.written.stdout)).toMatchObject({ node: process.version })
  })
})

describe('fmwork run', () => {
  it('starts coordinator and agents, submits, watches, stops them and says what is next', async () => {
    const stage = fakeContext()
    stage.desk.events = [completed]
    expect(await run(stage, 'run', file, '--data', data, '--agents', '1')).toBe(0)
    expect(stage.orders.map(({ name }) => name)).toEqual(['coordinator', 'agent-1'])
    expect(stage.orders[1]?.args).toEqual(expect.arrayContaining(['--allow-engine', 'simulated']))
    expect(stage.desk.calls).toEqual(['submit tiny'])
    expect(stage.stopped).toEqual(['agent-1', 'coordinator'])
    expect(stage.written.stdout).toContain('Ended, goal reached: the goal is shown')
    expect(stage.written.stdout).toContain(`fmwork report tiny --data ${data}`)
  })

  it('only submits and watches with --coordinator', async () => {
    const stage = fakeContext()
    stage.desk.events = [completed]
    expect(await run(stage, 'run', file, '--coordinator', 'node0:7070')).toBe(0)
    expect(stage.orders).toEqual([])
    expect(stage.connected).toEqual(['node0:7070'])
  })

  it('gives an object per line with --json, and nothing else', async () => {
    const stage = fakeContext()
    stage.desk.events = [completed]
    await run(stage, 'run', file, '--data', data, '--json')
    const lines = stage.written.stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ event: 'status' }),
    ])
  })

  it('with --dry-run starts nothing and says what it would measure', async () => {
    const stage = fakeContext()
    expect(await run(stage, 'run', file, '--dry-run')).toBe(0)
    expect(stage.orders).toEqual([])
    expect(stage.written.stdout).toMatch(/configurations +6\n/)
    expect(stage.written.stdout).toMatch(/One repetition of every configuration takes about \S+/)
    expect(stage.written.stdout).toContain('No budget bounds it')
  })
})

describe('the commands that look', () => {
  it('list, show and change a sweep without agents', async () => {
    const stage = fakeContext()
    expect(await run(stage, 'list', '--data', data)).toBe(0)
    expect(await run(stage, 'show', 'tiny', '--data', data)).toBe(0)
    expect(await run(stage, 'pause', 'tiny', '--data', data)).toBe(0)
    expect(await run(stage, 'cancel', 'tiny', '--data', data, '--json')).toBe(0)
    expect(new Set(stage.orders.map(({ name }) => name))).toEqual(new Set(['coordinator']))
    expect(stage.written.stdout).toMatch(/s1 +tiny +RUNNING/)
    expect(stage.written.stdout).toContain('gain so far')
    expect(stage.written.stdout).toContain('Sweep tiny is PAUSED.')
    expect(stage.written.stdout).toContain('"state":"CANCELLED"')
  })

  it('submit hands in under another name and leaves', async () => {
    const stage = fakeContext()
    const args = ['submit', file, '--coordinator', 'node0:7070', '--name', 'other']
    expect(await run(stage, ...args)).toBe(0)
    expect(stage.desk.calls).toEqual(['submit other'])
    expect(stage.written.stdout).toBe('Sweep other is s1.\n')
  })

  it('verify refutes a claim that the truth is outside of, with an exit code of its own', async () => {
    const stage = fakeContext()
    const around = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 })
    stage.desk.parts = [
      {
        kind: 'verification',
        verification: {
          sampled: 3,
          of: 6,
          metrics: [
            {
              metric: 'ttft',
              claimedAccuracy: around(0.97),
              trueAccuracy: around(0.9),
              trueWithin5: 0.5,
              trueP95Error: 0.2,
              trueBias: 0.1,
              insideClaim: false,
            },
          ],
          referenceDeviceSeconds: 10,
          sweepDeviceSeconds: 5,
          trueGain: around(2),
        },
      },
    ]
    await expect(
      run(stage, 'verify', 'tiny', '--sample', '3', '--data', data),
    ).rejects.toMatchObject({ code: 'CLAIM_REFUTED', exitCode: 4 })
    expect(stage.written.stdout).toContain('OUTSIDE the claim')
    expect(stage.desk.calls).toContain('verify s1 3 1')
  })
})

describe('the name of a quickstart', () => {
  it('is the first free one', () => {
    expect(quickstartChoice('quickstart', [])).toEqual({ name: 'quickstart' })
    const done = [sweep('quickstart', 'COMPLETED'), sweep('quickstart-3', 'FAILED')]
    expect(quickstartChoice('quickstart', done)).toEqual({ name: 'quickstart-2' })
  })

  it('is that of one which was interrupted', () => {
    const open = sweep('quickstart-2', 'RUNNING')
    expect(quickstartChoice('quickstart', [sweep('quickstart', 'COMPLETED'), open])).toEqual({
      open,
      name: 'quickstart-2',
    })
  })

  it('leaves sweeps of other names alone', () => {
    expect(quickstartChoice('quickstart', [sweep('quickstart-mine', 'RUNNING')])).toEqual({
      name: 'quickstart',
    })
  })
})

it('the shipped quickstart spans at least 300 configurations', async () => {
  const stage = fakeContext()
  await run(stage, 'plan', 'examples/quickstart.yaml', '--json')
  const facts = JSON.parse(stage.written.stdout) as { configurations: number }
  expect(facts.configurations).toBeGreaterThanOrEqual(300)
  expect(readFileSync('examples/quickstart.yaml', 'utf8')).toContain('audit')
})
