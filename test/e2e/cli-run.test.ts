import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SweepStatus } from '../../shared/domain/meta-metrics.js'
import type { TrialRecord } from '../../shared/domain/sweep-desk.js'
import { cliProgram, expectNoProcess, fmwork, processesOf } from './cli-process.js'

const configurations = 12
/** Without anchors: an agent may measure one that another has measured, and here that would be a loss. */
const sweepText = `
name: tiny
model: sim
engines: [{kind: simulated, args: {time_scale: 4}}]
space: {batch_size: [1, 2, 3, 4], input_tokens: [32, 64, 128], output_tokens: 8}
metrics: [ttft, itl]
strategy: {kind: full-grid, anchor_share: 0}
measurement: {warmups: 1, repetitions: 3, max_seconds: 5, request_timeout: 10s}
`

let folder: string
let running: ChildProcess | undefined
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-run-')))
  writeFileSync(join(folder, 'sweep.yaml'), sweepText)
})
afterEach(async () => {
  running?.kill('SIGKILL')
  await expectNoProcess(folder)
  rmSync(folder, { recursive: true })
})

type JsonEvent =
  | { readonly event: 'status'; readonly status: SweepStatus }
  | { readonly event: 'trial-ended'; readonly trial: TrialRecord }

const parse = (line: string): JsonEvent => JSON.parse(line) as JsonEvent

/** Starts `run --json` and kills it, and nothing else, when `trials` trials have succeeded. */
async function runAndKillAfter(trials: number): Promise<string[]> {
  running = spawn(
    process.execPath,
    [cliProgram, 'run', 'sweep.yaml', '--data', 'data', '--agents', '2', '--json'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const { stdout } = running
  if (stdout === null) throw new Error('the program has no standard output')
  const succeeded: string[] = []
  for await (const line of createInterface({ input: stdout })) {
    const event = parse(line)
    if (event.event !== 'trial-ended' || event.trial.state !== 'SUCCEEDED') continue
    succeeded.push(event.trial.trialId)
    if (succeeded.length >= trials) break
  }
  return succeeded
}

/** The rows of measurements.csv by column name; no cell of this sweep but the arguments is quoted. */
function measurements(file: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split('\r\n')
  const split = (line: string) =>
    Array.from(line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g), ([, cell]) => cell ?? '')
  const names = split(header)
  return lines.map((line) => {
    const cells = split(line)
    return Object.fromEntries(names.map((name, column) => [name, cells[column] ?? '']))
  })
}

describe('a run whose command is killed', () => {
  it('leaves no process, loses nothing, and measures nothing twice when resumed', async () => {
    const before = await runAndKillAfter(3)
    expect(before.length).toBe(3)
    // The command itself, the coordinator and the agents at least: the check below sees them all.
    expect(processesOf(folder).length).toBeGreaterThanOrEqual(3)
    running?.kill('SIGKILL')
    await expectNoProcess(folder)

    const resumed = fmwork(
      folder,
      ['resume', 'tiny', '--data', 'data', '--agents', '1', '--json'],
      120,
    )
    const events = resumed.stdout.trim().split('\n').map(parse)
    const last = events.filter((event) => event.event === 'status').at(-1)?.status
    expect(last?.sweep.state).toBe('COMPLETED')
    expect(last?.pending).toBe(0)
    expect(last?.goalReached).toBe(true)
    expect(resumed.exit).toBe(0)

    const report = fmwork(folder, ['report', 'tiny', '--data', 'data', '--out', 'report', '--json'])
    expect(report.exit).toBe(0)
    expect(JSON.parse(report.stdout)).toMatchObject({ sweep: 'tiny' })
    const rows = measurements(join(folder, 'report', 'measurements.csv'))
    const good = rows.filter(({ state }) => state === 'SUCCEEDED')
    const keys = good.map((row) =>
      [row.purpose, row.batch_size_sequences, row.input_tokens, row.output_tokens].join(' '),
    )
    expect(keys).toEqual([...new Set(keys)])
    expect(keys.every((key) => /^\w+ [1-4] (32|64|128) 8$/.test(key))).toBe(true)
    expect(good.map(({ trial_id: id }) => id)).toEqual(expect.arrayContaining(before))
    expect(good.length).toBe(last?.measured)
    expect(good).toHaveLength(configurations)
    expect(new Set(rows.map(({ trial_id: id }) => id)).size).toBe(rows.length)
  })
})
