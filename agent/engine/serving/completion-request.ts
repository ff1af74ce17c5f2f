import { z } from 'zod'
import type { Backend, ChatMessage, GenerationJob } from './backend.js'
import { HttpProblem } from './http-problem.js'

/** A request after checking: what to generate and how to answer. */
export interface CompletionRequest {
  readonly chat: boolean
  readonly job: GenerationJob
  readonly stream: boolean
  readonly includeUsage: boolean
}

const count = z.int().positive()

const common = {
  model: z.string().optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: count.nullish(),
  min_tokens: z.int().nonnegative().nullish(),
  ignore_eos: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.int().nullish(),
  seed: z.int().nullish(),
  // Accepted only where they ask for nothing: ignoring them would answer another question.
  n: z.literal(1, 'only 1 is supported').nullish(),
  best_of: z.literal(1, 'only 1 is supported').nullish(),
  echo: z.literal(false, 'is not supported').nullish(),
  stop: z.union([z.literal(''), z.array(z.string()).length(0)], 'is not supported').nullish(),
  logprobs: z.literal([false, 0], 'is not supported').nullish(),
  presence_penalty: z.literal(0, 'is not supported').nullish(),
  frequency_penalty: z.literal(0, 'is not supported').nullish(),
  tools: z.array(z.unknown()).length(0, 'is not supported').nullish(),
}

const tokenIds = z.array(z.int().nonnegative()).min(1)

const completionSchema = z.looseObject({
  ...common,
  prompt: z.union(
    [z.string(), tokenIds, z.tuple([z.string()]), z.tuple([tokenIds])],
    'expected one text or one array of token ids',
  ),
})

const contentSchema = z.union([
  z.string(),
  z
    .array(z.looseObject({ type: z.literal('text'), text: z.string() }))
    .transform((parts) => parts.map((part) => part.text).join('')),
])

const chatSchema = z.looseObject({
  ...common,
  max_completion_tokens: count.nullish(),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })).min(1),
})

type Common = z.infer<z.ZodObject<typeof common>>

function checked<T>(schema: z.ZodType<T>, body: object): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const param = issue?.path.join('.') ?? ''
  throw new HttpProblem(400, `${param}: ${issue?.message ?? 'invalid'}`, null, param)
}

/** Token ids that nest one level are one prompt in a list of one. */
function idsOrText(prompt: z.infer<typeof completionSchema>['prompt']): string | readonly number[] {
  if (typeof prompt === 'string') return prompt
  const [first] = prompt
  if (typeof first === 'string') return first
  return Array.isArray(first) ? first : (prompt as number[])
}

function checkedIds(ids: readonly number[], backend: Backend): Uint32Array {
  const wrong = ids.find((id) => id >= backend.vocabularySize)
  if (wrong !== undefined) {
    const limit = `the model has ${backend.vocabularySize} tokens`
    throw new HttpProblem(400, `prompt: there is no token ${wrong}; ${limit}`, null, 'prompt')
  }
  return Uint32Array.from(ids)
}

function completeJob(
  body: Common,
  promptTokens: Uint32Array,
  asked: number | undefined,
  backend: Backend,
): GenerationJob {
  const room = backend.maxContextTokens - promptTokens.length
  const maxTokens = asked ?? room
  if (maxTokens > room || room < 1) {
    const sum = `${promptTokens.length} in the prompt, ${Math.max(maxTokens, 1)} in the completion`
    throw new HttpProblem(
      400,
      `This model's maximum context length is ${backend.maxContextTokens} tokens; requested: ${sum}.`,
      'context_length_exceeded',
      'max_tokens',
    )
  }
  return {
    promptTokens,
    maxTokens,
    minTokens: Math.min(body.min_tokens ?? 0, maxTokens),
    ignoreEos: body.ignore_eos ?? false,
    temperature: body.temperature ?? 1,
    ...(body.top_p == null ? {} : { topP: body.top_p }),
    ...(body.top_k == null ? {} : { topK: body.top_k }),
    ...(body.seed == null ? {} : { seed: body.seed }),
  }
}

function checkModel(body: Common, backend: Backend): void {
  if (body.model === undefined || body.model === backend.model) return
  const message = `The model ${JSON.stringify(body.model)} does not exist.`
  throw new HttpProblem(404, message, 'model_not_found', 'model')
}

function answerForm(body: Common) {
  return {
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
  }
}

/**
 * Checks the body of POST /v1/completions. `max_tokens` is 16 when absent, as OpenAI documents it.
 *
 * @throws HttpProblem 400 or 404.
 */
export function parseCompletion(raw: object, backend: Backend): CompletionRequest {
  const body = checked(completionSchema, raw)
  checkModel(body, backend)
  const prompt = idsOrText(body.prompt)
  const tokens = typeof prompt === 'string' ? backend.encode(prompt) : checkedIds(prompt, backend)
  if (tokens.length === 0) throw new HttpProblem(400, 'prompt: is empty', null, 'prompt')
  const usual = Math.min(16, backend.maxContextTokens - tokens.length)
  const job = completeJob(body, tokens, body.max_tokens ?? usual, backend)
  return { chat: false, job, ...answerForm(body) }
}

/**
 * Checks the body of POST /v1/chat/completions. Without a limit the answer may fill the context.
 *
 * @throws HttpProblem 400 or 404.
 */
export function parseChat(raw: object, backend: Backend): CompletionRequest {
  const body = checked(chatSchema, raw)
  checkModel(body, backend)
  const messages: readonly ChatMessage[] = body.messages
  const tokens = backend.encode(backend.renderChat(messages))
  const asked = body.max_completion_tokens ?? body.max_tokens ?? undefined
  return { chat: true, job: completeJob(body, tokens, asked, backend), ...answerForm(body) }
}
