import { credentials } from '@grpc/grpc-js'
import { connect as connectHttp2 } from 'node:http2'
import type { IncomingHttpHeaders } from 'node:http2'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asFmworkError } from '../../shared/domain/errors.js'
import { FakeClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { connectAgentLink } from '../../shared/rpc/agent-link.js'
import { helloToWire } from '../../shared/rpc/codec/agent-facts.js'
import { errorOfCall } from '../../shared/rpc/errors.js'
import type { AgentMessageInput } from '../../shared/rpc/gen/fmwork/v1/AgentMessage.js'
import { defaultLimits } from '../../shared/rpc/limits.js'
import type { Limits } from '../../shared/rpc/limits.js'
import { AgentService, protocolVersion } from '../../shared/rpc/schema.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { introduction } from './support/examples.js'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

/** One row of shared/rpc/limits.ts after another; each ends with an honest client being served. */

const log = createLog({ name: 'test', level: 'silent' })
const quietLine = { revoke: () => undefined, drain: () => undefined, wake: () => undefined }

let clock: FakeClock
let desk: FakeAgentDesk
let sweeps: FakeSweepDesk
let serving: Serving
let cleanUps: (() => unknown)[]

beforeEach(() => {
  clock = new FakeClock()
  desk = new FakeAgentDesk()
  sweeps = new FakeSweepDesk()
  cleanUps = []
})
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) cleanUp()
  const closed = serving.close(0)
  await clock.advance(0)
  await closed
})

async function listen(limits: Partial<Limits> = {}): Promise<string> {
  serving = await serve({
    listen: '127.0.0.1:0',
    desks: { agents: desk, sweeps },
    log,
    clock,
    limits,
  })
  return serving.address
}

const people = (address: string) => {
  const made = connectSweepDesk(address)
  cleanUps.push(() => made.close())
  return made
}

/** Both doors still serve whoever keeps the rules. */
async function honestClientsAreServed(): Promise<void> {
  expect(await people(serving.address).list()).toHaveLength(1)
  const link = connectAgentLink(serving.address, { clock })
  const session = await link.openSession(introduction('honest'), quietLine)
  expect(await session.renew([{ leaseId: 'a', token: 1 }])).toEqual(['a'])
  await session.close()
  link.close()
}

/** A place became free. */
const isServedAgain = (address: string): Promise<void> =>
  expect
    .poll(() =>
      people(address)
        .list()
        .then(
          () => true,
          () => false,
        ),
    )
    .toBe(true)

/** A bare connection; `closed` resolves when the other side has ended it. */
function knock(address: string): Promise<{ socket: Socket; closed: Promise<void> }> {
  const [host, port] = address.split(':')
  const socket = connect({ host: host ?? '', port: Number(port) })
  cleanUps.push(() => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.resume()
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  return new Promise((resolve) => {
    socket.on('connect', () => resolve({ socket, closed }))
  })
}

const hello = (change: object = {}): AgentMessageInput => ({
  hello: { ...helloToWire(introduction(), protocolVersion, 0), ...change },
})

/** Says these things in one session; how it ends. */
function say(address: string, ...messages: AgentMessageInput[]): Promise<string> {
  const client = new AgentService(address, credentials.createInsecure())
  cleanUps.push(() => client.close())
  const call = client.session()
  return new Promise((resolve) => {
    call.on('error', (error) => resolve(asFmworkError(errorOfCall(error, 'peer')).code))
    call.on('end', () => resolve('ended well'))
    call.resume()
    for (const message of messages) call.write(message)
  })
}

describe('a connection', () => {
  it('that says nothing, or byte by byte too little, is closed (slow-loris)', async () => {
    const address = await listen()
    const slow = await Promise.all(Array.from({ length: 20 }, () => knock(address)))
    for (const [index, { socket }] of slow.entries()) {
      socket.write('PRI * HTTP/2.0\r\n'.slice(0, index))
    }
    await honestClientsAreServed()
    await clock.advance(defaultLimits.openingSeconds + 1)
    await Promise.all(slow.map(({ closed }) => closed))
    await honestClientsAreServed()
  })

  it('beyond those that one host may have is closed, and a place is free again', async () => {
    const address = await listen({ connectionsPerHost: 5 })
    const allowed = await Promise.all(Array.from({ length: 5 }, () => knock(address)))
    const surplus = await Promise.all(Array.from({ length: 20 }, () => knock(address)))
    await Promise.all(surplus.map(({ closed }) => closed))
    for (const { socket } of allowed) socket.destroy()
    await isServedAgain(address)
    await honestClientsAreServed()
  })

  it('beyond those that all hosts together may have is closed', async () => {
    const address = await listen({ connections: 3 })
    const allowed = await Promise.all(Array.from({ length: 3 }, () => knock(address)))
    const surplus = await knock(address)
    await surplus.closed
    for (const { socket } of allowed) socket.destroy()
    await isServedAgain(address)
  })

  it('that comes too soon after others of its host is closed, until a second has passed', async () => {
    const address = await listen({ connectsAtOnce: 4, connectsPerSecond: 6 })
    const desk = people(address)
    expect(await desk.list()).toHaveLength(1)
    const knocking = await Promise.all(Array.from({ length: 13 }, () => knock(address)))
    await Promise.all(knocking.slice(3).map(({ closed }) => closed))
    // Who is connected does not feel it.
    expect(await desk.list()).toHaveLength(1)
    await clock.advance(1)
    await honestClientsAreServed()
  })

  it('that speaks another language is closed', async () => {
    const address = await listen()
    const strangers = await Promise.all(Array.from({ length: 3 }, () => knock(address)))
    strangers[0]?.socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    strangers[1]?.socket.write(Buffer.alloc(4096, 0xff))
    strangers[2]?.socket.write(Buffer.from('16030100c8010000c40303', 'hex'))
    strangers[2]?.socket.end()
    await Promise.all(strangers.map(({ closed }) => closed))
    await honestClientsAreServed()
  })
})

describe('a message', () => {
  /** The status of a call whose one message starts like this. */
  const statusOfBytes = (address: string, bytes: Buffer): Promise<string> => {
    const session = connectHttp2(`http://${address}`)
    cleanUps.push(() => session.destroy())
    const stream = session.request({
      ':method': 'POST',
      ':path': '/fmwork.v1.AgentService/Report',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    stream.write(bytes)
    return new Promise((resolve) => {
      stream.on('response', (headers) => {
        if (headers['grpc-status'] !== undefined) resolve(String(headers['grpc-status']))
      })
      stream.on('trailers', (headers: IncomingHttpHeaders) =>
        resolve(String(headers['grpc-status'])),
      )
      stream.on('error', () => resolve('reset'))
      stream.resume()
    })
  }

  it.each([
    ['4 GiB', 0xffff_ffff],
    ['a byte above the limit', defaultLimits.messageBytes + 1],
  ])('whose length prefix says %s ends its call before it is read', async (_, length) => {
    const prefix = Buffer.alloc(5)
    prefix.writeUInt32BE(length, 1)
    expect(await statusOfBytes(await listen(), prefix)).toBe('8')
    expect(desk.arrived).toEqual([])
    await honestClientsAreServed()
  })

  it('of a sweep file above the limit is refused', async () => {
    const address = await listen({ sweepTextBytes: 100 })
    await expect(people(address).submit('ü'.repeat(51))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    })
    expect(sweeps.submitted).toEqual([])
    expect(await people(address).submit('ü'.repeat(50))).toMatchObject({ created: true })
  })

  it('that comes too fast within a stream ends it', async () => {
    const address = await listen({ messagesAtOnce: 50 })
    const beat: AgentMessageInput = { heartbeat: { activity: 'AGENT_ACTIVITY_IDLE' } }
    const flood = Array.from({ length: 60 }, () => beat)
    expect(await say(address, hello(), ...flood)).toBe('LIMIT_EXCEEDED')
    expect(desk.pulses.length).toBeLessThan(50)
    await honestClientsAreServed()
  })
})

describe('a session', () => {
  const frame = (bytes: Uint8Array): Buffer => {
    const prefix = Buffer.alloc(5)
    prefix.writeUInt32BE(bytes.length, 1)
    return Buffer.concat([prefix, bytes])
  }
  const message = (said: AgentMessageInput): Buffer =>
    frame(AgentService.service.Session.requestSerialize(said))
  const tooLong = Buffer.alloc(5)
  tooLong.writeUInt32BE(0xffff_ffff, 1)
  const badlyPacked = frame(Buffer.from('no gzip'))
  badlyPacked.writeUInt8(1, 0)

  it.each([
    ['cannot be decoded', frame(Buffer.from('GgkKBQoBbGxs', 'base64')), '13'],
    ['is too long', tooLong, '8'],
    ['is badly compressed', badlyPacked, '13'],
  ])('hears that its message %s, whatever is being said to it', async (_, bad, code) => {
    const client = connectHttp2(`http://${await listen()}`)
    cleanUps.push(() => client.destroy())
    const stream = client.request({
      ':method': 'POST',
      ':path': '/fmwork.v1.AgentService/Session',
      'content-type': 'application/grpc',
      'grpc-encoding': 'gzip',
      te: 'trailers',
    })
    const ended = new Promise<string>((resolve) => {
      stream.on('trailers', (headers: IncomingHttpHeaders) =>
        resolve(String(headers['grpc-status'])),
      )
    })
    stream.write(message(hello()))
    await new Promise((resolve) => stream.once('data', resolve))
    stream.resume()
    // Answers are on their way, and more are being said, when the last message ends the call.
    const beat = message({ heartbeat: { activity: 'AGENT_ACTIVITY_IDLE' } })
    for (let frames = 0; frames < 20; frames += 1) stream.write(Buffer.concat([beat, beat, beat]))
    stream.write(Buffer.concat([beat, bad]))
    expect(await ended).toBe(code)
    await honestClientsAreServed()
  })
})

describe('a call', () => {
  it('that comes too fast on a connection is refused, until a second has passed', async () => {
    const desk = people(await listen({ callsAtOnce: 10, callsPerSecond: 5 }))
    const outcomes = await Promise.all(
      Array.from({ length: 15 }, () =>
        desk.list().then(
          () => 'ok',
          (error: unknown) => asFmworkError(error).code,
        ),
      ),
    )
    expect(outcomes.filter((each) => each === 'ok')).toHaveLength(10)
    expect(outcomes.filter((each) => each === 'LIMIT_EXCEEDED')).toHaveLength(5)
    await clock.advance(1)
    expect(await desk.list()).toHaveLength(1)
  })

  it('that watches is refused when enough do, and let in when one leaves', async () => {
    const desk = people(await listen({ watches: 2 }))
    const leaving = [new AbortController(), new AbortController()]
    const reading = leaving.map(({ signal }) => desk.watch('first', false, signal))
    const readers = reading.map((events) => events[Symbol.asyncIterator]())
    for (const reader of readers) expect((await reader.next()).done).toBe(false)
    const third = async () => {
      const watching = desk.watch('first', false, new AbortController().signal)
      try {
        await watching[Symbol.asyncIterator]().next()
        return 'ok'
      } catch (error) {
        return asFmworkError(error).code
      }
    }
    expect(await third()).toBe('LIMIT_EXCEEDED')
    leaving[0]?.abort()
    await readers[0]?.next()
    await expect.poll(third).toBe('ok')
    leaving[1]?.abort()
  })
})

describe('a flood of sessions', () => {
  it('is refused beyond the limit; those that are open go on', async () => {
    const address = await listen({ sessions: 3 })
    const link = connectAgentLink(address, { clock })
    cleanUps.push(() => link.close())
    const open = await Promise.all(
      ['a', 'b', 'c'].map((name) => link.openSession(introduction(name), quietLine)),
    )
    for (let attempt = 0; attempt < 50; attempt += 1) {
      await expect(link.openSession(introduction(`x${attempt}`), quietLine)).rejects.toMatchObject({
        code: 'LIMIT_EXCEEDED',
      })
    }
    for (const session of open) {
      expect(await session.renew([{ leaseId: 'l', token: 1 }])).toEqual(['l'])
    }
    await open[0]?.close()
    await expect
      .poll(() =>
        link.openSession(introduction('d'), quietLine).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  })
})

describe('a hello', () => {
  const many = defaultLimits.helloEntries + 1
  it.each([
    ['a name that is none', { agent: '../../etc' }, 'MESSAGE_INVALID'],
    ['no name', { agent: '' }, 'MESSAGE_INVALID'],
    ['too many engines', { engines: Array<string>(many).fill('simulated') }, 'LIMIT_EXCEEDED'],
    ['too many leases', { held: Array(many).fill({ leaseId: 'a', token: 1 }) }, 'LIMIT_EXCEEDED'],
    ['a text that is a book', { hardware: 'x'.repeat(10_000) }, 'LIMIT_EXCEEDED'],
    ['another protocol', { protocol: 0 }, 'VERSION_MISMATCH'],
  ])('with %s is refused', async (_, change, code) => {
    expect(await say(await listen(), hello(change))).toBe(code)
    expect(desk.connected).toEqual([])
    await honestClientsAreServed()
  })
})
