import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Scalar } from '../../../../../shared/domain/configuration.js'
import { createOpenAiEngine } from '../../../../../agent/engine/openai/openai-engine.js'
import type { EngineDemand } from '../../../../../agent/engine/engine.js'

const signal = new AbortController().signal
let server: Server | undefined
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)))
  server = undefined
})

interface Seen {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

/** A server that answers what the test says, and what it was asked. */
async function serve(
  answer: (seen: Seen) => [number, unknown],
): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { authorization } = request.headers
      const one = { path: request.url ?? '', authorization, body }
      seen.push(one)
      const [status, value] = answer(one)
      response.writeHead(status).end(typeof value === 'string' ? value : JSON.stringify(value))
    })
  }
  const listening = createServer(handle)
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, seen }
}

const models = { data: [{ id: 'm', max_model_len: 4096 }] }
const completion = (tokens: number) => ({
  choices: [{ text: 'x' }],
  usage: { prompt_tokens: tokens },
})

function demand(engineArgs: Record<string, Scalar>): EngineDemand {
  const block = { model: 'm', engine: 'openai', engineArgs, hardware: 'H100', tensorParallel: 1 }
  return { block, maxLoad: 4, maxContextTokens: 1024 }
}

describe('attaching to a server', () => {
  it('finds out whether token ids are taken, and what it is', async () => {
    const { url } = await serve(({ path, body }) => {
      if (path === '/v1/models') return [200, models]
      if (path === '/version') return [200, { version: '0.9.1' }]
      return body.includes('29999') ? [400, 'no such token'] : [200, completion(3)]
    })
    const running = await createOpenAiEngine().start(demand({ base_url: `${url}/v1/` }), signal)
    expect(running.endpoint).toMatchObject({
      baseUrl: url,
      acceptsTokenIds: true,
      promptTokenRange: [300, 4000],
    })
    expect(running.facts).toMatchObject({ version: '0.9.1', maxContextTokens: 4096 })
    await running.stop()
    expect(await running.exited).toBe('it was let go')
  })

  it('falls back to text where ids are miscounted', async () => {
    const { url } = await serve(({ path }) =>
      path === '/v1/models' ? [200, models] : [200, completion(9)],
    )
    const running = await createOpenAiEngine().start(demand({ base_url: url }), signal)
    expect(running.endpoint.acceptsTokenIds).toBe(false)
    await running.stop()
  })

  it('can use the chat endpoint', async () => {
    const { url, seen } = await serve(({ path }) =>
      path === '/v1/completions' ? [404, ''] : [200, path === '/v1/models' ? models : {}],
    )
    const running = await createOpenAiEngine().start(
      demand({ base_url: url, endpoint: 'chat' }),
      signal,
    )
    expect(running.endpoint).toMatchObject({ api: 'chat', acceptsTokenIds: false })
    expect(seen.map(({ path }) => path)).toContain('/v1/chat/completions')
    await running.stop()
  })

  it.each([
    ['another model', [200, { data: [{ id: 'other' }] }], 'it serves other, not m'],
    ['no list', [200, '<html>'], 'not a list of models: <html>'],
    ['a refusal', [401, 'who are you'], 'HTTP 401: who are you'],
  ] as [string, [number, unknown], string][])('names %s', async (_, answer, message) => {
    const { url } = await serve(() => answer)
    const failure = createOpenAiEngine().start(demand({ base_url: url }), signal)
    await expect(failure).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' })
    await expect(failure).rejects.toThrow(`${url}/v1/models: ${message}`)
  })

  it('names what does not answer', async () => {
    const { url } = await serve(() => [200, ''])
    server?.close()
    const failure = createOpenAiEngine().start(demand({ base_url: url }), signal)
    await expect(failure).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' })
    await expect(failure).rejects.toThrow(/\/v1\/models: .*ECONNREFUSED/)
  })

  it('names a server that completes nothing', async () => {
    const { url } = await serve(({ path }) =>
      path === '/v1/models' ? [200, models] : [503, 'loading'],
    )
    const failure = createOpenAiEngine().start(demand({ base_url: url }), signal)
    await expect(failure).rejects.toThrow('HTTP 503: loading')
  })

  it('finds contexts that are too short', async () => {
    const short = { data: [{ id: 'm', max_model_len: 512 }] }
    const { url } = await serve(({ path }) =>
      path === '/v1/models' ? [200, short] : [200, completion(3)],
    )
    const failure = createOpenAiEngine().start(demand({ base_url: url }), signal)
    await expect(failure).rejects.toMatchObject({ code: 'CONFIGURATION_INFEASIBLE' })
  })
})

describe('keys and permission', () => {
  it('attaches only where the agent was told it may', async () => {
    const engine = createOpenAiEngine({ allowedBaseUrls: ['http://good/v1'] })
    const failure = engine.start(demand({ base_url: 'http://evil' }), signal)
    await expect(failure).rejects.toMatchObject({ code: 'ENGINE_NOT_ALLOWED' })
    await expect(failure).rejects.toThrow('http://evil')
  })

  it('sends a key to allowed servers only', async () => {
    const { url, seen } = await serve(({ path }) =>
      path === '/v1/models' ? [200, models] : [200, completion(3)],
    )
    const args = { base_url: url, api_key_env: 'MY_KEY' }
    const env = { MY_KEY: 'k-123' }
    const open = createOpenAiEngine({ env }).start(demand(args), signal)
    await expect(open).rejects.toMatchObject({ code: 'ENGINE_NOT_ALLOWED' })
    expect(seen).toEqual([])
    const running = await createOpenAiEngine({ env, allowedBaseUrls: [url] }).start(
      demand(args),
      signal,
    )
    expect(seen[0]?.authorization).toBe('Bearer k-123')
    expect(JSON.stringify(running.facts)).not.toContain('k-123')
    await running.stop()
    const unset = createOpenAiEngine({ env: {}, allowedBaseUrls: [url] }).start(
      demand(args),
      signal,
    )
    await expect(unset).rejects.toThrow('MY_KEY (api_key_env) is not set')
  })

  it('takes a variable’s name, never a key, and an URL', async () => {
    const failure = createOpenAiEngine().start(
      demand({ base_url: 'ftp://x', api_key_env: 'sk-abc' }),
      signal,
    )
    await expect(failure).rejects.toMatchObject({
      code: 'SWEEP_INVALID',
      problems: [{ field: 'engines.args.base_url' }, { field: 'engines.args.api_key_env' }],
    })
  })
})
