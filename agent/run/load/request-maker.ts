import type { Sample } from '../../../shared/domain/sample.js'
import type { StreamingClient } from './http-client.js'
import type { LoadJob, RequestShape } from './load-job.js'
import { createPromptSource } from './prompts.js'

/** A request whose body is ready, so that sending it costs nothing but the write. */
export interface PreparedRequest {
  readonly request: number
  /** Undefined where only the engine knows how long the prompt is. */
  readonly inputTokens: number | undefined
  readonly outputTokens: number
  readonly body: Buffer
}

/** Turns a job into requests, and requests into samples. */
export interface RequestMaker {
  /** What the job asks for in its request of this number. */
  shapeOf(request: number): RequestShape
  /** @param shape what is other than the job’s own. */
  prepare(request: number, shape?: Partial<RequestShape>): PreparedRequest
  /** @param scheduledAt when the load plan wanted it sent, in seconds of the clock. */
  send(
    prepared: PreparedRequest,
    scheduledAt: number,
    signal: AbortSignal,
    warmUp?: boolean,
  ): Promise<Sample>
}

export function createRequestMaker(job: LoadJob, client: StreamingClient): RequestMaker {
  const { endpoint, mayStopEarly = false } = job
  const prompts = createPromptSource(job.seed, endpoint.promptTokenRange)
  const asIds = endpoint.acceptsTokenIds && endpoint.api !== 'chat'
  const wordsPerToken = (job.promptWords ?? job.inputTokens) / job.inputTokens

  const promptOf = (index: number, inputTokens: number) =>
    asIds
      ? prompts.tokens(index, inputTokens)
      : prompts.text(index, Math.max(1, Math.round(inputTokens * wordsPerToken)))
  const question = (prompt: string | number[]) =>
    endpoint.api === 'chat' ? { messages: [{ role: 'user', content: prompt }] } : { prompt }

  const { shapes = [], inputTokens, outputTokens } = job
  const usual: RequestShape = { inputTokens, outputTokens }
  const shapeOf = (request: number) => shapes[request % shapes.length] ?? usual

  return {
    shapeOf,
    prepare(request, changed = {}) {
      const { inputTokens, outputTokens, prompt } = { ...shapeOf(request), ...changed }
      const body = JSON.stringify({
        model: endpoint.model,
        ...question(prompt ?? promptOf(job.firstPrompt + request, inputTokens)),
        max_tokens: outputTokens,
        ...(mayStopEarly ? {} : { min_tokens: outputTokens, ignore_eos: true }),
        temperature: 0,
        ...job.extraBody,
        stream: true,
        stream_options: { include_usage: true },
      })
      // Words stand for tokens in the calibrated length only.
      const known = prompt === undefined && (asIds || inputTokens === job.inputTokens)
      return {
        request,
        inputTokens: known ? inputTokens : undefined,
        outputTokens,
        body: Buffer.from(body),
      }
    },
    async send(prepared, scheduledAt, signal, warmUp = job.warmUp) {
      const exchange = await client.send(prepared.body, job.requestTimeoutSeconds, signal)
      const limit = prepared.outputTokens
      const wrote = exchange.outputTokens ?? exchange.chunkAt.length
      return {
        repetition: job.repetition,
        request: prepared.request,
        warmUp,
        scheduledAt,
        inputTokensAsked: prepared.inputTokens ?? exchange.inputTokens ?? 0,
        outputTokensAsked: mayStopEarly && wrote > 0 ? Math.min(limit, wrote) : limit,
        ...exchange,
      }
    },
  }
}
