import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PastRow } from '../../shared/domain/past.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { connectAgentLink } from '../../shared/rpc/agent-link.js'
import type { AgentLink } from '../../shared/rpc/agent-link.js'
import { serve } from '../../shared/rpc/server.js'
import type { ServeOptions, Serving } from '../../shared/rpc/server.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import type { RemoteSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { grant, introduction, measurement, order, sweepStatus } from './support/examples.js'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

const log = createLog({ name: 'test', level: 'silent' })
const quietLine = { revoke: () => undefined, drain: () => undefined, wake: () => undefined }

let agents: FakeAgentDesk
let sweeps: FakeSweepDesk
let cleanUps: (() => unknown)[]

async function start(options: Partial<ServeOptions> = {}): Promise<Serving> {
  const serving = await serve({ listen: '127.0.0.1:0', desks: { agents, sweeps }, log, ...options })
  cleanUps.push(() => serving.close(0.2))
  return serving
}

function link(address: string, token?: string): AgentLink {
  const made = connectAgentLink(address, {
    clock: systemClock,
    ...(token === undefined ? {} : { token }),
  })
  cleanUps.push(() => made.close())
  return made
}

function desk(address: string, token?: string): RemoteSweepDesk {
  const made = connectSweepDesk(address, token === undefined ? {} : { token })
  cleanUps.push(() => made.close())
  return made
}

beforeEach(() => {
  agents = new FakeAgentDesk()
  sweeps = new FakeSweepDesk()
  cleanUps = []
})
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp()
})

describe('people’s door', () => {
  it('is the desk itself, over a wire', async () => {
    const remote = desk((await start()).address)
    expect(await remote.submit('name: first')).toEqual({ sweepId: 'sweep-1', created: true })
    expect(await remote.list()).toEqual([sweepStatus().sweep])
    expect(await remote.get('first')).toEqual({ text: 'name: first', status: sweepStatus(3) })
    expect((await remote.pause('first')).state).toBe('PAUSED')
    expect((await remote.cancel('first')).state).toBe('CANCELLED')
    expect(await remote.verify('first', undefined, 5)).toBe(105)
    expect(await remote.verify('first', 0, 5)).toBe(5)
    expect(await remote.agents()).toEqual([])
    const parts = []
    for await (const part of remote.export('first', new AbortController().signal)) parts.push(part)
    expect(parts.map(({ kind }) => kind)).toEqual(['text', 'status'])
  })

  it('hands over what a sweep is given to start from, and no more than anybody can use', async () => {
    const remote = desk((await start()).address)
    const row: PastRow = {
      origin: 'a grid',
      configuration: {
        ...{ model: 'm', engine: 'vllm', engineArgs: { 'max-num-seqs': 8 }, hardware: 'H100' },
        ...{ tensorParallel: 2, load: 4, inputTokens: 128, outputTokens: 16 },
      },
      values: { ttft: { value: 0.25, relativeSd: 0.01 }, itl: { value: 0.02, relativeSd: 0 } },
      cost: 3.5,
    }
    await remote.submit('name: first', [row])
    expect(sweeps.given).toEqual([row])
    const thrown = await remote
      .submit('name: first', Array<PastRow>(2001).fill(row))
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })

  it('throws the desk’s own error again', async () => {
    const remote = desk((await start()).address)
    const problems = [{ field: 'space.batch_size', value: '-1', expected: '1 or more', line: 3 }]
    sweeps.submit = () =>
      Promise.reject(new FmworkError('SWEEP_INVALID', '1 problem: größer', { problems, hint: 'Ü' }))
    const thrown = await remote.submit('x').catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(FmworkError)
    expect(thrown).toMatchObject({
      code: 'SWEEP_INVALID',
      message: '1 problem: größer',
      problems,
      hint: 'Ü',
    })
  })

  it('cuts a list of problems that no header could carry', async () => {
    const remote = desk((await start()).address)
    const problems = Array.from({ length: 1000 }, (_, n) => ({
      field: `engines.${n}`,
      expected: 'expected an engine that exists',
    }))
    sweeps.submit = () =>
      Promise.reject(new FmworkError('SWEEP_INVALID', '1000 problems', { problems }))
    const thrown = (await remote.submit('x').catch((error: unknown) => error)) as FmworkError
    expect(thrown.code).toBe('SWEEP_INVALID')
    expect(thrown.problems.length).toBeGreaterThan(10)
    expect(thrown.problems.at(-1)?.expected).toMatch(/further problems/)
  })

  it('keeps what went wrong inside to itself', async () => {
    const remote = desk((await start()).address)
    sweeps.list = () => Promise.reject(new TypeError('secret path /home/x'))
    const thrown = (await remote.list().catch((error: unknown) => error)) as FmworkError
    expect(thrown.code).toBe('INTERNAL')
    expect(thrown.message).not.toMatch(/secret/)
  })

  it('says who does not answer', async () => {
    const remote = desk('127.0.0.1:1')
    const thrown = (await remote.list().catch((error: unknown) => error)) as FmworkError
    expect(thrown.code).toBe('COORDINATOR_UNREACHABLE')
    expect(thrown.message).toContain('127.0.0.1:1')
  })

  it('refuses a message above the limit', async () => {
    const remote = desk((await start()).address)
    const thrown = await remote
      .submit('x'.repeat(17 * 1024 * 1024))
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'LIMIT_EXCEEDED' })
    expect(sweeps.submitted).toEqual([])
  })

  it('ends a watch when its reader leaves, on both sides', async () => {
    const remote = desk((await start()).address)
    const leaving = new AbortController()
    const seen = []
    for await (const event of remote.watch('first', false, leaving.signal)) {
      seen.push(event)
      leaving.abort()
    }
    expect(seen).toEqual(sweeps.events)
    await expect.poll(() => sweeps.watchesEnded).toBe(1)
  })

  it('tells the end of a sweep from the end of a coordinator', async () => {
    const serving = await start()
    const remote = desk(serving.address)
    const read = async (then: () => unknown) => {
      for await (const event of remote.watch('first', false, new AbortController().signal)) {
        expect(event.kind).toBe('status')
        await then()
      }
    }
    sweeps.watchEnds = true
    await expect(read(() => undefined)).resolves.toBeUndefined()
    sweeps.watchEnds = false
    await expect(
      read(() => {
        void serving.close(1)
      }),
    ).rejects.toMatchObject({ code: 'COORDINATOR_UNREACHABLE' })
  })

  it('does not hang when a reader that stopped reading leaves', async () => {
    sweeps.events = Array.from({ length: 20_000 }, () => ({
      kind: 'status' as const,
      status: sweepStatus(),
    }))
    const remote = desk((await start()).address)
    for await (const event of remote.watch('first', false, new AbortController().signal)) {
      expect(event.kind).toBe('status')
      break
    }
    await expect.poll(() => sweeps.watchesEnded).toBe(1)
  })
})

describe('agents’ door', () => {
  it('welcomes an agent and carries every word of a session', async () => {
    agents.acknowledged = 41
    const revoked: string[] = []
    let woken = 0
    const session = await link((await start()).address).openSession(introduction(), {
      revoke: (leaseId, reason) => void revoked.push(`${leaseId}: ${reason}`),
      drain: () => undefined,
      wake: () => {
        woken += 1
      },
    })
    expect(session.welcome).toEqual({
      sessionId: 'session-1',
      leaseMs: 30_000,
      heartbeatMs: 5000,
      acknowledgedSequence: 41,
    })
    expect(agents.connected[0]).toMatchObject({ ...introduction() })
    expect(Math.abs(session.clockOffsetMs)).toBeLessThan(5000)

    expect(await session.requestWork(undefined, 2)).toEqual({
      retryAfterMs: 1000,
      reason: 'nothing to do',
    })
    const work = grant('lease-1', 9, [order('trial-1'), order('trial-2', 4)])
    agents.work = () => work
    expect(await session.requestWork({ leaseId: 'lease-1', token: 9 }, 2)).toEqual(work)

    agents.stale.add('lease-2')
    const leases = [
      { leaseId: 'lease-1', token: 9 },
      { leaseId: 'lease-2', token: 3 },
    ]
    expect(await session.renew(leases)).toEqual(['lease-1'])

    session.heartbeat({ activity: 'measuring', eventLoopLagMs: 2 })
    await agents.until(() => agents.pulses.length === 1)
    expect(agents.pulses[0]).toMatchObject({ activity: 'measuring', eventLoopLagMs: 2 })

    await session.release({ leaseId: 'lease-1', token: 9 })
    await agents.until(() => agents.released.length === 1)

    agents.lines.get('agent-1')?.revoke('lease-1', 'cancelled')
    agents.lines.get('agent-1')?.wake()
    await expect.poll(() => [revoked, woken]).toEqual([['lease-1: cancelled'], 1])

    await session.close()
    await agents.until(() => agents.disconnected.length === 1)
    await expect(session.renew([])).rejects.toMatchObject({ code: 'COORDINATOR_UNREACHABLE' })
  })

  it('answers a renewal while a planner still thinks about work', async () => {
    let think: (() => void) | undefined
    agents.work = () =>
      new Promise((resolve) => {
        think = () => resolve({ retryAfterMs: 1, reason: 'at last' })
      })
    const session = await link((await start()).address).openSession(introduction(), quietLine)
    const work = session.requestWork(undefined, 1)
    expect(await session.renew([{ leaseId: 'a', token: 1 }])).toEqual(['a'])
    think?.()
    expect(await work).toMatchObject({ reason: 'at last' })
  })

  it('records a batch once, however often it comes', async () => {
    const connection = link((await start()).address)
    const batch = {
      agent: 'agent-1',
      sequence: 1,
      items: [
        {
          kind: 'trial-result' as const,
          lease: { leaseId: 'lease-1', token: 9 },
          trialId: 'trial-1',
          outcome: { kind: 'measured' as const, measurement: measurement() },
        },
      ],
    }
    expect(await connection.report(batch)).toEqual({ acknowledgedSequence: 1, refusedTrials: [] })
    expect(await connection.report(batch)).toEqual({ acknowledgedSequence: 1, refusedTrials: [] })
    expect(agents.recorded).toEqual([batch])
  })

  it('names the trials whose lease is stale', async () => {
    agents.stale.add('lease-1')
    const receipt = await link((await start()).address).report({
      agent: 'agent-1',
      sequence: 1,
      items: [
        {
          kind: 'trial-result',
          lease: { leaseId: 'lease-1', token: 1 },
          trialId: 'trial-9',
          outcome: { kind: 'infeasible', reason: 'out of memory', deviceSeconds: 3 },
        },
      ],
    })
    expect(receipt.refusedTrials).toEqual(['trial-9'])
  })

  it('replaces the first session of a name by the second', async () => {
    const { address } = await start()
    const first = await link(address).openSession(introduction(), quietLine)
    const second = await link(address).openSession(introduction(), quietLine)
    expect((await first.over).message).toMatch(/another session took the name/)
    expect(await second.renew([{ leaseId: 'a', token: 1 }])).toEqual(['a'])
    expect(agents.disconnected).toEqual(['agent-1/session-1'])
  })

  it('lets an agent know when the coordinator is killed mid-session', async () => {
    const serving = await start()
    const session = await link(serving.address).openSession(introduction(), quietLine)
    agents.work = () => new Promise(() => undefined)
    const question = session.requestWork(undefined, 1)
    question.catch(() => undefined)
    await serving.close(0)
    expect((await session.over).code).toBe('COORDINATOR_UNREACHABLE')
    await expect(question).rejects.toMatchObject({ code: 'COORDINATOR_UNREACHABLE' })
  })

  it('tells agents to drain before it closes', async () => {
    const drained: string[] = []
    const serving = await start()
    const session = await link(serving.address).openSession(introduction(), {
      ...quietLine,
      drain: (reason) => void drained.push(reason),
    })
    await serving.close(1)
    await session.over
    expect(drained).toEqual(['the coordinator is shutting down'])
  })
})

describe('the address', () => {
  it('beyond loopback is refused without TLS', async () => {
    await expect(start({ listen: '0.0.0.0:0' })).rejects.toMatchObject({ code: 'INSECURE_BIND' })
  })

  it('beyond loopback is allowed when told so', async () => {
    const { address } = await start({ listen: '0.0.0.0:0', insecure: true })
    expect(address).toMatch(/^0\.0\.0\.0:\d+$/)
  })

  it('that is taken is named', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    cleanUps.push(() => new Promise((resolve) => other.close(resolve)))
    const { port } = other.address() as AddressInfo
    await expect(start({ listen: `127.0.0.1:${port}` })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`127.0.0.1:${port}`) as string,
    })
  })

  it('that is none is named', async () => {
    await expect(start({ listen: 'nonsense' })).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('is free again after closing', async () => {
    const serving = await start()
    await serving.close()
    await start({ listen: serving.address })
  })
})

describe('the token', () => {
  const token = 'correct-horse-battery'

  it('lets its bearer in', async () => {
    const { address } = await start({ token })
    expect(await desk(address, token).list()).toHaveLength(1)
    const session = await link(address, token).openSession(introduction(), quietLine)
    expect(session.welcome.sessionId).toBe('session-1')
  })

  it.each([
    ['missing', undefined],
    ['wrong', 'correct-horse-batterz'],
    ['longer', 'correct-horse-battery-staple'],
  ])('%s is refused at both doors', async (_, given) => {
    const { address } = await start({ token })
    const refused = { code: 'AUTHENTICATION_FAILED' }
    await expect(desk(address, given).list()).rejects.toMatchObject(refused)
    await expect(link(address, given).openSession(introduction(), quietLine)).rejects.toMatchObject(
      refused,
    )
    await expect(
      link(address, given).report({ agent: 'a', sequence: 1, items: [] }),
    ).rejects.toMatchObject(refused)
    expect(agents.connected).toEqual([])
    expect(agents.arrived).toEqual([])
  })
})
