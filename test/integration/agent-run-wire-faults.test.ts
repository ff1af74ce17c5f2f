import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../shared/process/clock.js'
import { engineAt, openBench, orderFor } from './agent-run-fixture.js'
import type { Bench } from './agent-run-fixture.js'

/** What a server below HTTP does once a request has arrived. */
type Wire = (socket: Socket) => void

const head =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
const chunked = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const token = 'data: {"choices":[{"text":"a"}]}\n\n'
const usage = 'data: {"choices":[],"usage":{"prompt_tokens":16,"completion_tokens":4}}\n\n'
const whole = `${head}${chunked(token.repeat(4) + usage)}0\r\n\r\n`

/** Writes a text in pieces, one per `seconds`, for as long as the socket lives. */
function trickle(socket: Socket, text: string, size: number, seconds: number): void {
  const next = (at: number) => {
    if (at >= text.length || socket.destroyed) return
    socket.write(text.slice(at, at + size))
    systemClock.after(seconds, () => next(at + size))
  }
  next(0)
}

class WireServer {
  readonly sockets = new Set<Socket>()
  wire: Wire = (socket) => socket.write(whole)
  readonly #server: Server = createServer((socket) => {
    this.sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.sockets.delete(socket))
    let text = ''
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/.exec(text)?.[1])
      if (end === -1 || text.length < end + 4 + length) return
      text = ''
      this.wire(socket)
    })
  })

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

let server: WireServer
let url: string
let bench: Bench

beforeEach(async () => {
  server = new WireServer()
  url = await server.listen()
  bench = await openBench()
})
afterEach(async () => {
  await bench.close()
  await server.close()
})

/** Two requests per repetition. */
const orderWithin = (seconds: number) =>
  orderFor(2, 16, 4, { plan: { request_timeout: seconds, warmups: 0 } })
/** Long enough for whatever ends by itself. */
const order = orderWithin(10)

describe('what a server may do to the bytes', () => {
  it.each<[string, Wire, RegExp]>([
    [
      'headers that trickle in for longer than a request may take',
      (socket) => trickle(socket, whole, 1, 0.05),
      /within 0.4 s/,
    ],
    [
      'a body that trickles in for longer',
      (socket) => {
        socket.write(head)
        trickle(socket, chunked(token.repeat(100)), 1, 0.05)
      },
      /within 0.4 s/,
    ],
    [
      'headers without an end',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`),
      /HPE_HEADER_OVERFLOW/,
    ],
    ['no HTTP at all', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'), /HPE_/],
    [
      'a chunk size that is none',
      (socket) => socket.write(`${head}zz\r\n${token}`),
      /HPE_INVALID_CHUNK_SIZE|STREAM_BROKEN/,
    ],
    [
      'a reset after the headers',
      (socket) => socket.write(head, () => socket.resetAndDestroy()),
      /STREAM_BROKEN|ECONNRESET/,
    ],
    [
      'an end inside a chunk',
      (socket) => socket.end(`${head}ffff\r\n${token}`),
      /STREAM_BROKEN|ECONNRESET/,
    ],
    [
      'a line longer than any token',
      (socket) => socket.write(`${head}${chunked(`data: ${'x'.repeat(17 * 1024 * 1024)}`)}`),
      /line of the event stream is longer/,
    ],
    [
      'a redirect',
      (socket) => socket.write('HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n'),
      /HTTP 302/,
    ],
    [
      'half a character at the end of a broken stream',
      (socket) => {
        const cut = Buffer.from('data: {"choices":[{"text":"😀"}]}').subarray(0, 28)
        socket.write(head)
        socket.end(Buffer.concat([Buffer.from('1c\r\n'), cut, Buffer.from('\r\n0\r\n\r\n')]))
      },
      /STREAM_MALFORMED/,
    ],
  ])(
    '%s: the trial fails in time, nothing leaks, the next is measured',
    async (_, wire, reason) => {
      server.wire = wire
      const began = systemClock.monotonic()
      const mustTimeOut = reason.source.startsWith('within')
      const outcome = await bench.run(mustTimeOut ? orderWithin(0.4) : order, engineAt(url))
      // A deadline, not a timing: a hang would take for ever.
      expect(systemClock.monotonic() - began).toBeLessThan(15)
      expect(outcome).toMatchObject({
        kind: 'failed',
        reason: expect.stringMatching(reason) as string,
      })
      expect(readdirSync(bench.lockFolder)).toEqual([])
      server.wire = (socket) => socket.write(whole)
      const next = await bench.run(order, engineAt(url))
      expect(next).toMatchObject({ kind: 'measured' })
      // Whatever was broken is closed; at most the two connections of the last trial are kept.
      while (server.sockets.size > 2) await systemClock.sleep(0.01)
    },
  )

  it('headers and body in single bytes are measured all the same', async () => {
    server.wire = (socket) => {
      socket.setNoDelay(true)
      for (const byte of whole) socket.write(byte)
    }
    const outcome = await bench.run(order, engineAt(url))
    expect(outcome).toMatchObject({ kind: 'measured' })
    expect(bench.witness.samples.every(({ chunkAt }) => chunkAt.length === 4)).toBe(true)
  })

  it('informational answers before the real one are passed over', async () => {
    server.wire = (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${whole}`)
    expect(await bench.run(order, engineAt(url))).toMatchObject({ kind: 'measured' })
  })
})
