import type { Sample } from '../../../shared/domain/sample.js'
import type { LoadWindow } from '../load/load-job.js'
import { outputTokensOf, requestTimes } from './request-times.js'

export interface WindowCounts {
  readonly outputTokens: number
  /** Prompts whose first token came inside the window. */
  readonly inputTokens: number
  /** Requests that ended inside the window. */
  readonly requests: number
}

/**
 * What completed requests brought inside (from, to]: tokens count when they arrive, so that a request
 * that crosses an edge counts with the part that lies inside.
 */
export function countInside(samples: readonly Sample[], window: LoadWindow): WindowCounts {
  const inside = (at: number) => at > window.from && at <= window.to
  let outputTokens = 0
  let inputTokens = 0
  let requests = 0
  for (const sample of samples) {
    const times = requestTimes(sample)
    const first = sample.chunkAt[0]
    const last = sample.chunkAt.at(-1)
    if (times === undefined || first === undefined || last === undefined) continue
    if (last <= window.from || first > window.to) continue
    if (inside(first)) inputTokens += times.inputTokens
    if (inside(last)) requests += 1
    outputTokens +=
      first > window.from && last <= window.to
        ? outputTokensOf(sample)
        : tokensInside(sample, inside)
  }
  return { outputTokens, inputTokens, requests }
}

function tokensInside(sample: Sample, inside: (at: number) => boolean): number {
  const counted = sample.chunkTokens.reduce((sum, tokens) => sum + tokens, 0)
  const found = sample.chunkAt.reduce(
    (sum, at, index) => sum + (inside(at) ? (sample.chunkTokens[index] ?? 0) : 0),
    0,
  )
  // Where the server counts other tokens than the chunks show, the share is what counts.
  return counted === 0 ? 0 : (found / counted) * outputTokensOf(sample)
}
