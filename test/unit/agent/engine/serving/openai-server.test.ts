import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../../../../shared/process/clock.js'
import type {
  Backend,
  GenerationJob,
  GenerationListener,
} from '../../../../../agent/engine/serving/backend.js'
import { GenerationError } from '../../../../../agent/engine/serving/backend.js'
import { startOpenAiServer } from '../../../../../agent/engine/serving/openai-server.js'
import type { OpenAiServer } from '../../../../../agent/engine/serving/openai-server.js'

/** Hands every job to the test. */
class ManualBackend implements Backend {
  readonly model = 'm'
  readonly maxContextTokens = 16
  readonly vocabularySize = 100
  readonly jobs: { job: GenerationJob; listener: GenerationListener }[] = []
  onJob: (listener: GenerationListener, job: GenerationJob) => void = () => undefined
  onCancel: () => void = () => undefined
  encode(text: string): Uint32Array {
    return Uint32Array.from(Buffer.from(text), (byte) => byte % 100)
  }
  renderChat(messages: readonly { role: string; content: string }[]): string {
    return messages.map((each) => each.content).join('')
  }
  submit(job: GenerationJob, listener: GenerationListener): () => void {
    this.jobs.push({ job, listener })
    this.onJob(listener, job)
    return () => this.onCancel()
  }
  gauges() {
    return {
      running: 1,
      waiting: 2,
      promptTokens: 3,
      generatedTokens: 4,
      kvUsedTokens: 5,
      kvCapacityTokens: 6,
      steps: 7,
      stepSeconds: 8.5,
      evaluationSeconds: 8.25,
    }
  }
}

let backend: ManualBackend
let server: OpenAiServer
beforeEach(async () => {
  backend = new ManualBackend()
  backend.onJob = (listener, job) => {
    for (let index = 0; index < job.maxTokens; index += 1) {
      listener.token(`"${index}`, index === job.maxTokens - 1 ? 'length' : undefined)
    }
  }
  server = await startOpenAiServer({ backend, clock: new FakeClock() })
})
afterEach(() => server.close())

const url = (path: string) => `http://127.0.0.1:${server.port}${path}`
async function post(path: string, body: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(url(path), {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, text: await response.text() }
}
const events = (text: string): unknown[] =>
  text
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice(6)) as unknown)

describe('POST /v1/completions', () => {
  it('streams one chunk per token, then usage, then the end', async () => {
    const body = {
      prompt: [1, 2, 3],
      max_tokens: 2,
      stream: true,
      stream_options: { include_usage: true },
    }
    const { status, text } = await post('/v1/completions', body)
    expect(status).toBe(200)
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(events(text)).toMatchObject([
      { object: 'text_completion', model: 'm', choices: [{ text: '"0', finish_reason: null }] },
      { choices: [{ text: '"1', finish_reason: 'length' }] },
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
    ])
  })

  it('answers whole without stream', async () => {
    const { text } = await post('/v1/completions', { model: 'm', prompt: 'ab', max_tokens: 3 })
    expect(JSON.parse(text)).toMatchObject({
      choices: [{ text: '"0"1"2', finish_reason: 'length' }],
      usage: { prompt_tokens: 2, completion_tokens: 3 },
    })
  })

  it('passes on what was asked', async () => {
    await post('/v1/completions', {
      prompt: [[7, 8]],
      max_tokens: 4,
      min_tokens: 2,
      ignore_eos: true,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      seed: 11,
      user: 'an unknown key is let through',
    })
    expect(backend.jobs[0]?.job).toEqual({
      promptTokens: Uint32Array.of(7, 8),
      maxTokens: 4,
      minTokens: 2,
      ignoreEos: true,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      seed: 11,
    })
  })

  it.each([
    ['what is not JSON', '{"prompt":', 400, 'not JSON'],
    ['what is not an object', '[1]', 400, 'not a JSON object'],
    ['no prompt', {}, 400, 'prompt'],
    ['an empty prompt', { prompt: '' }, 400, 'prompt'],
    ['several prompts', { prompt: ['a', 'b'] }, 400, 'prompt'],
    ['a token that does not exist', { prompt: [100] }, 400, 'no token 100'],
    ['no tokens to generate', { prompt: [1], max_tokens: 0 }, 400, 'max_tokens'],
    ['a stop text', { prompt: [1], stop: ['x'] }, 400, 'stop'],
    ['several choices', { prompt: [1], n: 2 }, 400, 'n: only 1'],
    ['another model', { prompt: [1], model: 'other' }, 404, 'model_not_found'],
    ['too long a context', { prompt: [1], max_tokens: 16 }, 400, 'context_length_exceeded'],
    ['too long a body', `{"prompt":"${'x'.repeat(9 * 1024 * 1024)}"}`, 413, 'above'],
  ])('refuses %s', async (_, body, status, message) => {
    const answer = await post('/v1/completions', body)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toMatchObject({ error: { type: 'invalid_request_error' } })
    expect(answer.text).toContain(message)
    expect(backend.jobs).toEqual([])
  })

  it('says why a generation failed, before its first token and after', async () => {
    backend.onJob = (listener) => listener.fail(new GenerationError(429, 'full'))
    expect(await post('/v1/completions', { prompt: [1] })).toMatchObject({ status: 429 })
    backend.onJob = (listener) => {
      listener.token('a')
      listener.fail(new GenerationError(500, 'broken'))
    }
    const { text } = await post('/v1/completions', { prompt: [1], stream: true })
    expect(events(text)[1]).toMatchObject({ error: { message: 'broken', type: 'server_error' } })
    expect(text).not.toContain('[DONE]')
  })

  it('cancels when the client hangs up', async () => {
    const cancelled = new Promise<void>((resolve) => {
      backend.onCancel = resolve
    })
    backend.onJob = (listener) => listener.token('a')
    const outgoing = request(url('/v1/completions'), { method: 'POST' }, (response) => {
      response.once('data', () => outgoing.destroy())
    })
    outgoing.on('error', () => undefined)
    outgoing.end('{"prompt":[1],"stream":true}')
    await cancelled
  })
})

describe('POST /v1/chat/completions', () => {
  const messages = [{ role: 'user', content: [{ type: 'text', text: 'abc' }] }]

  it('streams deltas, the role with the first', async () => {
    const { text } = await post('/v1/chat/completions', { messages, max_tokens: 2, stream: true })
    expect(events(text)).toMatchObject([
      {
        object: 'chat.completion.chunk',
        choices: [{ delta: { role: 'assistant', content: '"0' } }],
      },
      { choices: [{ delta: { content: '"1' }, finish_reason: 'length' }] },
    ])
  })

  it('may fill the context when no limit is given', async () => {
    const { text } = await post('/v1/chat/completions', { messages })
    expect(JSON.parse(text)).toMatchObject({
      choices: [{ message: { role: 'assistant' } }],
      usage: { prompt_tokens: 3, completion_tokens: 13 },
    })
  })
})

describe('the other paths', () => {
  it('list the model, health and metrics', async () => {
    const models: unknown = await fetch(url('/v1/models')).then((response) => response.json())
    expect(models).toMatchObject({ data: [{ id: 'm', max_model_len: 16 }] })
    expect((await fetch(url('/health'))).status).toBe(200)
    const metrics = await fetch(url('/metrics')).then((response) => response.text())
    expect(metrics).toContain('fmwork_engine_requests_waiting{model_name="m"} 2\n')
    expect(metrics).toContain('# TYPE fmwork_engine_generation_tokens_total counter\n')
    expect((await fetch(url('/nothing'))).status).toBe(404)
  })
})
