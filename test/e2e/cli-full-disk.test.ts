import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestContext } from 'vitest'
import { errorTable } from '../../shared/domain/error-table.js'
import type { SweepDesk } from '../../shared/domain/sweep-desk.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { SmallDisk } from '../fixtures/small-disk.js'
import { cliProgram, expectNoProcess, fmwork } from './cli-process.js'

/** The agent as compiled, but for its noise thresholds. */
const agentProgram = fileURLToPath(new URL('../bench/chaos/agent.mjs', import.meta.url))

/** In place of the default 1 s: an engine’s start, a trial, or a retry takes about as long. */
const patience = { timeout: 60_000, interval: 50 }
const configurations = 8
const sweepText = (name: string) => `
name: ${name}
model: fmwork-nano
engines: [{kind: simulated, args: {time_scale: 10}}]
space: {batch_size: {range: [1, 4]}, input_tokens: 16, output_tokens: [4, 8], hardware: cpu}
metrics: [ttft]
strategy: {kind: full-grid}
measurement: {warmups: 0, repetitions: 2}
`

let folder: string
let disk: SmallDisk
let programs: ChildProcess[]
let desk: (SweepDesk & { close(): void }) | undefined

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-full-')))
  disk = new SmallDisk(16)
  programs = []
  desk = undefined
})
afterEach(async () => {
  desk?.close()
  for (const program of programs) program.kill('SIGKILL')
  await expectNoProcess(folder)
  await expectNoProcess(disk.folder)
  disk.remove()
  rmSync(folder, { recursive: true, force: true })
})

function start(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], {
    ...{ cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] },
  })
  programs.push(child)
  return child
}

/** A coordinator and an agent at work on a sweep. */
async function atWork(data: string, agentData: string, logFile: string) {
  const coordinator = start(cliProgram, [
    ...['coordinator', '--data', data, '--listen', '127.0.0.1:0', '--log-file', logFile],
  ])
  if (coordinator.stdout === null) throw new Error('it says nothing')
  const [line] = (await once(createInterface({ input: coordinator.stdout }), 'line')) as [string]
  const address = /^Listening at (.*)\.$/.exec(line)?.[1] ?? ''
  const people = connectSweepDesk(address)
  desk = people
  await people.submit(sweepText('first'))
  const agentLog = join(folder, 'agent.log')
  const agent = start(agentProgram, [
    ...['--coordinator', address, '--name', 'one', '--data', agentData],
    ...['--allow-engine', 'simulated', '--log-file', agentLog],
  ])
  const status = async () => (await people.get('first')).status
  await expect.poll(async () => (await status()).measured, patience).toBeGreaterThan(0)
  return { coordinator, agent, address, agentLog, status, people }
}

interface Line {
  readonly msg: string
  readonly code?: string
  readonly trial?: string
  readonly err?: { readonly code?: string }
}
/** What a program has logged; a line that is not whole yet is left out. */
const logged = (file: string): Line[] =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
const isFull = ({ code, err }: Line) => code === 'DISK_FULL' || err?.code === 'DISK_FULL'

/** Lets the sweep end, stops both, and holds what was kept against what the agent says it measured. */
async function nothingIsLost(data: string, work: Awaited<ReturnType<typeof atWork>>) {
  const { coordinator, agent, agentLog, status, people } = work
  await expect
    .poll(async () => (await status()).sweep.state, { timeout: 120_000, interval: 200 })
    .toBe('COMPLETED')
  const stored = new Map<string, string>()
  for await (const part of people.export('first', new AbortController().signal)) {
    if (part.kind === 'trial') stored.set(part.trial.trialId, part.trial.state)
  }
  // A busy host makes some of them invalid: those are tried again, or given up.
  const { measured, failed, invalid } = await status()
  expect(measured).toBeGreaterThan(1)
  expect(measured + failed + invalid).toBeGreaterThanOrEqual(configurations)
  const ended = logged(agentLog).filter(({ msg }) => msg === 'trial ended')
  expect(ended.length).toBeGreaterThanOrEqual(measured)
  for (const { trial = '' } of ended) {
    expect(['SUCCEEDED', 'FAILED', 'ABANDONED']).toContain(stored.get(trial))
  }
  for (const program of [agent, coordinator]) {
    const exit = once(program, 'exit')
    program.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
  }
  // On a disk with room, which the doctor would miss there.
  cpSync(data, join(folder, 'copy'), { recursive: true })
  expect(fmwork(folder, ['doctor', '--data', 'copy']).exit).toBe(0)
}

describe('a disk that is full', () => {
  it('under the coordinator’s data and log is told to everyone; all goes on when there is room', async (context: TestContext) => {
    disk.orSkip(context)
    const data = join(disk.folder, 'data')
    const work = await atWork(data, join(folder, 'agent'), join(data, 'coordinator.log'))
    const empty = disk.fill(0)
    await expect.poll(() => logged(work.agentLog).some(isFull), patience).toBe(true)
    // Large enough not to fit into what the report that was refused has left.
    writeFileSync(join(folder, 'second.yaml'), `${sweepText('second')}# ${'x'.repeat(500_000)}\n`)
    const refused = fmwork(folder, ['submit', 'second.yaml', '--coordinator', work.address])
    expect(refused.exit).toBe(errorTable.DISK_FULL.exit)
    expect(refused.stderr).toMatch(/^error DISK_FULL: /m)
    expect([work.coordinator.exitCode, work.agent.exitCode]).toEqual([null, null])
    empty()
    await nothingIsLost(data, work)
  })

  it('under an agent’s folder makes it wait with its results, and lose none', async (context: TestContext) => {
    disk.orSkip(context)
    const data = join(folder, 'data')
    const work = await atWork(data, join(disk.folder, 'agent'), join(folder, 'coordinator.log'))
    const empty = disk.fill(0)
    await expect.poll(() => logged(work.agentLog).some(isFull), patience).toBe(true)
    const { measured } = await work.status()
    expect(measured).toBeLessThan(configurations)
    expect(work.agent.exitCode).toBe(null)
    empty()
    await nothingIsLost(data, work)
  })
})
