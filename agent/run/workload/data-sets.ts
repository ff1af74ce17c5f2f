import { FmworkError } from '../../../shared/domain/errors.js'
import { createRandom } from '../../../shared/stats/random.js'
import type { RequestShape } from '../load/load-job.js'
import { conversationsOf } from './conversations.js'
import { DrawnSample } from './drawn-sample.js'
import { badLine, filledLines, jsonLine, wholeOf } from './workload-text.js'
import type { Pieces } from './workload-text.js'

export interface DataSetOptions {
  /** At most so many; all, or as many as are drawn of conversations by itself, when absent. */
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

/** Conversations drawn when nobody says how many: a set of any size fits into memory. */
const drawnByItself = 10_000

/**
 * ShareGPT: an array of conversations; the first turn is the prompt, the second sets the length of
 * the answer. As in vllm bench, pairs with a prompt or answer under 4 tokens or a prompt above 1,024
 * (both together above 2,048) are left out. Which are taken, and their order, the seed draws.
 *
 * @throws FmworkError USAGE naming the record.
 */
export async function readShareGpt(
  pieces: Pieces,
  options: DataSetOptions,
): Promise<RequestShape[]> {
  const { count = drawnByItself, seed, outputTokens: asked } = options
  const sample = new DrawnSample<RequestShape>(count, createRandom(seed).fork('order'))
  for await (const conversation of conversationsOf(pieces)) {
    const [prompt, answer] = turnsOf(conversation)
    if (prompt === undefined || answer === undefined) continue
    const inputTokens = tokensAbout(prompt)
    const outputTokens = asked ?? tokensAbout(answer)
    const short = inputTokens < 4 || (asked === undefined && outputTokens < 4)
    const long = inputTokens > 1024 || inputTokens + outputTokens > 2048
    if (short || long) continue
    sample.offer({ prompt, inputTokens, outputTokens })
  }
  return usable(sample.items())
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
 * JSON lines with `prompt`, and `output_tokens` where the answer’s length matters; those at its start.
 *
 * @throws FmworkError USAGE naming the line.
 */
export async function readCustom(pieces: Pieces, options: DataSetOptions): Promise<RequestShape[]> {
  const requests: RequestShape[] = []
  for await (const [line, row] of filledLines(pieces)) {
    if (requests.length === options.count) break
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
  return usable(requests)
}

function usable(requests: RequestShape[]): RequestShape[] {
  if (requests.length > 0) return requests
  throw new FmworkError('USAGE', 'the data set holds no usable request', {
    hint: 'docs/CLI.md lists the formats under `fmwork measure`.',
  })
}

/** `count` requests; a data set that holds fewer is gone through again, as vllm bench does. */
export const repeated = (requests: readonly RequestShape[], count: number): RequestShape[] =>
  Array.from({ length: count }, (_, at) => requests[at % requests.length] as RequestShape)
