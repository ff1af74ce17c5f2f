import { FmworkError } from '../../../shared/domain/errors.js'
import { createRandom, shuffled } from '../../../shared/stats/random.js'
import type { RequestShape } from '../load/load-job.js'
import { badLine, filledLines, jsonLine, wholeOf } from './workload-text.js'

export interface DataSetOptions {
  /** Each usable request once when absent. */
  readonly count?: number
  /** Tokens to generate, instead of what the data set says. */
  readonly outputTokens?: number
  readonly seed: number
}

/**
 * Characters per token of English text in byte-pair vocabularies, about: without the engine’s own
 * tokenizer it only decides how long answers are asked to be. What was read and written is counted
 * by the engine.
 */
const charactersPerToken = 4

const tokensAbout = (text: string) => Math.max(1, Math.ceil(text.length / charactersPerToken))

/**
 * ShareGPT: an array of conversations; the first turn is the prompt, the second sets the length of
 * the answer. As in vllm bench, pairs with a prompt or answer under 4 tokens or a prompt above 1,024
 * (both together above 2,048) are left out, and the order is shuffled by the seed.
 *
 * @throws FmworkError USAGE.
 */
export function readShareGpt(text: string, options: DataSetOptions): RequestShape[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (!Array.isArray(value)) throw badLine(1, text, 'expected a JSON array of conversations')
  const pairs = value.flatMap((entry: unknown): RequestShape[] => {
    const [prompt, answer] = turnsOf(entry)
    if (prompt === undefined || answer === undefined) return []
    const inputTokens = tokensAbout(prompt)
    const outputTokens = options.outputTokens ?? tokensAbout(answer)
    const short = inputTokens < 4 || (options.outputTokens === undefined && outputTokens < 4)
    const long = inputTokens > 1024 || inputTokens + outputTokens > 2048
    return short || long ? [] : [{ prompt, inputTokens, outputTokens }]
  })
  return repeated(shuffled(pairs, createRandom(options.seed).fork('order')), options.count)
}

/** The texts of a conversation, in either of the two shapes in use. */
function turnsOf(entry: unknown): string[] {
  const conversations: unknown =
    typeof entry === 'object' && entry !== null
      ? (entry as { conversations?: unknown }).conversations
      : undefined
  if (!Array.isArray(conversations)) return []
  return conversations.flatMap((turn: unknown) => {
    if (typeof turn !== 'object' || turn === null) return []
    const { value, content } = turn as { value?: unknown; content?: unknown }
    const words = value ?? content
    return typeof words === 'string' ? [words] : []
  })
}

/**
 * JSON lines with `prompt`, and `output_tokens` where the answer’s length matters.
 *
 * @throws FmworkError USAGE naming the line.
 */
export function readCustom(text: string, options: DataSetOptions): RequestShape[] {
  const requests: RequestShape[] = []
  for (const [line, row] of filledLines(text)) {
    const { prompt, output_tokens: asked } = jsonLine(line, row)
    const outputTokens = options.outputTokens ?? wholeOf(asked, 1)
    if (typeof prompt !== 'string' || prompt === '' || outputTokens === undefined) {
      throw badLine(
        line,
        row,
        'expected "prompt", and "output_tokens" unless --custom-output-len says it',
      )
    }
    requests.push({ prompt, inputTokens: tokensAbout(prompt), outputTokens })
  }
  return repeated(requests, options.count)
}

/** The first `count`; a data set that holds fewer is gone through again, as vllm bench does. */
function repeated(
  requests: readonly RequestShape[],
  count: number = requests.length,
): RequestShape[] {
  if (requests.length === 0) {
    throw new FmworkError('USAGE', 'the data set holds no usable request', {
      hint: 'docs/CLI.md lists the formats under `fmwork measure`.',
    })
  }
  return Array.from({ length: count }, (_, at) => requests[at % requests.length] as RequestShape)
}
