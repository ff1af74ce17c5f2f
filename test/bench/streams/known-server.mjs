// A server whose send times are known exactly: it answers completions at set times and keeps, on
// CLOCK_MONOTONIC, when it received each request and when it wrote each token. One process of its own:
//   node test/bench/streams/known-server.mjs
// prints {"port":N}; GET /log?clear gives and forgets what it kept; it ends with its standard input.
// A prompt "r<N> <ttft ms> <gap ms>" names the request and sets its times.
import { Buffer } from 'node:buffer'
import { createServer } from 'node:net'
import { setInterval } from 'node:timers'

const now = () => Number(process.hrtime.bigint())
const head = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n',
)
const framed = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const event = (value) => `data: ${JSON.stringify(value)}\n\n`
// As large as what vLLM sends for a token.
const token = Buffer.from(
  framed(
    event({
      id: 'cmpl-00000000000000000000000000000000',
      object: 'text_completion',
      created: 1764000000,
      model: 'known',
      choices: [
        { index: 0, text: ' word', logprobs: null, finish_reason: null, stop_reason: null },
      ],
      usage: null,
    }),
  ),
)
const last = (tokens) =>
  Buffer.from(
    framed(
      event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: tokens } }) +
        'data: [DONE]\n\n',
    ) + '0\r\n\r\n',
  )

let log = []
/** Streams by the millisecond at which their next token is due. */
const due = new Map()
let reached = Math.floor(now() / 1e6)

function plan(stream) {
  const at = Math.max(reached + 1, Math.ceil(stream.dueAt / 1e6))
  const bucket = due.get(at)
  if (bucket === undefined) due.set(at, [stream])
  else bucket.push(stream)
}

function step(stream) {
  const { socket, entry, tokens, gap } = stream
  if (socket.destroyed) return
  entry.wrote.push(now())
  socket.write(token)
  if (entry.wrote.length === tokens) {
    socket.write(last(tokens))
    return
  }
  stream.dueAt += gap
  plan(stream)
}

setInterval(() => {
  const until = Math.floor(now() / 1e6)
  while (reached < until) {
    reached += 1
    const bucket = due.get(reached)
    if (bucket === undefined) continue
    due.delete(reached)
    for (const stream of bucket) step(stream)
  }
}, 1)

function answer(socket, path, body, receivedAt) {
  const whole = (value) => {
    const text = JSON.stringify(value)
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    )
  }
  if (path.startsWith('/v1/models')) return whole({ data: [{ id: 'known' }] })
  if (path.startsWith('/log')) {
    whole(log)
    if (path.includes('clear')) log = []
    return
  }
  if (!path.startsWith('/v1/completions')) {
    socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')
    return
  }
  const request = JSON.parse(body)
  const [, number, ttft, gap] = /^r(\d+) ([\d.]+) ([\d.]+)/.exec(String(request.prompt)) ?? []
  if (request.stream !== true) {
    // The probe: text only, so that prompts reach this server as they are written.
    whole({ choices: [{ text: 'a' }], usage: { prompt_tokens: 1, completion_tokens: 1 } })
    return
  }
  const entry = { n: number === undefined ? -1 : Number(number), received: receivedAt, wrote: [] }
  log.push(entry)
  socket.write(head)
  const first = Number(ttft ?? 5) * 1e6
  const stream = { socket, entry, tokens: request.max_tokens, gap: Number(gap ?? 5) * 1e6 }
  stream.dueAt = receivedAt + first
  if (first === 0 && stream.tokens === 1) step(stream)
  else plan(stream)
}

const server = createServer({ noDelay: true }, (socket) => {
  let pending = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (piece) => {
    const receivedAt = now()
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece])
    for (;;) {
      const end = pending.indexOf('\r\n\r\n')
      if (end === -1) return
      const lines = pending.toString('latin1', 0, end)
      const length = Number(/content-length: *(\d+)/i.exec(lines)?.[1] ?? 0)
      if (pending.length < end + 4 + length) return
      const path = lines.split(' ', 2)[1]
      const body = pending.toString('utf8', end + 4, end + 4 + length)
      pending = pending.subarray(end + 4 + length)
      answer(socket, path, body, receivedAt)
    }
  })
})
server.listen(0, '127.0.0.1', 8192, () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`)
})
process.stdin.resume()
process.stdin.once('end', () => process.exit())
