/** What a server says of a request’s tokens. */
export interface Usage {
  readonly promptTokens: number | null
  readonly completionTokens: number | null
  readonly cachedTokens: number | null
}

/** One event of a streamed completion or chat completion, as far as a measurement cares. */
export type CompletionEvent =
  | { readonly kind: 'done' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'error'; readonly message: string }
  | {
      readonly kind: 'chunk'
      /** It carries text that is not empty. */
      readonly text: boolean
      /** Tokens in it, where the server says so (`token_ids` of vLLM, `tokens` of llama-server). */
      readonly tokens?: number
      readonly usage?: Usage
    }

const QUOTE = 0x22
const COLON = 0x3a
const OPEN = 0x7b
const CLOSE = 0x7d
const done = Buffer.from('[DONE]')
// A key with its quotes cannot occur inside a JSON string: there its quotes are escaped.
const usageKey = Buffer.from('"usage"')
const errorKey = Buffer.from('"error"')
const idsKey = Buffer.from('"token_ids"')
const tokensKey = Buffer.from('"tokens"')
const textKey = Buffer.from('"text"')
const contentKey = Buffer.from('"content"')

const withText: CompletionEvent = { kind: 'chunk', text: true }
const withoutText: CompletionEvent = { kind: 'chunk', text: false }

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x09

/** Index of the first byte of the value of `key`, or -1. */
function valueAt(bytes: Buffer, key: Buffer): number {
  let at = bytes.indexOf(key)
  if (at === -1) return -1
  at += key.length
  while (isSpace(bytes[at])) at += 1
  if (bytes[at] !== COLON) return -1
  at += 1
  while (isSpace(bytes[at])) at += 1
  return at
}

/** True, false, or undefined when the bytes alone do not tell. */
function hasText(bytes: Buffer): boolean | undefined {
  let at = valueAt(bytes, textKey)
  if (at === -1) at = valueAt(bytes, contentKey)
  if (at === -1 || bytes[at] !== QUOTE) return undefined
  return bytes[at + 1] !== QUOTE
}

/**
 * Reads one event. Nearly every event is one token and is judged by its bytes, without parsing;
 * the rest (usage, errors, unusual shapes) is parsed.
 */
export function readCompletionEvent(bytes: Buffer): CompletionEvent {
  if (bytes[0] !== OPEN || bytes[bytes.length - 1] !== CLOSE) {
    return bytes.equals(done) || bytes.toString('latin1').trim() === '[DONE]'
      ? { kind: 'done' }
      : parse(bytes)
  }
  const usage = valueAt(bytes, usageKey)
  const plain =
    (usage === -1 || bytes[usage] !== OPEN) &&
    bytes.indexOf(errorKey) === -1 &&
    bytes.indexOf(idsKey) === -1 &&
    bytes.indexOf(tokensKey) === -1
  if (plain) {
    const text = hasText(bytes)
    if (text !== undefined) return text ? withText : withoutText
  }
  return parse(bytes)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null

function readUsage(value: unknown): Usage | undefined {
  if (!isRecord(value)) return undefined
  const details = value.prompt_tokens_details
  return {
    promptTokens: count(value.prompt_tokens),
    completionTokens: count(value.completion_tokens),
    cachedTokens: isRecord(details) ? count(details.cached_tokens) : null,
  }
}

/** Text or reasoning of one choice, in the completions or the chat form. */
function choiceText(choice: unknown): string {
  if (!isRecord(choice)) return ''
  const delta = isRecord(choice.delta) ? choice.delta : undefined
  const parts = [choice.text, delta?.content, delta?.reasoning_content, delta?.reasoning]
  return parts.find((part): part is string => typeof part === 'string' && part !== '') ?? ''
}

function choiceTokens(choice: unknown): number | undefined {
  if (!isRecord(choice)) return undefined
  const ids = choice.token_ids ?? choice.tokens
  return Array.isArray(ids) ? ids.length : undefined
}

/** The message of an error body, in the shapes that servers use. */
export function errorMessage(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined
  const { error } = value
  if (error === undefined || error === null) return undefined
  if (typeof error === 'string') return error
  if (!isRecord(error)) return JSON.stringify(error)
  const words = [error.code, error.type, error.message].filter(
    (part) => typeof part === 'string' || typeof part === 'number',
  )
  return words.length > 0 ? words.join(' ') : JSON.stringify(error)
}

function parse(bytes: Buffer): CompletionEvent {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return { kind: 'malformed' }
  }
  if (!isRecord(value)) return { kind: 'malformed' }
  const message = errorMessage(value)
  if (message !== undefined) return { kind: 'error', message }
  const choices: readonly unknown[] = Array.isArray(value.choices) ? value.choices : []
  const usage = readUsage(value.usage)
  const tokens = choices.map(choiceTokens).find((found) => found !== undefined)
  return {
    kind: 'chunk',
    text: choices.some((choice) => choiceText(choice) !== ''),
    ...(tokens === undefined || tokens === 0 ? {} : { tokens }),
    ...(usage === undefined ? {} : { usage }),
  }
}
