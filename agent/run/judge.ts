import type { Doubt, DoubtKind } from '../../shared/domain/measurement.js'
import type { Sample } from '../../shared/domain/sample.js'
import { judgeClient } from './judge-client.js'
import type { Observed } from './trial-context.js'

/** Thresholds of what the samples say of themselves. Each gives its reason. */
const limits = {
  /** Prompt tokens off by more: another configuration. A begin-of-text token stays below it. */
  inputTokensOff: 0.01,
  /** Share of a prompt from a prefix cache that shortens ttft by more than noise would. */
  cachedShare: { marked: 0, invalid: 0.02 },
  /** Tokens that share a read with others: above, gaps between chunks describe the network. */
  coalesced: 0.1,
} as const

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/**
 * Doubts that the samples and the load generator themselves give rise to.
 *
 * @param ownPrompts prompts are those of a data set.
 */
export function judgeSamples(
  windows: readonly Observed[],
  { staticBatch, ownPrompts }: { readonly staticBatch: boolean; readonly ownPrompts: boolean },
): Doubt[] {
  const reports = windows.map(({ report }) => report)
  const samples = reports.flatMap((report) =>
    report.samples.filter((sample) => !sample.warmUp && sample.outcome === 'ok'),
  )
  return [
    ...tokenDoubts(samples),
    ...cacheDoubts(samples, ownPrompts),
    ...judgeClient(windows, staticBatch),
    ...coalescingDoubts(samples),
  ]
}

const doubt = (kind: DoubtKind, severity: Doubt['severity'], detail: string): Doubt => ({
  kind,
  severity,
  detail,
})

function tokenDoubts(samples: readonly Sample[]): Doubt[] {
  const kind = 'tokens_not_as_asked'
  const doubts: Doubt[] = []
  const counted = (sample: Sample) => sample.chunkTokens.reduce((sum, tokens) => sum + tokens, 0)
  const wrote = samples.find(
    (sample) => (sample.outputTokens ?? counted(sample)) !== sample.outputTokensAsked,
  )
  if (wrote !== undefined) {
    const got = wrote.outputTokens ?? counted(wrote)
    doubts.push(
      doubt(kind, 'invalid', `${got} output tokens came, ${wrote.outputTokensAsked} were asked`),
    )
  }
  const read = samples.find(
    ({ inputTokens, inputTokensAsked }) => inputTokens !== null && inputTokens !== inputTokensAsked,
  )
  if (read !== undefined && read.inputTokens !== null) {
    const off = Math.abs(read.inputTokens - read.inputTokensAsked)
    // One token more is a begin-of-text token, however short the prompt.
    const tolerated = Math.max(1, limits.inputTokensOff * read.inputTokensAsked)
    doubts.push(
      doubt(
        kind,
        off > tolerated ? 'invalid' : 'marked',
        `${read.inputTokens} prompt tokens were read, ${read.inputTokensAsked} were asked`,
      ),
    )
  }
  if (
    samples.some(({ inputTokens, outputTokens }) => inputTokens === null || outputTokens === null)
  ) {
    doubts.push(
      doubt(
        kind,
        'marked',
        'the engine sent no usage: prompt unverified, chunks counted as tokens',
      ),
    )
  }
  return doubts
}

/** What prompts of a data set have in common is part of it; those made here have nothing. */
function cacheDoubts(samples: readonly Sample[], ownPrompts: boolean): Doubt[] {
  const cached = samples.reduce((sum, sample) => sum + (sample.cachedTokens ?? 0), 0)
  const prompt = samples.reduce((sum, sample) => sum + sample.inputTokensAsked, 0)
  if (cached === 0) return []
  const share = cached / prompt
  return [
    doubt(
      'prefix_cache_hit',
      !ownPrompts && share > limits.cachedShare.invalid ? 'invalid' : 'marked',
      `${percent(share)} of the prompt tokens came from a prefix cache`,
    ),
  ]
}

function coalescingDoubts(samples: readonly Sample[]): Doubt[] {
  let tokens = 0
  let shared = 0
  for (const { chunkAt, chunkTokens } of samples) {
    chunkAt.forEach((at, index) => {
      const brought = chunkTokens[index] ?? 1
      tokens += brought
      if (brought > 1 || (index > 0 && chunkAt[index - 1] === at)) shared += brought
    })
  }
  const share = tokens === 0 ? 0 : shared / tokens
  if (share <= limits.coalesced) return []
  return [
    doubt(
      'chunk_coalescing',
      'marked',
      `${percent(share)} of the tokens shared a read with others; itl and tpot do not depend on it`,
    ),
  ]
}
