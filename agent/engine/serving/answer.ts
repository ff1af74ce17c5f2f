import type { ServerResponse } from 'node:http'
import type { FinishReason, GenerationError, GenerationListener } from './backend.js'
import type { CompletionRequest } from './completion-request.js'
import { HttpProblem } from './http-problem.js'

/** What all chunks of one answer share. */
export interface AnswerIdentity {
  readonly id: string
  readonly model: string
  /** Epoch seconds. */
  readonly created: number
}

function usageOf(request: CompletionRequest, completionTokens: number) {
  const promptTokens = request.job.promptTokens.length
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}

export function sendProblem(response: ServerResponse, problem: HttpProblem): void {
  const body = problem.body()
  response.writeHead(problem.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

const asProblem = (error: GenerationError) => new HttpProblem(error.httpStatus, error.message)

/**
 * Server-sent events, one chunk per token, each written at once. The parts of a chunk that do not
 * change are serialised once per answer: this runs for every token.
 */
export function streamedAnswer(
  response: ServerResponse,
  request: CompletionRequest,
  identity: AnswerIdentity,
): GenerationListener {
  const object = request.chat ? 'chat.completion.chunk' : 'text_completion'
  const head = `{"id":"${identity.id}","object":"${object}","created":${identity.created},"model":${JSON.stringify(identity.model)}`
  const before = request.chat
    ? `data: ${head},"choices":[{"index":0,"delta":{"content":`
    : `data: ${head},"choices":[{"index":0,"text":`
  const beforeFirst = request.chat
    ? `data: ${head},"choices":[{"index":0,"delta":{"role":"assistant","content":`
    : before
  const closeDelta = request.chat ? '}' : ''
  const after = `${closeDelta},"logprobs":null,"finish_reason":null}]}\n\n`
  let tokens = 0
  return {
    token(text: string, finish?: FinishReason) {
      if (tokens === 0) {
        response.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-cache',
        })
      }
      const start = tokens === 0 ? beforeFirst : before
      tokens += 1
      if (finish === undefined) {
        response.write(start + JSON.stringify(text) + after)
        return
      }
      const last = `${start}${JSON.stringify(text)}${closeDelta},"logprobs":null,"finish_reason":"${finish}"}]}\n\n`
      const usage = request.includeUsage
        ? `data: ${head},"choices":[],"usage":${JSON.stringify(usageOf(request, tokens))}}\n\n`
        : ''
      response.end(`${last}${usage}data: [DONE]\n\n`)
    },
    fail(error) {
      if (!response.headersSent) {
        sendProblem(response, asProblem(error))
        return
      }
      response.end(`data: ${asProblem(error).body()}\n\n`)
    },
  }
}

/** One JSON object when the last token is there. */
export function wholeAnswer(
  response: ServerResponse,
  request: CompletionRequest,
  identity: AnswerIdentity,
): GenerationListener {
  const pieces: string[] = []
  return {
    token(text: string, finish?: FinishReason) {
      pieces.push(text)
      if (finish === undefined) return
      const content = pieces.join('')
      const choice = request.chat
        ? { index: 0, message: { role: 'assistant', content } }
        : { index: 0, text: content }
      const body = JSON.stringify({
        id: identity.id,
        object: request.chat ? 'chat.completion' : 'text_completion',
        created: identity.created,
        model: identity.model,
        choices: [{ ...choice, logprobs: null, finish_reason: finish }],
        usage: usageOf(request, pieces.length),
      })
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      })
      response.end(body)
    },
    fail(error) {
      sendProblem(response, asProblem(error))
    },
  }
}
