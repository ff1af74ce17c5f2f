import { credentials } from '@grpc/grpc-js'
import type { ClientDuplexStream } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FmworkError } from '../../shared/domain/errors.js'
import { FakeClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { connectAgentLink } from '../../shared/rpc/agent-link.js'
import { helloToWire } from '../../shared/rpc/codec/agent-facts.js'
import { errorOfCall } from '../../shared/rpc/errors.js'
import type { AgentMessageInput } from '../../shared/rpc/gen/fmwork/v1/AgentMessage.js'
import type { AgentServiceClient } from '../../shared/rpc/gen/fmwork/v1/AgentService.js'
import type { CoordinatorMessage } from '../../shared/rpc/gen/fmwork/v1/CoordinatorMessage.js'
import { AgentService, protocolVersion } from '../../shared/rpc/schema.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import { introduction } from './support/examples.js'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

/** What the coordinator does with agents that break the rules, message by message. */

const log = createLog({ name: 'test', level: 'silent' })
const hello = (protocol = protocolVersion): AgentMessageInput => ({
  hello: helloToWire(introduction(), protocol, 0),
})

let desk: FakeAgentDesk
let clock: FakeClock
let serving: Serving
let client: AgentServiceClient

beforeEach(async () => {
  desk = new FakeAgentDesk()
  clock = new FakeClock()
  serving = await serve({
    listen: '127.0.0.1:0',
    desks: { agents: desk, sweeps: new FakeSweepDesk() },
    log,
    clock,
  })
  client = new AgentService(serving.address, credentials.createInsecure())
})
afterEach(async () => {
  client.close()
  const closed = serving.close(0)
  await clock.advance(0)
  await closed
})

class RawSession {
  readonly call: ClientDuplexStream<AgentMessageInput, CoordinatorMessage> = client.session()
  readonly got: CoordinatorMessage[] = []
  readonly over: Promise<FmworkError>
  #arrived: () => void = () => undefined

  constructor(...messages: AgentMessageInput[]) {
    this.over = new Promise((resolve) => {
      this.call.on('error', (error) => resolve(errorOfCall(error, 'coordinator')))
      this.call.on('end', () => resolve(new FmworkError('INTERNAL', 'ended well')))
    })
    this.call.on('data', (message: CoordinatorMessage) => {
      this.got.push(message)
      this.#arrived()
    })
    for (const message of messages) this.call.write(message)
  }

  async answers(count: number): Promise<CoordinatorMessage[]> {
    while (this.got.length < count) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
    }
    return this.got
  }
}

describe('an agent', () => {
  it('of another protocol is refused and told which is spoken', async () => {
    const error = await new RawSession(hello(protocolVersion + 1)).over
    expect(error.code).toBe('VERSION_MISMATCH')
    expect(error.problems).toEqual([
      {
        field: 'protocol',
        value: `${protocolVersion + 1}`,
        expected: `expected ${protocolVersion}`,
      },
    ])
    expect(desk.connected).toEqual([])
  })

  it('that does not introduce itself is refused', async () => {
    const error = await new RawSession({ renewal: {} }).over
    expect(error.code).toBe('MESSAGE_INVALID')
    expect(error.message).toContain('session.hello')
  })

  it('that says nothing at all is cut off', async () => {
    const session = new RawSession()
    await expect.poll(() => session.call.getPeer()).toContain('127.0.0.1')
    const over = session.over
    let cut = false
    void over.then(() => {
      cut = true
    })
    // The call may need a moment to arrive; the ten seconds then are the clock’s.
    await expect
      .poll(async () => {
        await clock.advance(11)
        return cut
      })
      .toBe(true)
    expect((await over).message).toMatch(/silent for 10 s/)
  })

  it('whose heart stops is cut off, and its desk hears of it', async () => {
    const session = new RawSession(hello())
    await session.answers(1)
    await clock.advance(19)
    session.call.write({ heartbeat: { activity: 'AGENT_ACTIVITY_IDLE', clockMs: 5 } })
    await session.answers(2)
    expect(session.got[1]?.heartbeatAnswer?.heartbeatClockMs).toBe(5)
    await clock.advance(19)
    expect(desk.disconnected).toEqual([])
    await clock.advance(2)
    expect((await session.over).message).toMatch(/silent for 20 s/)
    await desk.until(() => desk.disconnected.length === 1)
  })

  it('that introduces itself twice, or speaks in riddles, is cut off', async () => {
    const twice = new RawSession(hello(), hello())
    expect((await twice.over).message).toMatch(/said twice/)
    const riddle = new RawSession(hello(), {})
    expect((await riddle.over).message).toMatch(/session\.body/)
    await desk.until(() => desk.disconnected.length === 2)
  })

  it('that floods its desk with requests is cut off', async () => {
    desk.work = () => new Promise(() => undefined)
    const requests = Array.from({ length: 40 }, () => ({ workRequest: { capacity: 1 } }))
    const error = await new RawSession(hello(), ...requests).over
    expect(error.code).toBe('LIMIT_EXCEEDED')
  })

  it('hears why when its desk cannot answer', async () => {
    desk.work = () => Promise.reject(new FmworkError('DISK_FULL', 'no room'))
    const full = new RawSession(hello(), { workRequest: { capacity: 1 } })
    expect((await full.over).code).toBe('DISK_FULL')
    desk.connect = () => Promise.reject(new TypeError('secret'))
    const broken = await new RawSession(hello()).over
    expect(broken.code).toBe('INTERNAL')
    expect(broken.message).not.toMatch(/secret/)
  })

  it('that says goodbye is let go after its last words', async () => {
    const session = new RawSession(hello(), { release: { leaseId: 'lease-1', token: 3 } })
    session.call.end()
    expect((await session.over).message).toBe('ended well')
    expect(desk.released).toEqual([{ leaseId: 'lease-1', token: 3 }])
    expect(desk.disconnected).toEqual(['agent-1/session-1'])
  })
})

describe('a coordinator that falls silent', () => {
  const quietLine = { revoke: () => undefined, drain: () => undefined, wake: () => undefined }
  it('is given up, first at the welcome, then after four heartbeats', async () => {
    const here = new FakeClock()
    const link = connectAgentLink(serving.address, { clock: here })
    const connect = desk.connect.bind(desk)
    desk.connect = () => new Promise(() => undefined)
    const opening = link.openSession(introduction(), quietLine)
    opening.catch(() => undefined)
    await here.advance(11)
    await expect(opening).rejects.toThrow(/silent for 10 s/)

    desk.connect = connect
    const session = await link.openSession(introduction(), quietLine)
    await here.advance(21)
    expect((await session.over).message).toMatch(/silent for 20 s/)
    await expect(session.requestWork(undefined, 1)).rejects.toThrow(/silent/)
    link.close()
  })
})
