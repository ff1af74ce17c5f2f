import { readdirSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInvalid } from '../../shared/domain/measurement.js'
import { systemClock } from '../../shared/process/clock.js'
import { measureOnce } from '../../agent/run/measure.js'
import { InlineLoad } from '../../agent/run/load/inline-load.js'
import { openHost } from '../../agent/host/host.js'
import { createLog } from '../../shared/process/log.js'
import { engineAt, openBench, orderFor } from './agent-run-fixture.js'
import type { Bench } from './agent-run-fixture.js'
import { KnownServer } from './agent-run-server.js'
import type { Script } from './agent-run-server.js'

let server: KnownServer
let url: string
let bench: Bench

beforeEach(async () => {
  server = new KnownServer()
  url = await server.listen()
  bench = await openBench()
})
afterEach(async () => {
  await bench.close()
  await server.close()
})

const order = orderFor(2, 16, 4, { plan: { request_timeout: 0.5 } })

const refuse = (status: number, body: unknown): Script => ({
  answer: (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  },
})

const stream = (write: (response: ServerResponse) => void): Script => ({
  answer: (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    write(response)
  },
})

const chunk = 'data: {"choices":[{"text":"a"}]}\n\n'
const usage = (completion: number) =>
  `data: {"choices":[],"usage":{"prompt_tokens":16,"completion_tokens":${completion}}}\n\n`

/** The fault strikes measured requests only: warm-up is two requests. */
const afterWarmUp = (fault: Script) => (index: number) => (index < 2 ? {} : fault)

describe('a fault ends a trial in the right state', () => {
  it.each<[string, Script, string, RegExp]>([
    [
      'context too long',
      refuse(400, { error: { code: 'context_length_exceeded', message: 'at most 8 tokens' } }),
      'infeasible',
      /at most 8 tokens/,
    ],
    ['out of memory', refuse(500, { error: 'CUDA out of memory' }), 'infeasible', /out of memory/],
    ['429', refuse(429, { detail: 'slow down' }), 'REQUEST_FAILED', /HTTP 429 slow down/],
    ['500', refuse(500, { object: 'error', message: 'boom' }), 'REQUEST_FAILED', /HTTP 500 boom/],
    [
      'malformed events',
      stream((response) => response.end(`${chunk}data: {"choices":[\n\n`)),
      'REQUEST_FAILED',
      /STREAM_MALFORMED/,
    ],
    [
      'an error inside the stream',
      stream((response) => response.end(`${chunk}data: {"error":{"message":"lost"}}\n\n`)),
      'REQUEST_FAILED',
      /STREAM_ERROR lost/,
    ],
    [
      'closing mid-stream',
      stream((response) => {
        response.write(chunk)
        setImmediate(() => response.destroy())
      }),
      'ENGINE_UNREACHABLE',
      /2 of 2 requests failed/,
    ],
    ['an empty stream', stream((response) => response.end()), 'REQUEST_FAILED', /STREAM_EMPTY/],
    ['no stream', refuse(200, { choices: [] }), 'REQUEST_FAILED', /NOT_A_STREAM/],
    ['hanging', stream((response) => response.write(chunk)), 'REQUEST_FAILED', /within 0.5 s/],
    ['headers that never end', { answer: () => undefined }, 'REQUEST_FAILED', /within 0.5 s/],
  ])('%s', async (_, fault, state, reason) => {
    for (const script of [() => fault, afterWarmUp(fault)]) {
      server.seen.length = 0
      server.script = script
      const outcome = await bench.run(order, engineAt(url))
      if (outcome.kind === 'measured') throw new Error('measured')
      expect(outcome.kind === 'failed' ? outcome.code : outcome.kind).toBe(state)
      expect(outcome.reason).toMatch(reason)
      expect(outcome.deviceSeconds).toBeGreaterThan(0)
      expect(readdirSync(bench.lockFolder)).toEqual([])
    }
    server.script = () => ({})
    server.seen.length = 0
    expect(await bench.run(order, engineAt(url))).toMatchObject({ kind: 'measured' })
  })

  it('an engine that is gone', async () => {
    const engine = { ...engineAt(url, { exited: Promise.resolve('exit code 137') }) }
    expect(await bench.run(order, engine)).toMatchObject({
      kind: 'failed',
      code: 'ENGINE_FAILED',
      reason: 'the engine ended: exit code 137',
    })
  })

  it('an engine that goes while it is measured', async () => {
    let gone: (reason: string) => void = () => undefined
    const exited = new Promise<string>((resolve) => (gone = resolve))
    server.script = (index) => {
      if (index === 3) gone('killed')
      return { tokenAt: () => (index < 2 ? 0 : 30) }
    }
    const outcome = await bench.run(orderFor(2, 16, 4), engineAt(url, { exited }))
    expect(outcome).toMatchObject({ kind: 'failed', code: 'ENGINE_FAILED' })
    while (server.seen.some((seen) => !seen.closed)) await systemClock.sleep(0.01)
  })

  it('a port nobody listens on', async () => {
    const other = new KnownServer()
    const closed = await other.listen()
    await other.close()
    expect(await bench.run(order, engineAt(closed))).toMatchObject({
      kind: 'failed',
      code: 'ENGINE_UNREACHABLE',
    })
  })

  it('an abort, which closes the sockets', async () => {
    server.script = () => ({ tokenAt: () => 30 })
    const stop = new AbortController()
    const run = bench.run(orderFor(2, 16, 4), engineAt(url), stop.signal)
    while (server.seen.length < 2) await systemClock.sleep(0.01)
    stop.abort(new Error('lease lost'))
    expect(await run).toMatchObject({ kind: 'failed', reason: 'ended early: lease lost' })
    while (server.seen.some((seen) => !seen.closed)) await systemClock.sleep(0.01)
    expect(readdirSync(bench.lockFolder)).toEqual([])
  })
})

describe('an odd stream is measured, and doubted where it should be', () => {
  async function doubtsOf(script: Script): Promise<string[]> {
    server.script = () => script
    const outcome = await bench.run(order, engineAt(url))
    if (outcome.kind !== 'measured') throw new Error(outcome.reason)
    return outcome.measurement.doubts.map(({ kind, severity }) => `${kind} ${severity}`)
  }

  it('too few tokens', async () => {
    expect(await doubtsOf({ completionTokens: (asked) => Math.max(1, asked - 1) })).toContain(
      'tokens_not_as_asked invalid',
    )
  })

  it('no usage', async () => {
    expect(await doubtsOf({ usage: false })).toContain('tokens_not_as_asked marked')
  })

  it('a prefix cache', async () => {
    expect(await doubtsOf({ cachedTokens: 16 })).toContain('prefix_cache_hit invalid')
  })

  it('everything in one read', async () => {
    const whole = stream((response) => response.end(chunk.repeat(4) + usage(4)))
    expect(await doubtsOf(whole)).toContain('chunk_coalescing marked')
  })

  it('half a character, a comment and a line of a megabyte', async () => {
    const bytes = Buffer.from('data: {"choices":[{"text":"😀"}]}\r\n\r\n')
    const long = `data: {"choices":[{"text":"${'x'.repeat(1024 * 1024)}"}]}\n\n`
    const odd = stream((response) => {
      response.write(bytes.subarray(0, 30))
      setTimeout(() => {
        response.write(Buffer.concat([bytes.subarray(30), Buffer.from(': ping\n\n'), bytes]))
        response.end(long + chunk + usage(4))
      }, 5)
    })
    const doubts = await doubtsOf(odd)
    expect(doubts.filter((doubt) => doubt.startsWith('tokens_not_as_asked'))).toEqual([])
  })
})

describe('a kept connection that the server closed', () => {
  it('is replaced without a failed request', async () => {
    server.script = () => ({
      answer: (request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(chunk.repeat(4) + usage(4))
        // Closed right after the answer, while the client believes that it may be used again.
        response.once('finish', () => setImmediate(() => request.socket.resetAndDestroy()))
      },
    })
    const outcome = await bench.run(orderFor(4, 16, 4, { plan: { repetitions: 8 } }), engineAt(url))
    expect(outcome).toMatchObject({ kind: 'measured' })
    expect(bench.witness.samples.every((sample) => sample.outcome === 'ok')).toBe(true)
  })
})

describe('measureOnce', () => {
  it('gives outcome and raw samples of an endpoint', async () => {
    const log = createLog({ name: 'test', level: 'silent' })
    const clock = systemClock
    const load = new InlineLoad(clock)
    const host = await openHost({
      clock,
      log,
      agent: 'measure',
      agentVersion: '0.0.0',
      lockFolder: bench.lockFolder,
      accelerators: 'none',
    })
    const { signal } = new AbortController()
    const { outcome, samples } = await measureOnce(
      engineAt(url),
      order,
      { clock, log, host, load },
      signal,
    )
    if (outcome.kind !== 'measured') throw new Error(outcome.reason)
    expect(isInvalid(outcome.measurement) || outcome.measurement.requests > 0).toBe(true)
    expect(samples.some((sample) => !sample.warmUp)).toBe(true)
    await load.close()
    await host.close()
  })
})
