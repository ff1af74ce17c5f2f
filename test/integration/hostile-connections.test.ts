import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { defaultLimits } from '../../shared/rpc/limits.js'
import { serve } from '../../shared/rpc/server.js'
import type { Serving } from '../../shared/rpc/server.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { headers, ping, preface, reset, settings } from '../bench/fuzz/attacks.mjs'
import { FakeAgentDesk, FakeSweepDesk } from './support/fake-desks.js'

/** What strangers do to the port; each ends with an honest caller being served. */

const log = createLog({ name: 'test', level: 'silent' })
let clock: FakeClock
let serving: Serving

beforeEach(() => {
  clock = new FakeClock()
})
afterEach(async () => {
  const closed = serving.close(0)
  await clock.advance(0)
  await closed
})

async function listen(idleSeconds: number = defaultLimits.idleSeconds): Promise<number> {
  const desks = { agents: new FakeAgentDesk(), sweeps: new FakeSweepDesk() }
  serving = await serve({ listen: '127.0.0.1:0', desks, log, clock, limits: { idleSeconds } })
  return Number(serving.address.split(':')[1])
}

async function honestCallerIsServed(): Promise<void> {
  const desk = connectSweepDesk(serving.address)
  expect(await desk.list()).toHaveLength(1)
  desk.close()
}

/** Says this again and again, until the other side ends the connection. */
function flood(port: number, next: (turn: number) => Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  socket.resume()
  socket.write(preface)
  let turn = 0
  const more = () => {
    if (socket.destroyed) return
    if (socket.write(next(turn++))) setImmediate(more)
    else socket.once('drain', more)
  }
  more()
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

const thousand = (frame: Buffer) => Buffer.concat(Array<Buffer>(1000).fill(frame))

describe('a connection', () => {
  it.each([
    ['pings', () => thousand(ping)],
    ['settings', () => thousand(settings)],
    [
      'streams that it opens and resets',
      (turn: number) =>
        Buffer.concat(
          Array.from({ length: 100 }, (_, at) => 2 * (turn * 100 + at) + 1).flatMap((stream) => [
            headers(stream),
            reset(stream),
          ]),
        ),
    ],
  ])('that floods with %s is ended', async (_, next) => {
    await flood(await listen(), next)
    await honestCallerIsServed()
  })

  it('that opens and then makes no call is closed; one that made a call stays', async () => {
    const port = await listen()
    const desk = connectSweepDesk(serving.address)
    await desk.list()
    const idler = connectHttp2(`http://127.0.0.1:${port}`)
    await new Promise((resolve) => idler.once('remoteSettings', resolve))
    const closed = new Promise((resolve) => idler.once('close', resolve))
    await clock.advance(defaultLimits.openingSeconds + 1)
    await closed
    expect(await desk.list()).toHaveLength(1)
    desk.close()
  })

  it('that stays without a call is closed; its client comes again', async () => {
    const port = await listen(0.05)
    const client = connectHttp2(`http://127.0.0.1:${port}`)
    const stream = client.request({ ':method': 'POST', ':path': '/none' })
    stream.on('error', () => undefined)
    stream.resume()
    await new Promise((resolve) => client.once('close', resolve))
    await honestCallerIsServed()
  })
})

describe('a call', () => {
  it('whose first message trickles in is ended', async () => {
    const client = connectHttp2(`http://127.0.0.1:${await listen()}`)
    const stream = client.request({
      ':method': 'POST',
      ':path': '/fmwork.v1.AgentService/Report',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const status = new Promise((resolve) => {
      stream.on('response', (fields) => resolve(fields['grpc-status']))
    })
    stream.write(Buffer.from([0, 0, 0, 0, 9, 1]))
    // Its headers are served before those of a later call.
    await honestCallerIsServed()
    await clock.advance(defaultLimits.messageSeconds + 1)
    expect(await status).toBe('8')
    client.destroy()
    await honestCallerIsServed()
  })
})
