import type { Sample } from '../../../shared/domain/sample.js'
import type { StreamingClient } from './http-client.js'
import type { LoadJob } from './load-job.js'
import { createPromptSource } from './prompts.js'

/** A request whose body is ready, so that sending it costs nothing but the write. */
export interface PreparedRequest {
  readonly request: number
  readonly outputTokens: number
  readonly body: Buffer
}

/** Turns a job into requests, and requests into samples. */
export interface RequestMaker {
  prepare(request: number, outputTokens?: number): PreparedRequest
  /** @param scheduledAt when the load plan wanted it sent, in seconds of the clock. */
  send(
    prepared: PreparedRequest,
    scheduledAt: number,
    signal: AbortSignal,
    warmUp?: boolean,
  ): Promise<Sample>
}

export function createRequestMaker(job: LoadJob, client: StreamingClient): RequestMaker {
  const prompts = createPromptSource(job.seed, job.endpoint.promptTokenRange)
  const promptOf = (index: number) =>
    job.endpoint.acceptsTokenIds
      ? prompts.tokens(index, job.inputTokens)
      : prompts.text(index, job.promptWords ?? job.inputTokens)
  return {
    prepare(request, outputTokens = job.outputTokens) {
      const body = JSON.stringify({
        model: job.endpoint.model,
        prompt: promptOf(job.firstPrompt + request),
        max_tokens: outputTokens,
        min_tokens: outputTokens,
        ignore_eos: true,
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
      })
      return { request, outputTokens, body: Buffer.from(body) }
    },
    async send(prepared, scheduledAt, signal, warmUp = job.warmUp) {
      const exchange = await client.send(prepared.body, job.requestTimeoutSeconds, signal)
      return {
        repetition: job.repetition,
        request: prepared.request,
        warmUp,
        scheduledAt,
        inputTokensAsked: job.inputTokens,
        outputTokensAsked: prepared.outputTokens,
        ...exchange,
      }
    },
  }
}
