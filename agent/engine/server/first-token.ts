import type { Clock } from '../../../shared/process/clock.js'
import { faultIn } from './diagnosis.js'
import type { ServerClient } from './server-client.js'
import type { ServerProcess } from './server-process.js'

export interface FirstTokenOptions {
  readonly client: ServerClient
  readonly process: ServerProcess
  readonly model: string
  /** Longest wait, seconds. */
  readonly startSeconds: number
  readonly fatalSilenceSeconds?: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

const pollSeconds = { first: 0.1, most: 1 }
/** Longest wait for one token of a large model that is still warming up. */
const tokenSeconds = 300
/**
 * A server that has logged why it cannot serve, does not end and has no more to say, is given up
 * after so long. Others only warn with such lines (a tuner that tries sizes), and go on.
 */
const fatalSilenceSeconds = 60
/** Answers of 5xx (but 503, which says: not yet) in a row that are taken for good. */
const mostServerErrors = 3

type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-yet' }
  | { readonly kind: 'error'; readonly words: string; readonly forGood: boolean }

async function askOnce(options: FirstTokenOptions, seconds: number): Promise<Answer> {
  const { client, model, signal } = options
  const request = { model, prompt: 'Hello', max_tokens: 1, temperature: 0 }
  let answer
  try {
    answer = await client.post('/v1/completions', request, seconds)
  } catch {
    // Nobody listens yet, or it stalls in a warm-up: the deadline decides.
    signal.throwIfAborted()
    return { kind: 'not-yet' }
  }
  if (answer.status === 200) return { kind: 'ready' }
  if (answer.status === 503) return { kind: 'not-yet' }
  const said = answer.body.replace(/\s+/g, ' ').trim().slice(0, 300)
  const words = `answered its first request with HTTP ${answer.status}: ${said}`
  return { kind: 'error', words, forGood: answer.status < 500 }
}

/** A log line is proof enough, unless it only says that another start is needed. */
const isFatal = (process: ServerProcess) => {
  const fault = process.fault()
  return fault !== undefined && fault.code !== 'ENGINE_FAILED'
}

/**
 * Waits until the server answers a real request of one token. Health pages are green before a model
 * can generate, and some never look.
 *
 * @throws FmworkError what the server’s end, its log or its answer gives away: ENGINE_FAILED,
 *   MODEL_INVALID, CONFIGURATION_INFEASIBLE, SWEEP_INVALID; the signal’s reason. The process is left
 *   to the caller.
 */
export async function awaitFirstToken(options: FirstTokenOptions): Promise<void> {
  const { process, clock, signal, startSeconds } = options
  const silence = options.fatalSilenceSeconds ?? fatalSilenceSeconds
  const begun = clock.monotonic()
  let logBytes = 0
  let silentSince = begun
  let serverErrors = 0
  let pause = pollSeconds.first
  for (;;) {
    const left = begun + startSeconds - clock.monotonic()
    if (left <= 0) throw process.failure(`was not ready after ${startSeconds} s`)
    const answer = await askOnce(options, Math.min(left, tokenSeconds))
    if (process.diagnosis !== undefined) throw process.diagnosis
    if (answer.kind === 'ready') return
    serverErrors = answer.kind === 'error' ? serverErrors + 1 : 0
    if (answer.kind === 'error' && (answer.forGood || serverErrors >= mostServerErrors)) {
      const fault = faultIn([answer.words])
      throw process.failure(answer.words, fault?.code)
    }
    const bytes = process.logBytes()
    if (bytes !== logBytes) {
      logBytes = bytes
      silentSince = clock.monotonic()
    }
    if (clock.monotonic() - silentSince >= silence && isFatal(process)) {
      throw process.failure('cannot serve, and does not end')
    }
    await clock.sleep(pause, signal)
    pause = Math.min(pause * 1.5, pollSeconds.most)
  }
}

/** The name that requests must carry: as asked, or the one model the server has. */
export async function nameServed(client: ServerClient, asked: string): Promise<string> {
  const data = (await client.json('/v1/models'))?.data
  const ids = (Array.isArray(data) ? data : []).flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'string'
      ? [entry.id]
      : [],
  )
  const [only] = ids
  if (ids.includes(asked) || ids.length !== 1 || only === undefined) return asked
  return only
}
