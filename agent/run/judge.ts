import type { Doubt, DoubtKind } from '../../shared/domain/measurement.js'
import type { Sample } from '../../shared/domain/sample.js'
import { median, quantile, sorted } from '../../shared/stats/quantile.js'
import { requestTimes } from './metrics/request-times.js'
import type { Observed } from './trial-context.js'

/** Thresholds of what the samples and the client say of themselves. Each gives its reason. */
const limits = {
  /** Prompt tokens off by more: another configuration. A begin-of-text token stays below it. */
  inputTokensOff: 0.01,
  /** Share of a prompt from a prefix cache that shortens ttft by more than noise would. */
  cachedShare: { marked: 0, invalid: 0.02 },
  /** Send lag over ttft: a batch spread out by this much of its ttft is not sent at once. */
  lag: { marked: 0.05, invalid: 0.2 },
  /** Event-loop delay over the shortest latency measured: the delay adds to it directly. */
  loopDelayP99: 0.1,
  loopDelayMean: 0.1,
  /** Busy share of the client’s loop: at 90 % the wait for it is nine times its work. */
  busy: { marked: 0.7, invalid: 0.9 },
  /** Tokens that share a read with others: above, gaps between chunks describe the network. */
  coalesced: 0.1,
} as const

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const milliseconds = (seconds: number) => `${(1000 * seconds).toFixed(2)} ms`

/** Doubts that the samples and the load generator themselves give rise to. */
export function judgeSamples(windows: readonly Observed[], staticBatch: boolean): Doubt[] {
  const reports = windows.map(({ report }) => report)
  const samples = reports.flatMap((report) =>
    report.samples.filter((sample) => !sample.warmUp && sample.outcome === 'ok'),
  )
  return [
    ...tokenDoubts(samples),
    ...cacheDoubts(samples),
    ...lagDoubts(windows, staticBatch),
    ...clientDoubts(windows, samples),
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

function cacheDoubts(samples: readonly Sample[]): Doubt[] {
  const cached = samples.reduce((sum, sample) => sum + (sample.cachedTokens ?? 0), 0)
  const prompt = samples.reduce((sum, sample) => sum + sample.inputTokensAsked, 0)
  if (cached === 0) return []
  const share = cached / prompt
  return [
    doubt(
      'prefix_cache_hit',
      share > limits.cachedShare.invalid ? 'invalid' : 'marked',
      `${percent(share)} of the prompt tokens came from a prefix cache`,
    ),
  ]
}

/** Relative to ttft, which a late send disturbs most. */
function lagDoubts(windows: readonly Observed[], staticBatch: boolean): Doubt[] {
  const shares = windows.flatMap(({ report }) => {
    const good = report.samples.filter(
      (sample) => !sample.warmUp && requestTimes(sample) !== undefined,
    )
    const ttfts = good.flatMap((sample) => requestTimes(sample)?.ttft ?? [])
    if (ttfts.length === 0) return []
    const sends = good.map((sample) => sample.sentAt)
    const lag = staticBatch
      ? Math.max(...sends) - Math.min(...sends)
      : quantile(sorted(good.map((sample) => sample.sentAt - sample.scheduledAt)), 0.95)
    const ttft = staticBatch ? Math.max(...ttfts) : median(ttfts)
    return [{ lag, share: lag / ttft }]
  })
  if (shares.length === 0) return []
  const share = median(shares.map((each) => each.share))
  if (share <= limits.lag.marked) return []
  const lag = median(shares.map((each) => each.lag))
  return [
    doubt(
      'schedule_lag',
      share > limits.lag.invalid ? 'invalid' : 'marked',
      `requests left ${milliseconds(lag)} late, ${percent(share)} of ttft`,
    ),
  ]
}

/** The shortest span that was timed: ttft, or the decode that follows it. */
function shortestSpan(samples: readonly Sample[]): number {
  const times = samples.flatMap((sample) => requestTimes(sample) ?? [])
  const spans = [
    times.map(({ ttft }) => ttft),
    times.filter(({ tokens }) => tokens > 1).map(({ e2e, ttft }) => e2e - ttft),
  ]
  return Math.min(...spans.filter((each) => each.length > 0).map((each) => median(each)))
}

function clientDoubts(windows: readonly Observed[], samples: readonly Sample[]): Doubt[] {
  const of = (field: 'eventLoopUtilization' | 'loopDelayMean' | 'loopDelayP99') =>
    median(windows.map(({ report }) => report.health[field]))
  const doubts: Doubt[] = []
  const busy = of('eventLoopUtilization')
  if (busy > limits.busy.marked) {
    doubts.push(
      doubt(
        'client_saturated',
        busy > limits.busy.invalid ? 'invalid' : 'marked',
        `the load generator’s event loop was busy ${percent(busy)} of the time`,
      ),
    )
  }
  const span = shortestSpan(samples)
  const meanDelay = of('loopDelayMean')
  const p99Delay = of('loopDelayP99')
  if (meanDelay > limits.loopDelayMean * span || p99Delay > limits.loopDelayP99 * span) {
    doubts.push(
      doubt(
        'event_loop_lag',
        meanDelay > limits.loopDelayMean * span ? 'invalid' : 'marked',
        `the load generator’s event loop was late by ${milliseconds(meanDelay)} on average, ${milliseconds(p99Delay)} at p99; the shortest latency timed is ${milliseconds(span)}`,
      ),
    )
  }
  return doubts
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
