import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCoordinator } from '../../coordinator/service/coordinator.js'
import type { RunningCoordinator } from '../../coordinator/service/coordinator.js'
import { configurationKey } from '../../shared/domain/configuration.js'
import { systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { createRandom } from '../../shared/stats/random.js'
import { openFakePlanner } from '../fixtures/fake-planner.js'
import { removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'

/** The compiled agent as a process of its own, with a real (simulated) engine under it. */

const program = fileURLToPath(new URL('../../dist/agent/main.js', import.meta.url))
/** The same, for tests of what is measured: it bears any noise, so that all of it is. */
const tolerant = fileURLToPath(new URL('./support/tolerant-agent.mjs', import.meta.url))
const log = createLog({ name: 'test', level: 'silent' })
/** Slowed down: latencies of a millisecond or two are refused, as the event loop could move them. */
const sweepText = `
name: small
model: fmwork-nano
engines: [{kind: simulated, args: {time_scale: 4}}]
space: {batch_size: [1, 2], input_tokens: 16, output_tokens: [4, 8]}
metrics: [ttft]
strategy: {kind: full-grid}
measurement: {warmups: 0, repetitions: 2}
`

let coordinator: RunningCoordinator
let children: ChildProcess[]

beforeEach(async () => {
  children = []
  coordinator = await openCoordinator({
    dataDir: temporaryFolder(),
    listen: '127.0.0.1:0',
    log,
    openPlanner: openFakePlanner(),
  })
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await coordinator.close(0.2)
  removeTemporaryFolders()
})

interface Child {
  readonly process: ChildProcess
  readonly ended: Promise<{ code: number | null; said: string }>
}

function startAgent(args: readonly string[], script = program): Child {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'ignore', 'pipe'] })
  children.push(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, said }))
  })
  return { process: child, ended }
}

const usualArguments = () => [
  '--coordinator',
  coordinator.address,
  '--name',
  'one',
  '--data',
  temporaryFolder(),
  '--allow-engine',
  'simulated',
]

/** Processes whose parent is `pid`. */
function childrenOf(pid: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === `${pid}`
      } catch {
        return false // It ended while we looked.
      }
    })
    .map(Number)
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the agent program', () => {
  it('measures, and ends in order at SIGTERM', async () => {
    await coordinator.sweepDesk.submit(sweepText)
    const agent = startAgent(usualArguments(), tolerant)
    const measured = async () => (await coordinator.sweepDesk.get('small')).status.measured
    await expect.poll(measured, { timeout: 50_000, interval: 100 }).toBe(4)
    agent.process.kill('SIGTERM')
    expect(await agent.ended).toMatchObject({ code: 0 })
    expect((await coordinator.sweepDesk.agents())[0]).toMatchObject({
      agent: 'one',
      hardware: 'cpu',
      engines: ['simulated'],
      connected: false,
    })
  })

  it('ends with its parent, and its engine with it', async () => {
    // Slow enough to be in the middle of a trial.
    const slow = sweepText.replace('output_tokens: [4, 8]', 'output_tokens: [4000]')
    await coordinator.sweepDesk.submit(slow)
    const agent = startAgent(usualArguments())
    await expect
      .poll(() => childrenOf(agent.process.pid).length, { timeout: 30_000, interval: 50 })
      .toBeGreaterThan(0)
    const engines = childrenOf(agent.process.pid)
    agent.process.stdin?.destroy()
    expect((await agent.ended).code).toBe(0)
    await expect.poll(() => engines.filter(alive), { timeout: 10_000 }).toEqual([])
  })

  it('killed again and again loses nothing, measures nothing twice, leaves no engine', async () => {
    await coordinator.sweepDesk.submit(sweepText.replace('[1, 2]', '[1, 2, 3]'))
    const random = createRandom(20)
    const args = usualArguments()
    const status = async () => (await coordinator.sweepDesk.get('small')).status
    const engines = new Set<number>()
    for (let life = 0; life < 4; life += 1) {
      const before = (await status()).measured
      const agent = startAgent(args, tolerant)
      await expect
        .poll(async () => (await status()).measured, { timeout: 60_000, interval: 20 })
        .toBeGreaterThan(Math.min(before, 5))
      for (const engine of childrenOf(agent.process.pid)) engines.add(engine)
      await systemClock.sleep(random.next() * 0.2)
      agent.process.kill('SIGKILL')
      await agent.ended
    }
    const last = startAgent(args, tolerant)
    await expect
      .poll(async () => (await status()).sweep.state, { timeout: 60_000, interval: 50 })
      .toBe('COMPLETED')
    last.process.kill('SIGTERM')
    await last.ended
    const measured: string[] = []
    for await (const part of coordinator.sweepDesk.export('small', new AbortController().signal)) {
      if (part.kind !== 'trial' || part.trial.state !== 'SUCCEEDED') continue
      measured.push(configurationKey(part.trial.configuration))
    }
    expect(measured).toHaveLength(6)
    expect(new Set(measured).size).toBe(6)
    expect(engines.size).toBeGreaterThan(0)
    await expect.poll(() => [...engines].filter(alive), { timeout: 10_000 }).toEqual([])
  }, 150_000)

  it.each([
    ['a missing option', ['--name', 'one'], 2, /^error USAGE: .*--coordinator/m],
    ['an unknown option', ['--nonsense'], 2, /^error USAGE: .*nonsense/m],
    [
      'an engine that does not exist',
      ['--coordinator', '127.0.0.1:1', '--name', 'one', '--data', tmpdir(), '--allow-engine', 'x'],
      22,
      /^error ENGINE_NOT_ALLOWED: .*"x"/m,
    ],
    [
      'a folder that cannot be',
      ['--coordinator', '127.0.0.1:1', '--name', 'one', '--data', '/dev/null/x'],
      31,
      /^error DATA_FOLDER_UNWRITABLE: /m,
    ],
  ])('says what is wrong with %s', async (_, args, code, message) => {
    const end = await startAgent(args).ended
    expect(end.code).toBe(code)
    expect(end.said).toMatch(message)
    const lines = end.said.split('\n').filter((line) => !line.startsWith('{'))
    expect(lines.join('\n')).not.toMatch(/^ {4}at /m)
  })
})
