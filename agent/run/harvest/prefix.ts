import type { Sample } from '../../../shared/domain/sample.js'
import type { LoadReport, LoadWindow } from '../load/load-job.js'
import { outputTokensOf } from '../metrics/request-times.js'

/** One repetition of a static batch as far as its m-th tokens, as if it had ended there. */
export interface Prefix {
  /** Samples that a batch of m tokens would have left, as far as this one shows. */
  readonly samples: readonly Sample[]
  readonly window: LoadWindow
  /**
   * Share of the window in which some requests had passed the length and others had not reached it:
   * a batch that ends there shrinks meanwhile, and goes faster.
   */
  readonly overlap: number
  /** No request had come so far before every request had its first token. */
  readonly startedTogether: boolean
  /** How far off the m-th tokens’ times may be, as a share of the time from the first token to them. */
  readonly unresolved: number
}

interface Cut {
  readonly sample: Sample
  readonly at: number
  readonly unresolved: number
}

/**
 * Cuts a repetition at its m-th tokens.
 *
 * @returns undefined where a request failed or was not that long, or its chunks cannot be counted.
 */
export function prefixOf({ samples, window }: LoadReport, tokens: number): Prefix | undefined {
  const cuts: Cut[] = []
  for (const sample of samples) {
    const cut = cutAt(sample, tokens)
    if (cut === undefined) return undefined
    cuts.push(cut)
  }
  if (cuts.length === 0) return undefined
  const reached = cuts.map(({ at }) => at)
  const [first, last] = [Math.min(...reached), Math.max(...reached)]
  const started = Math.max(...cuts.map(({ sample }) => sample.chunkAt[0] ?? Infinity))
  return {
    samples: cuts.map(({ sample }) => sample),
    window: { from: window.from, to: last },
    overlap: last > window.from ? (last - first) / (last - window.from) : 1,
    startedTogether: started <= first,
    unresolved: cuts.reduce((sum, { unresolved }) => sum + unresolved, 0) / cuts.length,
  }
}

/** The sample up to the chunk that brought its m-th token. */
function cutAt(sample: Sample, tokens: number): Cut | undefined {
  const { chunkAt, chunkTokens, outcome } = sample
  const total = outputTokensOf(sample)
  const counted = chunkTokens.reduce((sum, brought) => sum + brought, 0)
  if (outcome !== 'ok' || total < tokens || counted === 0) return undefined
  // Where the server counts other tokens than the chunks show, the share is what counts.
  const scale = total / counted
  let before = 0
  let place = 0
  while (place < chunkTokens.length - 1) {
    const after = before + (chunkTokens[place] as number)
    if (after * scale >= tokens - 1e-9) break
    before = after
    place += 1
  }
  const at = chunkAt[place] as number
  const began = chunkAt[0] as number
  const beyond = (before + (chunkTokens[place] as number)) * scale - tokens
  // Read together with what came after it: it may have been there for as long as the read before.
  const isShared = beyond > 1e-9 || chunkAt[place + 1] === at
  const earlier = chunkAt.slice(0, place).findLast((time) => time < at) ?? at
  const late = isShared && at > began ? (at - earlier) / (at - began) : 0
  return {
    sample: {
      ...sample,
      chunkAt: chunkAt.slice(0, place + 1),
      chunkTokens: [...chunkTokens.slice(0, place), Math.max(1, tokens - before)],
      endedAt: at,
      outputTokensAsked: tokens,
      outputTokens: sample.outputTokens === null ? null : tokens,
    },
    at,
    unresolved: late + Math.abs(total - counted) / total,
  }
}
