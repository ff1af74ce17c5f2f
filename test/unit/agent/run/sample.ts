import type { Sample } from '../../../../shared/domain/sample.js'

export interface SampleShape extends Partial<Sample> {
  readonly ttft?: number
  readonly gap?: number
  readonly tokens?: number
}

/** A sample of `tokens` chunks: the first `ttft` after the send, the rest `gap` apart. */
export function sampleOf(shape: SampleShape = {}): Sample {
  const { ttft = 0.1, gap = 0.01, tokens = 5, ...given } = shape
  const sentAt = given.sentAt ?? 0
  const chunkAt = Array.from({ length: tokens }, (_, token) => sentAt + ttft + gap * token)
  return {
    repetition: 0,
    request: 0,
    warmUp: false,
    scheduledAt: sentAt,
    sentAt,
    chunkAt,
    chunkTokens: chunkAt.map(() => 1),
    endedAt: chunkAt.at(-1) ?? sentAt,
    inputTokensAsked: 100,
    outputTokensAsked: tokens,
    inputTokens: 100,
    outputTokens: tokens,
    cachedTokens: null,
    outcome: 'ok',
    ...given,
  }
}
