// What strangers can do to a port without being let in. Every attack runs until `signal` aborts, comes
// again at once where it is thrown out, and counts what it did in `tally`.
import { Buffer } from 'node:buffer'
import { once, setMaxListeners } from 'node:events'
import { connect } from 'node:net'
import { clearTimeout, setImmediate, setTimeout } from 'node:timers'

/** Where attacks come from: another host than the honest ones, as limits count them. */
const stranger = '127.0.0.2'

const opening = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** One frame of HTTP/2. */
export function frame(type, flags, stream, payload = Buffer.alloc(0)) {
  const header = Buffer.alloc(9)
  header.writeUIntBE(payload.length, 0, 3)
  header.writeUInt8(type, 3)
  header.writeUInt8(flags, 4)
  header.writeUInt32BE(stream, 5)
  return Buffer.concat([header, payload])
}

const text = (value) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
const ofPath = (path) =>
  Buffer.concat([
    Buffer.from([0x83, 0x86, 0x04]), // POST, http, a path
    text(path),
    Buffer.from([0x0f, 0x10]), // content-type
    text('application/grpc'),
    Buffer.from([0x00]),
    text('te'),
    text('trailers'),
  ])
const callHeaders = ofPath('/fmwork.v1.AgentService/Report')
/** Opens the connection as HTTP/2 asks. */
export const preface = Buffer.concat([opening, frame(4, 0, 0)])
export const ping = frame(6, 0, 0, Buffer.alloc(8))
export const settings = frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 0xff, 0xff]))
export const headers = (stream) => frame(1, 4, stream, callHeaders)
export const reset = (stream) => frame(3, 0, stream, Buffer.from([0, 0, 0, 8]))
const endlessHeaders = frame(1, 0, 1, callHeaders)
const continuation = frame(9, 0, 1, Buffer.concat([Buffer.from([0]), text('a'), text('b')]))
/** A message whose length prefix says 4 GiB. */
export const giant = (stream) => frame(0, 0, stream, Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1]))
/** The start of a client’s side of TLS: a record that promises more than comes. */
const halfHello = Buffer.concat([Buffer.from('16030100c8010000c40303', 'hex'), Buffer.alloc(64)])

const pause = (milliseconds, signal) =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })

/** Keeps `width` connections doing `each`; opens another wherever one ends. */
const keep = (width, each) => async (port, signal, tally) => {
  setMaxListeners(0, signal)
  const one = async () => {
    while (!signal.aborted) {
      const socket = connect({ port, host: '127.0.0.1', localAddress: stranger })
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.on('error', () => socket.destroy())
      const leave = () => socket.destroy()
      signal.addEventListener('abort', leave)
      const opened = await Promise.race([
        once(socket, 'connect').then(() => true),
        closed.then(() => false),
      ]).catch(() => false)
      tally.connections += 1
      if (opened) await Promise.race([each(socket, signal, tally, closed), closed])
      if (!signal.aborted && socket.destroyed) tally.thrownOut += 1
      socket.destroy()
      signal.removeEventListener('abort', leave)
      await pause(1, signal)
    }
  }
  await Promise.all(Array.from({ length: width }, one))
}

/** Writes what `next` makes as fast as it is taken. */
const flood = (first, next, reads = true) =>
  keep(8, async (socket, signal, tally, closed) => {
    if (reads) socket.resume()
    socket.write(first)
    for (let turn = 0; !signal.aborted && !socket.destroyed; turn += 1) {
      const { bytes, count } = next(turn)
      const more = socket.write(bytes)
      tally.sent += count
      if (!more)
        await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
      else await new Promise((resolve) => setImmediate(resolve))
    }
  })

const many = (bytes, count) => {
  const block = { bytes: Buffer.concat(Array(count).fill(bytes)), count }
  return () => block
}

/** Says `first`, then one byte of `rest` every half second. */
const trickle = (width, first, rest) =>
  keep(width, async (socket, signal, tally) => {
    socket.resume()
    socket.write(first)
    for (let at = 0; !signal.aborted && !socket.destroyed; at += 1) {
      await pause(500, signal)
      if (!socket.destroyed) socket.write(rest(at))
      tally.sent += 1
    }
  })

const streamOf = (turn, at, atOnce) => 2 * (turn * atOnce + at) + 1
const burst = (atOnce, frames) => (turn) => ({
  bytes: Buffer.concat(
    Array.from({ length: atOnce }, (_, at) => frames(streamOf(turn, at, atOnce))).flat(),
  ),
  count: atOnce,
})

const stay = async (socket, signal) => {
  socket.resume()
  await pause(3_600_000, signal)
}

export const attacks = {
  'silent connections, gRPC': { door: 'rpc', run: keep(1500, stay) },
  'silent connections, HTTP': { door: 'http', run: keep(1500, stay) },
  'more connections than allowed, gRPC': { door: 'rpc', run: keep(3000, stay) },
  'headers that trickle in, HTTP': {
    door: 'http',
    run: trickle(250, 'GET / HTTP/1.1\r\nhost: a\r\n', (at) =>
      at % 4 === 3 ? '\n' : 'x:y\r'[at % 4],
    ),
  },
  'bodies that trickle in, HTTP': {
    door: 'http',
    run: trickle(
      250,
      'POST /api/v1/sweeps HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n',
      () => '1',
    ),
  },
  'messages that trickle in, gRPC': {
    door: 'rpc',
    run: trickle(
      500,
      Buffer.concat([preface, headers(1), frame(0, 0, 1, Buffer.from([0, 0, 1, 0, 0]))]),
      () => frame(0, 0, 1, Buffer.from([1])),
    ),
  },
  'handshakes that never end, gRPC': {
    door: 'rpcTls',
    run: keep(1000, async (socket, signal) => {
      socket.write(halfHello)
      await stay(socket, signal)
    }),
  },
  'handshakes that never end, HTTP': {
    door: 'httpTls',
    run: keep(250, async (socket, signal) => {
      socket.write(halfHello)
      await stay(socket, signal)
    }),
  },
  'connections that are reset, gRPC': {
    door: 'rpc',
    run: keep(32, (socket, signal, tally, closed) => {
      socket.write(Buffer.concat([preface, headers(1)]), () => socket.resetAndDestroy())
      tally.sent += 1
      return closed
    }),
  },
  'connections that are reset, HTTP': {
    door: 'http',
    run: keep(32, (socket, signal, tally, closed) => {
      socket.write('GET /api/v1/sweeps HTTP/1.1\r\nhost: a\r\n\r\n', () => socket.resetAndDestroy())
      tally.sent += 1
      return closed
    }),
  },
  pings: { door: 'rpc', run: flood(preface, many(ping, 1000)) },
  'pings, answers unread': { door: 'rpc', run: flood(preface, many(ping, 1000), false) },
  settings: { door: 'rpc', run: flood(preface, many(settings, 1000)) },
  'settings, answers unread': { door: 'rpc', run: flood(preface, many(settings, 1000), false) },
  'streams opened and reset': {
    door: 'rpc',
    run: flood(
      preface,
      burst(100, (stream) => [headers(stream), reset(stream)]),
    ),
  },
  'headers without an end': {
    door: 'rpc',
    run: flood(Buffer.concat([preface, endlessHeaders]), many(continuation, 1000)),
  },
  'length prefixes of 4 GiB': {
    door: 'rpc',
    run: flood(
      preface,
      burst(50, (stream) => [headers(stream), giant(stream)]),
    ),
  },
  'answers that nobody reads, HTTP': {
    door: 'http',
    run: flood(
      '',
      many(Buffer.from('GET /api/v1/sweeps HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'), 100),
      false,
    ),
  },
}
