import type { Sample } from '../../../shared/domain/sample.js'

const nanoseconds = (seconds: number) => Math.round(seconds * 1e9)

/**
 * Samples as JSON lines: a head that says what the times are, then a line per request. Times are
 * CLOCK_MONOTONIC in nanoseconds, so that they can be laid over what a server on the same host logs.
 */
export function* rawLines(
  samples: readonly Sample[],
  about: Readonly<Record<string, unknown>>,
): Generator<string> {
  yield JSON.stringify({ clock: 'CLOCK_MONOTONIC', unit: 'ns', ...about })
  for (const sample of samples) {
    yield JSON.stringify({
      repetition: sample.repetition,
      request: sample.request,
      warm_up: sample.warmUp,
      scheduled: nanoseconds(sample.scheduledAt),
      sent: nanoseconds(sample.sentAt),
      ...(sample.firstEventAt === undefined
        ? {}
        : { first_event: nanoseconds(sample.firstEventAt) }),
      chunks: sample.chunkAt.map(nanoseconds),
      chunk_tokens: sample.chunkTokens,
      ended: nanoseconds(sample.endedAt),
      input_tokens_asked: sample.inputTokensAsked,
      output_tokens_asked: sample.outputTokensAsked,
      input_tokens: sample.inputTokens,
      output_tokens: sample.outputTokens,
      cached_tokens: sample.cachedTokens,
      outcome: sample.outcome,
      ...(sample.error === undefined ? {} : { error: sample.error }),
    })
  }
}
