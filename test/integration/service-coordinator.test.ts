import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAgent } from '../../agent/session/agent.js'
import type { RunningAgent } from '../../agent/session/agent.js'
import { openCoordinator } from '../../coordinator/service/coordinator.js'
import type {
  CoordinatorOptions,
  RunningCoordinator,
} from '../../coordinator/service/coordinator.js'
import type { TrialRecord } from '../../shared/domain/sweep-desk.js'
import { createLog } from '../../shared/process/log.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import type { RemoteSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { openFakePlanner } from '../fixtures/fake-planner.js'
import { agentParts, removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'
import type { FakeAgentParts } from './support/fake-agent.js'
import { smallSweep, smallSweepSize } from './support/small-sweep.js'

const log = createLog({ name: 'test', level: process.env.FMWORK_TEST_LOG ?? 'silent' })

let dataDir: string
let coordinator: RunningCoordinator
let agents: RunningAgent[]
let desks: RemoteSweepDesk[]

async function listen(options: Partial<CoordinatorOptions> = {}): Promise<RunningCoordinator> {
  coordinator = await openCoordinator({
    dataDir,
    listen: '127.0.0.1:0',
    log,
    openPlanner: openFakePlanner(),
    ...options,
  })
  return coordinator
}

async function start(parts: FakeAgentParts): Promise<FakeAgentParts> {
  agents.push(await openAgent(parts))
  return parts
}

function connect(): RemoteSweepDesk {
  const desk = connectSweepDesk(coordinator.address)
  desks.push(desk)
  return desk
}

/** Watches until the sweep is over, over as many coordinators as that takes. */
async function finished(desk: RemoteSweepDesk): Promise<void> {
  for await (const event of desk.watch('small', false, new AbortController().signal)) {
    if (event.kind === 'status' && event.status.sweep.state !== 'RUNNING') return
  }
}

async function trials(desk: RemoteSweepDesk): Promise<TrialRecord[]> {
  const found: TrialRecord[] = []
  for await (const part of desk.export('small', new AbortController().signal)) {
    if (part.kind === 'trial') found.push(part.trial)
  }
  return found
}

const keyOf = ({ configuration: { load, inputTokens, outputTokens } }: TrialRecord) =>
  `${load}/${inputTokens}/${outputTokens}`

beforeEach(async () => {
  dataDir = temporaryFolder()
  agents = []
  desks = []
  await listen()
})
afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.stop(0)))
  for (const desk of desks) desk.close()
  await coordinator.close(0.2)
  removeTemporaryFolders()
})

describe('a coordinator and its agents', () => {
  it('measure a space once, between them', async () => {
    const desk = connect()
    await desk.submit(smallSweep)
    const first = await start(agentParts(coordinator.address, { name: 'one' }))
    const second = await start(agentParts(coordinator.address, { name: 'two' }))
    await finished(desk)
    const done = await trials(desk)
    expect(done.filter(({ state }) => state === 'SUCCEEDED')).toHaveLength(smallSweepSize)
    expect(new Set(done.map(keyOf)).size).toBe(smallSweepSize)
    expect(first.runner.ran.length + second.runner.ran.length).toBe(smallSweepSize)
    const status = (await desk.get('small')).status
    expect(status).toMatchObject({ measured: smallSweepSize, sweep: { state: 'COMPLETED' } })
    await expect.poll(() => first.engine.running + second.engine.running).toBe(0)
    const known = await desk.agents()
    expect(known.map(({ agent, connected }) => [agent, connected]).sort()).toEqual([
      ['one', true],
      ['two', true],
    ])
  })

  it('go on where they were after the coordinator was replaced, and measure nothing twice', async () => {
    const { address } = coordinator
    await connect().submit(smallSweep)
    const parts = agentParts(address)
    const measured = parts.runner.outcome
    let replaced: Promise<unknown> | undefined
    parts.runner.outcome = async (order, engine, observer) => {
      if (parts.runner.ran.length === 5) {
        // Gone in the middle of this trial, back at some moment after it.
        await coordinator.close(0)
        replaced = listen({ listen: address })
      }
      return measured(order, engine, observer)
    }
    await start(parts)
    await expect.poll(() => replaced).toBeDefined()
    await replaced
    const desk = connect()
    await finished(desk)
    const done = await trials(desk)
    expect(done.map(({ state }) => state)).toEqual(
      Array.from({ length: smallSweepSize }, () => 'SUCCEEDED'),
    )
    expect(parts.runner.ran).toHaveLength(smallSweepSize)
    expect(new Set(done.map(keyOf)).size).toBe(smallSweepSize)
    expect(parts.engine.mostRunning).toBe(1)
  })

  it('verify when asked, with the engine started once more', async () => {
    const desk = connect()
    await desk.submit(smallSweep)
    const parts = await start(agentParts(coordinator.address))
    await finished(desk)
    expect(await desk.verify('small', 4, 1)).toBe(4)
    await expect.poll(async () => (await desk.get('small')).status.verifyMeasured).toBe(4)
    expect(parts.runner.ran).toHaveLength(smallSweepSize + 4)
    expect(parts.engine.mostRunning).toBe(1)
  })

  it('stop a cancelled sweep’s trial and free its engine', async () => {
    const desk = connect()
    await desk.submit(smallSweep)
    const parts = agentParts(coordinator.address)
    parts.runner.outcome = () => new Promise(() => undefined)
    await start(parts)
    await expect.poll(() => parts.runner.ran.length).toBe(1)
    expect((await desk.cancel('small')).state).toBe('CANCELLED')
    await expect.poll(() => [parts.runner.aborted.length, parts.engine.running]).toEqual([1, 0])
  })
})

describe('a coordinator', () => {
  it('that cannot listen leaves its folder free', async () => {
    const folder = temporaryFolder()
    const wrong = { dataDir: folder, log, openPlanner: openFakePlanner() }
    await expect(openCoordinator({ ...wrong, listen: coordinator.address })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    })
    const other = await openCoordinator({ ...wrong, listen: '127.0.0.1:0' })
    await other.close()
  })

  it('shares its folder with no other', async () => {
    await expect(
      openCoordinator({ dataDir, listen: '127.0.0.1:0', log, openPlanner: openFakePlanner() }),
    ).rejects.toMatchObject({ code: 'DATA_FOLDER_LOCKED' })
  })

  it('answers at its own counter as at the wire', async () => {
    const desk = connect()
    const { sweepId } = await desk.submit(smallSweep)
    expect((await coordinator.sweepDesk.list()).map((sweep) => sweep.sweepId)).toEqual([sweepId])
    await expect(desk.get('other')).rejects.toMatchObject({ code: 'SWEEP_NOT_FOUND' })
    await expect(desk.submit(smallSweep.replace('16, 32', '16'))).rejects.toMatchObject({
      code: 'SWEEP_EXISTS',
    })
  })
})
