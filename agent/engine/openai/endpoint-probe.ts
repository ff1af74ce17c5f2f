import { z } from 'zod'
import { FmworkError } from '../../../shared/domain/errors.js'
import { exchange } from '../process/http-probe.js'
import type { ProbeAnswer } from '../process/http-probe.js'

export interface ProbedServer {
  readonly version: string
  readonly maxContextTokens: number | undefined
  readonly acceptsTokenIds: boolean
  readonly promptTokenRange: readonly [number, number]
}

export interface ProbeTarget {
  readonly baseUrl: string
  readonly model: string
  readonly api: 'completions' | 'chat'
  readonly apiKey: string | undefined
  readonly signal: AbortSignal
}

const listSeconds = 10
const tokenSeconds = 60

const modelSchema = z.looseObject({ id: z.string(), max_model_len: z.number().nullish() })
type ServedModel = z.infer<typeof modelSchema>
const modelsSchema = z.looseObject({ data: z.array(modelSchema) })
const usageSchema = z.looseObject({ usage: z.looseObject({ prompt_tokens: z.number() }) })

/**
 * Id ranges tried for prompts, widest first. Ids from 1,000 to 30,000 are ordinary text in every
 * vocabulary of 32,000 tokens or more; the others are for small models. The probe sends both ends.
 */
const tokenRanges: readonly (readonly [number, number])[] = [
  [1000, 30_000],
  [300, 4000],
  [300, 2000],
  [300, 1000],
]

const excerpt = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200)

function parsed<T>(schema: z.ZodType<T>, answer: ProbeAnswer): T | undefined {
  try {
    return schema.safeParse(JSON.parse(answer.body)).data
  } catch {
    // Not JSON: the caller says so, with the text.
    return undefined
  }
}

class Prober {
  readonly #target: ProbeTarget

  constructor(target: ProbeTarget) {
    this.#target = target
  }

  unreachable(path: string, why: string, cause?: unknown): FmworkError {
    const message = `${this.#target.baseUrl}${path}: ${why}`
    return new FmworkError('ENGINE_UNREACHABLE', message, { cause })
  }

  async ask(path: string, seconds: number, body?: object): Promise<ProbeAnswer> {
    const { baseUrl, apiKey, signal } = this.#target
    try {
      const options = { apiKey, timeoutSeconds: seconds, signal }
      return await exchange(
        `${baseUrl}${path}`,
        body === undefined ? options : { ...options, body },
      )
    } catch (error) {
      signal.throwIfAborted()
      throw this.unreachable(path, networkReason(error), error)
    }
  }

  async models(): Promise<ServedModel[]> {
    const path = '/v1/models'
    const answer = await this.ask(path, listSeconds)
    if (answer.status !== 200) {
      throw this.unreachable(path, `HTTP ${answer.status}: ${excerpt(answer.body)}`)
    }
    const models = parsed(modelsSchema, answer)
    if (models !== undefined) return models.data
    throw this.unreachable(path, `not a list of models: ${excerpt(answer.body)}`)
  }

  /** Checks that the model is served; its context length where the server says so. */
  async contextTokens(): Promise<number | undefined> {
    const { model } = this.#target
    const models = await this.models()
    const entry = models.find(({ id }) => id === model)
    if (entry === undefined) {
      const served = models.map(({ id }) => id).join(', ')
      throw this.unreachable('/v1/models', `it serves ${served || 'no model'}, not ${model}`)
    }
    return entry.max_model_len ?? undefined
  }

  async version(): Promise<string> {
    const answer = await this.ask('/version', listSeconds)
    const found = parsed(z.looseObject({ version: z.string() }), answer)
    return answer.status === 200 && found !== undefined ? found.version : 'unknown'
  }

  /** The widest id range that the server takes and counts as given; undefined when it takes none. */
  async tokenRange(): Promise<readonly [number, number] | undefined> {
    if (this.#target.api === 'chat') return undefined
    for (const [low, high] of tokenRanges) {
      const prompt = [low, high - 1, low]
      const body = { model: this.#target.model, prompt, max_tokens: 1, temperature: 0 }
      const answer = await this.ask('/v1/completions', tokenSeconds, body)
      const usage = answer.status === 200 ? parsed(usageSchema, answer)?.usage : undefined
      if (usage?.prompt_tokens === prompt.length) return [low, high]
    }
    return undefined
  }

  async requestText(): Promise<void> {
    const { model, api } = this.#target
    const path = api === 'chat' ? '/v1/chat/completions' : '/v1/completions'
    const input =
      api === 'chat' ? { messages: [{ role: 'user', content: 'Hello' }] } : { prompt: 'Hello' }
    const answer = await this.ask(path, tokenSeconds, { model, ...input, max_tokens: 1 })
    if (answer.status === 200) return
    throw this.unreachable(path, `HTTP ${answer.status}: ${excerpt(answer.body)}`)
  }
}

function networkReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  const message = error instanceof Error ? error.message : String(error)
  return code === undefined || message.includes(code)
    ? message || 'no answer'
    : `${code} ${message}`
}

/**
 * Asks a server what it is, with real requests of one token.
 *
 * @throws FmworkError ENGINE_UNREACHABLE naming URL and cause; the signal’s reason on abort.
 */
export async function probeServer(target: ProbeTarget): Promise<ProbedServer> {
  const prober = new Prober(target)
  const maxContextTokens = await prober.contextTokens()
  const range = await prober.tokenRange()
  if (range === undefined) await prober.requestText()
  return {
    version: await prober.version(),
    maxContextTokens,
    acceptsTokenIds: range !== undefined,
    promptTokenRange: range ?? [0, 0],
  }
}

/**
 * The first model that a server names.
 *
 * @throws FmworkError ENGINE_UNREACHABLE naming URL and cause; the signal’s reason on abort.
 */
export async function firstModel(
  server: Pick<ProbeTarget, 'baseUrl' | 'apiKey' | 'signal'>,
): Promise<string> {
  const prober = new Prober({ ...server, model: '', api: 'completions' })
  const [first] = await prober.models()
  if (first !== undefined) return first.id
  throw prober.unreachable('/v1/models', 'it names no model; give one with --model')
}
