import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAgent } from '../../agent/session/agent.js'
import type { RunningAgent } from '../../agent/session/agent.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { TrialOrder } from '../../shared/domain/lease.js'
import { createLog } from '../../shared/process/log.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import { grant, measurement, order } from './support/examples.js'
import { agentParts, removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'
import type { FakeAgentParts } from './support/fake-agent.js'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

const log = createLog({ name: 'test', level: 'silent' })
const nothing = { retryAfterMs: 50, reason: 'nothing to do' }

let desk: FakeAgentDesk
let serving: Serving
let agents: RunningAgent[]

const listen = (address = '127.0.0.1:0', token?: string) =>
  serve({
    listen: address,
    desks: { agents: desk, sweeps: new FakeSweepDesk() },
    log,
    ...(token === undefined ? {} : { token }),
  })

async function start(parts: FakeAgentParts): Promise<RunningAgent> {
  const agent = await openAgent(parts)
  agents.push(agent)
  return agent
}

/** A desk that orders these trials in one lease, again and again until their results are stored. */
function orderTrials(trials: readonly TrialOrder[], leaseId = 'lease-1', token = 1): void {
  desk.work = (_, capacity) => {
    if (desk.released.some((lease) => lease.leaseId === leaseId)) return nothing
    const left = trials.filter(({ trialId }) => !desk.results.includes(trialId))
    return left.length === 0 ? nothing : grant(leaseId, token, left.slice(0, capacity))
  }
}

beforeEach(async () => {
  desk = new FakeAgentDesk()
  serving = await listen()
  agents = []
})
afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.stop(0)))
  await serving.close(0.2)
  removeTemporaryFolders()
})

describe('an agent', () => {
  it('measures what it is ordered to, once each, with one engine, and gives the lease back', async () => {
    const parts = agentParts(serving.address)
    const trials = ['a', 'b', 'c', 'd', 'e'].map((id) => order(id))
    orderTrials(trials)
    await start(parts)
    await desk.until(() => desk.released.length === 1)
    expect(parts.runner.ran).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(desk.results).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(parts.engine.demands).toHaveLength(1)
    expect(parts.engine.running).toBe(0)
    const kinds = desk.recorded.flatMap(({ items }) => items.map(({ kind }) => kind))
    expect(kinds.filter((kind) => kind === 'engine-started')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'trial-started')).toHaveLength(5)
  })

  it('has the next trial queued while one runs', async () => {
    const parts = agentParts(serving.address)
    const finish: (() => void)[] = []
    parts.runner.outcome = () =>
      new Promise((resolve) => {
        finish.push(() => resolve({ kind: 'measured', measurement: measurement() }))
      })
    let asked = 0
    desk.work = () => {
      asked += 1
      return grant('lease-1', 1, asked === 1 ? [order('a')] : [order('a'), order('b')])
    }
    await start(parts)
    await desk.until(() => asked === 2)
    expect(parts.runner.ran).toEqual(['a'])
    finish[0]?.()
    await expect.poll(() => parts.runner.ran).toEqual(['a', 'b'])
  })

  it('passes on samples and telemetry', async () => {
    const parts = agentParts(serving.address)
    const sample = {
      repetition: 0,
      request: 0,
      warmUp: false,
      scheduledAt: 0,
      sentAt: 0,
      chunkAt: [0.1, 0.2],
      chunkTokens: [1, 1],
      endedAt: 0.2,
      inputTokensAsked: 32,
      outputTokensAsked: 2,
      inputTokens: 32,
      outputTokens: 2,
      cachedTokens: null,
      outcome: 'ok' as const,
    }
    parts.runner.outcome = (_, __, observer) => {
      observer.activity('measuring')
      observer.samples(Array.from({ length: 1200 }, () => sample))
      observer.telemetry([{ at: 1, device: 'cpu', utilizationPercent: 90 }])
      return Promise.resolve({ kind: 'measured', measurement: measurement() })
    }
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    const items = desk.recorded.flatMap((batch) => batch.items)
    const samples = items.flatMap((item) => (item.kind === 'trial-samples' ? item.samples : []))
    expect(samples).toHaveLength(1200)
    expect(samples[0]).toEqual(sample)
    expect(items.filter((item) => item.kind === 'telemetry')).toHaveLength(1)
  })

  it('heartbeats with what it does', async () => {
    desk.heartbeatMs = 20
    const parts = agentParts(serving.address)
    parts.runner.outcome = (_, __, observer) => {
      observer.activity('measuring')
      return new Promise(() => undefined)
    }
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.pulses.some(({ activity }) => activity === 'measuring'))
    expect(desk.pulses.at(-1)).toMatchObject({ utilizationPercent: 50, eventLoopLagMs: 1 })
  })
})

describe('a lease', () => {
  it('is renewed at half its life', async () => {
    desk.leaseMs = 60
    const parts = agentParts(serving.address)
    parts.runner.outcome = () => new Promise(() => undefined)
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.renewals.length >= 3)
    expect(desk.renewals[0]).toEqual([{ leaseId: 'lease-1', token: 1 }])
    expect(parts.runner.aborted).toEqual([])
  })

  it('that is not renewed ends its trial and its engine', async () => {
    desk.leaseMs = 60
    const parts = agentParts(serving.address)
    parts.runner.outcome = () => {
      desk.stale.add('lease-1')
      desk.work = () => nothing
      return new Promise(() => undefined)
    }
    orderTrials([order('a')])
    await start(parts)
    await expect.poll(() => [parts.runner.aborted, parts.engine.running]).toEqual([['a'], 0])
    expect(desk.results).toEqual([])
    expect(desk.released).toEqual([])
  })

  it('that is revoked ends its trial and its engine', async () => {
    const parts = agentParts(serving.address)
    parts.runner.outcome = () => {
      desk.work = () => nothing
      desk.lines.get('agent-1')?.revoke('lease-1', 'the sweep was cancelled')
      return new Promise(() => undefined)
    }
    orderTrials([order('a'), order('b')])
    await start(parts)
    await expect.poll(() => [parts.runner.aborted, parts.engine.running]).toEqual([['a'], 0])
    expect(parts.runner.ran).toEqual(['a'])
  })

  it('whose results are refused as stale is dropped', async () => {
    const parts = agentParts(serving.address)
    desk.stale.add('lease-1')
    const trials = [order('a'), order('b')]
    desk.work = () => (desk.arrived.length > 0 ? nothing : grant('lease-1', 1, trials))
    let second: () => void = () => undefined
    const secondRuns = new Promise<void>((resolve) => {
      second = resolve
    })
    parts.runner.outcome = ({ trialId }) => {
      if (trialId === 'a') {
        return Promise.resolve({ kind: 'measured', measurement: measurement() })
      }
      second()
      return new Promise(() => undefined)
    }
    const record = desk.record.bind(desk)
    desk.record = async (batch) => {
      await secondRuns
      return record(batch)
    }
    await start(parts)
    await expect.poll(() => parts.runner.aborted).toEqual(['b'])
    await expect.poll(() => parts.engine.running).toBe(0)
    expect(desk.released).toEqual([])
  })

  it('given to others is replaced by the new one', async () => {
    const parts = agentParts(serving.address)
    desk.work = () => {
      if (!desk.results.includes('a')) return grant('lease-1', 1, [order('a')])
      return desk.results.includes('b') ? nothing : grant('lease-2', 2, [order('b')])
    }
    await start(parts)
    await desk.until(() => desk.results.length === 2)
    expect(desk.results).toEqual(['a', 'b'])
    expect(parts.engine.mostRunning).toBe(1)
  })
})

describe('a coordinator that goes away', () => {
  it('loses nothing and gets nothing twice', async () => {
    const { address } = serving
    const parts = agentParts(address)
    const trials = ['a', 'b', 'c'].map((id) => order(id))
    orderTrials(trials)
    parts.runner.outcome = async ({ trialId }) => {
      // Cut in the middle of the second trial, back only after it ended.
      if (trialId === 'b') await serving.close(0)
      return { kind: 'measured', measurement: measurement() }
    }
    await start(parts)
    await expect.poll(() => parts.runner.ran).toContain('b')
    await desk.until(() => desk.disconnected.length === 1)
    serving = await listen(address)
    await desk.until(() => desk.results.length === 3)
    expect(desk.results).toEqual(['a', 'b', 'c'])
    expect(parts.runner.ran).toEqual(['a', 'b', 'c'])
    expect(desk.recorded.map(({ sequence }) => sequence)).toEqual(
      desk.recorded.map((_, n) => n + 1),
    )
    expect(desk.connected.length).toBeGreaterThanOrEqual(2)
    expect(parts.engine.demands).toHaveLength(1)
  })

  it('is told in the next hello what the agent still holds', async () => {
    const { address } = serving
    const parts = agentParts(address)
    parts.runner.outcome = () => new Promise(() => undefined)
    orderTrials([order('a')], 'lease-7', 42)
    await start(parts)
    await expect.poll(() => parts.runner.ran).toEqual(['a'])
    await serving.close(0)
    serving = await listen(address)
    await desk.until(() => desk.connected.length === 2)
    expect(desk.connected[1]?.held).toEqual([{ leaseId: 'lease-7', token: 42 }])
    expect(parts.runner.aborted).toEqual([])
  })

  it('and forgets an answer gets the batch again and stores it once', async () => {
    const parts = agentParts(serving.address)
    orderTrials([order('a')])
    let failures = 0
    const record = desk.record.bind(desk)
    desk.record = async (batch) => {
      const receipt = await record(batch)
      if (failures < 2) {
        failures += 1
        throw new FmworkError('COORDINATOR_UNREACHABLE', 'died after it stored, before it said so')
      }
      return receipt
    }
    await start(parts)
    await desk.until(() => desk.released.length === 1)
    expect(desk.arrived.length).toBeGreaterThan(desk.recorded.length)
    expect(desk.results).toEqual(['a'])
    expect(parts.runner.ran).toEqual(['a'])
  })

  it('with a full disk holds the batch until there is room', async () => {
    const parts = agentParts(serving.address)
    orderTrials([order('a')])
    let refusals = 0
    desk.beforeRecord = () => {
      refusals += 1
      if (refusals <= 2) throw new FmworkError('DISK_FULL', 'no room')
    }
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    expect(refusals).toBeGreaterThan(2)
  })
})

describe('an agent that is killed', () => {
  it('sends what it had measured when it is back, and does not measure it again', async () => {
    const stateDir = temporaryFolder()
    const { address } = serving
    const first = agentParts(address, { stateDir })
    orderTrials([order('a'), order('b')])
    let measured = false
    first.runner.outcome = async () => {
      await serving.close(0)
      measured = true
      return { kind: 'measured', measurement: measurement() }
    }
    await start(first)
    await expect.poll(() => measured).toBe(true)
    // Nobody listens: all that is left of the first life is its outbox.
    await Promise.all(agents.map((agent) => agent.stop(0)))
    expect(desk.results).toEqual([])

    serving = await listen(address)
    const second = agentParts(address, { stateDir })
    await start(second)
    await desk.until(() => desk.results.length === 2)
    expect(desk.results).toEqual(['a', 'b'])
    expect(second.runner.ran).toEqual(['b'])
  })

  it('and lost its folder numbers its reports behind the old ones', async () => {
    desk.acknowledged = 500
    const parts = agentParts(serving.address)
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    expect(desk.recorded[0]?.sequence).toBe(501)
  })
})

describe('an engine', () => {
  it('that crashes fails its trial and is started again for the next', async () => {
    const parts = agentParts(serving.address)
    parts.runner.outcome = async ({ trialId }, engine) => {
      if (trialId !== 'a') return { kind: 'measured', measurement: measurement() }
      parts.engine.crash('signal SIGSEGV')
      return {
        kind: 'failed',
        code: 'ENGINE_FAILED',
        reason: await engine.exited,
        deviceSeconds: 1,
      }
    }
    orderTrials([order('a'), order('b')])
    await start(parts)
    await desk.until(() => desk.results.length === 2)
    expect(parts.engine.demands).toHaveLength(2)
    expect(parts.engine.mostRunning).toBe(1)
    const results = desk.recorded
      .flatMap(({ items }) => items)
      .flatMap((item) => (item.kind === 'trial-result' ? [item.outcome] : []))
    expect(results[0]).toMatchObject({ kind: 'failed', code: 'ENGINE_FAILED' })
    expect(results[1]).toMatchObject({ kind: 'measured' })
  })

  it('that does not start is tried once more before the trial fails', async () => {
    const parts = agentParts(serving.address)
    parts.engine.onStart = () => {
      if (parts.engine.demands.length === 1) throw new FmworkError('ENGINE_FAILED', 'not ready')
    }
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    expect(parts.engine.demands).toHaveLength(2)
  })

  it('that never starts makes the agent give the block back', async () => {
    const parts = agentParts(serving.address)
    parts.engine.onStart = () => {
      throw new FmworkError('ENGINE_FAILED', 'no such device')
    }
    orderTrials(['a', 'b', 'c'].map((id) => order(id)))
    await start(parts)
    await desk.until(() => desk.released.length === 1)
    expect(desk.results).toEqual(['a', 'b'])
    expect(parts.runner.ran).toEqual([])
  })

  it('too small for the whole block is started for the trial alone', async () => {
    const parts = agentParts(serving.address)
    parts.engine.onStart = ({ maxLoad }) => {
      if (maxLoad > 4) throw new FmworkError('CONFIGURATION_INFEASIBLE', 'out of memory')
    }
    orderTrials([order('a', 2), order('b', 8)])
    await start(parts)
    await desk.until(() => desk.results.length === 2)
    const outcomes = desk.recorded
      .flatMap(({ items }) => items)
      .flatMap((item) => (item.kind === 'trial-result' ? [item.outcome.kind] : []))
    expect(outcomes).toEqual(['measured', 'infeasible'])
  })

  it('that the agent may not run is refused', async () => {
    const parts = { ...agentParts(serving.address), engines: new Map() }
    orderTrials([order('a')])
    await start(parts)
    await desk.until(() => desk.results.length === 1)
    const [item] = desk.recorded
      .flatMap(({ items }) => items)
      .filter((each) => each.kind === 'trial-result')
    expect(item).toMatchObject({ outcome: { kind: 'failed', code: 'ENGINE_NOT_ALLOWED' } })
  })
})

describe('stopping', () => {
  it('lets the running trial finish, then gives the lease back', async () => {
    const parts = agentParts(serving.address)
    let finish: () => void = () => undefined
    parts.runner.outcome = () =>
      new Promise((resolve) => {
        finish = () => resolve({ kind: 'measured', measurement: measurement() })
      })
    orderTrials([order('a'), order('b')])
    const agent = await start(parts)
    await expect.poll(() => parts.runner.ran).toEqual(['a'])
    const stopped = agent.stop(30)
    finish()
    await stopped
    await agent.done
    expect(desk.results).toEqual(['a'])
    expect(desk.released).toEqual([{ leaseId: 'lease-1', token: 1 }])
    expect(parts.engine.running).toBe(0)
    expect(desk.disconnected).toHaveLength(1)
  })

  it('cuts a trial that outlasts the grace, without a result', async () => {
    const parts = agentParts(serving.address)
    parts.runner.outcome = () => new Promise(() => undefined)
    orderTrials([order('a')])
    const agent = await start(parts)
    await expect.poll(() => parts.runner.ran).toEqual(['a'])
    await agent.stop(0)
    expect(parts.runner.aborted).toEqual(['a'])
    expect(desk.results).toEqual([])
    expect(desk.released).toHaveLength(1)
    expect(parts.engine.running).toBe(0)
  })

  it('frees the folder, which two agents may not share', async () => {
    const stateDir = temporaryFolder()
    const agent = await start(agentParts(serving.address, { stateDir }))
    await expect(openAgent(agentParts(serving.address, { stateDir }))).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
    })
    await agent.stop()
    await start(agentParts(serving.address, { stateDir }))
  })
})

describe('a coordinator that wants none of it', () => {
  it('ends an agent with a wrong token', async () => {
    await serving.close()
    serving = await listen('127.0.0.1:0', 'the-right-token-of-all')
    const agent = await start(agentParts(serving.address, { token: 'a-wrong-one' }))
    await expect(agent.done).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
  })
})
