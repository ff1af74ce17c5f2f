import { Agent, request } from 'node:http'
import { readdirSync, readFileSync } from 'node:fs'
import type { EngineApi, Endpoint } from '../../agent/engine/engine.js'

export interface Answer {
  /** One per generated token. */
  readonly chunks: readonly string[]
  readonly promptTokens: number
  readonly completionTokens: number
  readonly finish: string | undefined
}

export interface Ask {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly signal?: AbortSignal
  readonly salt?: number
  onToken?(count: number): void
}

interface Chunk {
  readonly choices: { readonly text: string; readonly finish_reason: string | null }[]
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number }
}

export const agent = new Agent({ maxSockets: Infinity })

/** A prompt of exactly so many tokens; as text, of so many words. */
export function promptOf(endpoint: Endpoint, inputTokens: number, salt = 0): number[] | string {
  if (!endpoint.acceptsTokenIds) return Array(inputTokens).fill(`word${salt}`).join(' ')
  const [low, high] = endpoint.promptTokenRange
  return Array.from({ length: inputTokens }, (_, i) => low + ((i * 7 + salt * 13) % (high - low)))
}

/** Streams one completion and counts what comes. */
export function generate(endpoint: Endpoint, ask: Ask): Promise<Answer> {
  const body = JSON.stringify({
    model: endpoint.model,
    prompt: promptOf(endpoint, ask.inputTokens, ask.salt),
    max_tokens: ask.outputTokens,
    min_tokens: ask.outputTokens,
    ignore_eos: true,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  })
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${endpoint.baseUrl}/v1/completions`,
      {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        ...(ask.signal === undefined ? {} : { signal: ask.signal }),
      },
      (response) => {
        const chunks: string[] = []
        let usage: Chunk['usage']
        let finish: string | undefined
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
          const events = text.split('\n\n')
          text = events.pop() ?? ''
          for (const event of events) {
            if (event === 'data: [DONE]') continue
            const chunk = JSON.parse(event.slice('data: '.length)) as Chunk
            usage = chunk.usage ?? usage
            for (const choice of chunk.choices) {
              // Some engines tell the reason to finish in a chunk of its own.
              if (choice.text !== '' || choice.finish_reason === null) chunks.push(choice.text)
              finish = choice.finish_reason ?? finish
            }
          }
          ask.onToken?.(chunks.length)
        })
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode !== 200) {
            reject(new Error(`HTTP ${response.statusCode ?? 0}: ${text}`))
            return
          }
          resolve({
            chunks,
            promptTokens: usage?.prompt_tokens ?? 0,
            completionTokens: usage?.completion_tokens ?? 0,
            finish,
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** HTTP status of a short request to one of an engine’s APIs. */
export async function answersApi(endpoint: Endpoint, api: EngineApi): Promise<number> {
  const chat = api === 'chat'
  const input = chat ? { messages: [{ role: 'user', content: 'Hello' }] } : { prompt: 'Hello' }
  const response = await fetch(
    `${endpoint.baseUrl}/v1/${chat ? 'chat/completions' : 'completions'}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: endpoint.model, max_tokens: 2, ...input }),
    },
  )
  await response.text()
  return response.status
}

/** Processes whose parent is `parent`, from /proc. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
      } catch {
        // Gone since the folder was listed.
        return false
      }
    })
    .map(Number)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
