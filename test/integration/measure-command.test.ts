import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProgram } from '../../cli/program.js'
import { systemClock } from '../../shared/process/clock.js'
import { fakeContext } from '../unit/cli/fake-context.js'

interface Asked {
  readonly path: string
  readonly key: string | undefined
  readonly body: Readonly<Record<string, unknown>>
}

/** An OpenAI-compatible server that answers `max_tokens` words, and keeps what it was asked. */
class TextServer {
  readonly asked: Asked[] = []
  status = 200
  readonly #server: Server = createServer((request, response) => this.#serve(request, response))

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (text += piece))
    request.on('end', () => {
      const path = request.url ?? ''
      const json = (status: number, value: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(value))
      }
      if (path === '/v1/models') {
        json(200, { data: [{ id: 'org/tiny' }] })
        return
      }
      if (request.method !== 'POST') {
        json(404, {})
        return
      }
      const body = JSON.parse(text) as Asked['body']
      if (body.stream !== true) {
        json(200, { choices: [{ text: 'a' }], usage: { prompt_tokens: 1 } })
        return
      }
      this.asked.push({ path, key: request.headers.authorization, body })
      if (this.status !== 200) {
        json(this.status, { error: { message: 'out of order' } })
        return
      }
      this.#stream(path, body, response)
    })
  }

  #stream(path: string, body: Asked['body'], response: ServerResponse): void {
    const {
      prompt,
      messages,
      max_tokens: tokens,
    } = body as {
      prompt?: string
      messages?: { content: string }[]
      max_tokens: number
    }
    const words = (prompt ?? messages?.[0]?.content ?? '').split(' ').length
    const choice = path.includes('chat') ? { delta: { content: 'w' } } : { text: 'w' }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const write = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\n\n`)
    for (let token = 0; token < tokens; token += 1) write({ choices: [choice] })
    write({ choices: [], usage: { prompt_tokens: words, completion_tokens: tokens } })
    response.end('data: [DONE]\n\n')
  }
}

let server: TextServer
let url: string
let folder: string
beforeEach(async () => {
  server = new TextServer()
  url = await server.listen()
  folder = mkdtempSync(join(tmpdir(), 'fmwork-measure-'))
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs `fmwork measure` with these flags; its exit code, or the error it ended with. */
async function measure(...flags: string[]) {
  const stage = fakeContext()
  const context = {
    ...stage.context,
    clock: systemClock,
    workingDirectory: folder,
    env: { KEY: 'k1' },
  }
  let exit = -1
  let code = 'none'
  try {
    await createProgram(context, (given) => {
      exit = given
    }).parseAsync(['node', 'fmwork', 'measure', '--base-url', url, ...flags])
  } catch (error) {
    code = (error as { code?: string }).code ?? String(error)
  }
  return { exit, code, stdout: stage.written.stdout }
}

const shape = ['--random-input-len', '12', '--random-output-len', '4']

describe('fmwork measure', () => {
  it('prints what was measured, and keeps the result of vllm bench and the raw times', async () => {
    const { stdout } = await measure(
      ...['--num-prompts', '50', '--max-concurrency', '4', ...shape, '--save-detailed'],
      ...[
        '--result-filename',
        'r.json',
        '--raw',
        'raw.jsonl',
        '--label',
        'x',
        '--metadata',
        'gpu=none',
      ],
    )
    expect(stdout).toMatch(/^org\/tiny at http/)
    expect(stdout).toContain('50 requests completed, 0 failed')
    const result = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')) as Record<
      string,
      unknown
    >
    expect(result).toMatchObject({
      completed: 50,
      total_output_tokens: 200,
      total_input_tokens: 600,
      max_concurrency: 4,
      label: 'x',
      gpu: 'none',
    })
    const raw = readFileSync(join(folder, 'raw.jsonl'), 'utf8').trim().split('\n')
    expect(JSON.parse(raw[0] ?? '')).toMatchObject({ clock: 'CLOCK_MONOTONIC', model: 'org/tiny' })
    const measured = raw.slice(1).filter((line) => line.includes('"warm_up":false'))
    expect(measured).toHaveLength(50)
  })

  it('tells everything as one object', async () => {
    const { stdout } = await measure('--static-batch', '2', ...shape, '--json')
    const told = JSON.parse(stdout) as {
      measurement: { repetitions: number; doubts: unknown[] }
      definitions: { name: string; interval: unknown }[]
    }
    expect(told.measurement.repetitions).toBeGreaterThanOrEqual(3)
    expect(told.definitions.map(({ name }) => name)).toContain('tpot.guidellm')
    expect(told.definitions.find(({ name }) => name === 'ttft')?.interval).not.toBeNull()
  })

  it('talks to the chat endpoint with the key of the variable named', async () => {
    await measure(
      ...['--endpoint', '/v1/chat/completions', '--api-key-env', 'KEY'],
      ...['--num-prompts', '5', '--max-concurrency', '1', ...shape],
      ...['--temperature', '0.7', '--extra-body', '{"seed": 3}'],
    )
    expect(server.asked.length).toBeGreaterThanOrEqual(6)
    expect(server.asked.every(({ path }) => path === '/v1/chat/completions')).toBe(true)
    expect(server.asked.every(({ key }) => key === 'Bearer k1')).toBe(true)
    expect(server.asked.at(-1)?.body).toMatchObject({
      messages: [{ role: 'user' }],
      max_tokens: 4,
      ignore_eos: true,
      temperature: 0.7,
      seed: 3,
      stream: true,
    })
  })

  it('sends the prompts of a data set, which may end early', async () => {
    const lines = ['alpha beta', 'gamma'].map((prompt) =>
      JSON.stringify({ prompt, output_tokens: 3 }),
    )
    writeFileSync(join(folder, 'prompts.jsonl'), lines.join('\n'))
    await measure(
      ...['--dataset-name', 'custom', '--dataset-path', 'prompts.jsonl', '--num-prompts', '2'],
      ...['--num-warmups', '0', '--max-concurrency', '1'],
    )
    expect(server.asked.map(({ body }) => body.prompt)).toEqual(['alpha beta', 'gamma'])
    expect(server.asked[0]?.body).not.toHaveProperty('ignore_eos')
  })

  it.each([
    ['--raw', '/proc/fmwork/raw.jsonl'],
    ['--save-result', '--result-dir', '/proc/fmwork'],
  ])('measures nothing that could not be kept: %s', async (...flags) => {
    const { code } = await measure('--num-prompts', '4', ...shape, ...flags)
    expect(code).toBe('DATA_FOLDER_UNWRITABLE')
    expect(server.asked).toEqual([])
  })

  it('ends with the code of what went wrong', async () => {
    server.status = 500
    expect(await measure('--num-prompts', '4', ...shape)).toMatchObject({ code: 'REQUEST_FAILED' })
    await server.close()
    expect(await measure('--num-prompts', '4', ...shape)).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
    })
  })
})
