import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { EngineDemand } from '../../agent/engine/engine.js'
import { createEngine } from '../../agent/engine/engines.js'
import { systemClock } from '../../shared/process/clock.js'
import { QuietLock } from '../../shared/process/quiet-lock.js'
import { permitsFor } from '../contract/stand-ins.js'
import { markedBy } from './support/marked.js'

const program = new URL('../fixtures/engines/doomed-agent.mjs', import.meta.url).pathname
const device = 'GPU-11111111-2222-3333-4444-555555555555'
const never = new AbortController().signal
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-orphans-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const demand: EngineDemand = {
  block: {
    model: 'org/model',
    engine: 'vllm',
    engineArgs: {},
    hardware: 'H100',
    tensorParallel: 1,
  },
  maxLoad: 4,
  maxContextTokens: 512,
  devices: [device],
}
const permits = (fault: string) =>
  permitsFor('vllm', 'vllm.mjs', {
    models: ['*/*'],
    stop_seconds: 1,
    env: { FMWORK_STAND_IN: fault, FMWORK_TEST_FOLDER: folder },
  })
const optionsOf = (name: string) => ({
  stateDir: join(folder, name),
  registerFolder: join(folder, 'register'),
})

/** An agent with an engine that is deaf to SIGTERM; the numbers of both. */
async function doomedAgent() {
  const lockFolder = join(folder, 'locks')
  const words = { permits: permits('deaf'), options: optionsOf('doomed'), demand, lockFolder }
  const agent = spawn(process.execPath, [program, JSON.stringify(words)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(agent.stdout, 'data')) as [Buffer]
  return { agent, engine: Number(line.toString()), lockFolder }
}

const parentOf = (pid: number) =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])

/** Starts an engine as the next agent; which processes of the first there were when it was up. */
async function nextStart(first: number) {
  const lock = new QuietLock({
    clock: systemClock,
    agent: 'next',
    devices: [device],
    folder: join(folder, 'locks'),
  })
  const release = await lock.acquire(never, () => undefined)
  const engine = createEngine('vllm', {
    ...optionsOf('next'),
    allowed: ['vllm'],
    permits: permits(''),
    deviceMemory: () => Promise.resolve(undefined),
  })
  const running = await engine.start(demand, never)
  const alive = markedBy(folder)
  await running.stop()
  release()
  return { firstAlive: alive.includes(first), alive }
}

it('the engine of a killed agent is ended by its keeper before another starts there', async () => {
  const { agent, engine } = await doomedAgent()
  expect(markedBy(folder)).toContain(engine)
  agent.kill('SIGKILL')
  const { firstAlive, alive } = await nextStart(engine)
  expect(firstAlive).toBe(false)
  // The next engine and its helper, and nothing of the first.
  expect(alive).toHaveLength(2)
  expect(markedBy(folder)).toEqual([])
  expect(readdirSync(join(folder, 'register'))).toEqual([])
  expect(readdirSync(join(folder, 'locks'))).toEqual([])
})

it('an engine whose agent and keeper were both killed is ended by the next agent', async () => {
  const { agent, engine } = await doomedAgent()
  process.kill(parentOf(engine), 'SIGSTOP')
  agent.kill('SIGKILL')
  process.kill(parentOf(engine), 'SIGKILL')
  const { firstAlive } = await nextStart(engine)
  expect(firstAlive).toBe(false)
  expect(markedBy(folder)).toEqual([])
  expect(readdirSync(join(folder, 'register'))).toEqual([])
})

it('engines of living agents are left alone, as are those on other devices', async () => {
  const { agent, engine } = await doomedAgent()
  expect((await startedBeside([device])).includes(engine)).toBe(true)
  const keeper = parentOf(engine)
  process.kill(keeper, 'SIGSTOP')
  agent.kill('SIGKILL')
  await once(agent, 'exit')
  expect((await startedBeside(['GPU-22222222-2222-3333-4444-555555555555'])).includes(engine)).toBe(
    true,
  )
  process.kill(keeper, 'SIGCONT')
  while (markedBy(folder).length > 0) await systemClock.sleep(0.02)
})

async function startedBeside(devices: readonly string[]): Promise<readonly number[]> {
  const beside = createEngine('vllm', {
    ...optionsOf('beside'),
    allowed: ['vllm'],
    permits: permits(''),
    deviceMemory: () => Promise.resolve(undefined),
  })
  const running = await beside.start({ ...demand, devices }, never)
  const alive = markedBy(folder)
  await running.stop()
  return alive
}
