import type { Sample } from '../../../shared/domain/sample.js'

/** What one successful request says, in seconds from when it was sent. */
export interface RequestTimes {
  /** First non-empty chunk. */
  readonly ttft: number
  /** Last non-empty chunk: its last token. */
  readonly e2e: number
  /** Output tokens: the server’s count, else the chunks’. */
  readonly tokens: number
  readonly inputTokens: number
}

/** @returns undefined for a request that did not end well. */
export function requestTimes(sample: Sample): RequestTimes | undefined {
  const first = sample.chunkAt[0]
  const last = sample.chunkAt.at(-1)
  if (sample.outcome !== 'ok' || first === undefined || last === undefined) return undefined
  return {
    ttft: first - sample.sentAt,
    e2e: last - sample.sentAt,
    tokens: outputTokensOf(sample),
    inputTokens: sample.inputTokens ?? sample.inputTokensAsked,
  }
}

export function outputTokensOf(sample: Sample): number {
  return sample.outputTokens ?? sample.chunkTokens.reduce((sum, tokens) => sum + tokens, 0)
}
