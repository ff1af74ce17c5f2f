import type { Doubt, DoubtKind } from '../../shared/domain/measurement.js'
import { minimumQueries } from '../../shared/stats/early-stopping.js'
import { median, quantile, sorted } from '../../shared/stats/quantile.js'
import { requestTimes } from './metrics/request-times.js'
import type { Observed } from './trial-context.js'

/** Thresholds of what the load generator says of itself. Each gives its reason. */
const limits = {
  /** Send lag over ttft: a batch spread out by this much of its ttft is not sent at once. */
  lag: { marked: 0.05, invalid: 0.2 },
  /** Achieved rate against the intended one: what is asked of a load generator is 1 %. */
  rate: { marked: 0.01, invalid: 0.05 },
  /**
   * Mean delay of a read over the shortest latency timed, to which it adds directly: no latency may
   * be off by more than 2 % unsaid.
   */
  readDelay: { marked: 0.02, invalid: 0.1 },
  /** The same of the worst reads over the worst latencies, where there are enough to state these. */
  readDelayTail: 0.02,
  /** The worst reads over the shortest latency: single stalls, where no tail is stated. */
  readDelayStall: 0.1,
  /** Busy share of the client’s loop: at 90 % the wait for it is nine times its work. */
  busy: { marked: 0.7, invalid: 0.9 },
} as const

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const milliseconds = (seconds: number) => `${(1000 * seconds).toFixed(2)} ms`

const doubt = (kind: DoubtKind, severity: Doubt['severity'], detail: string): Doubt => ({
  kind,
  severity,
  detail,
})

/** Doubts about the load generator: whether it sent when it should, and read when it could. */
export function judgeClient(windows: readonly Observed[], staticBatch: boolean): Doubt[] {
  const times = windows.flatMap(({ report }) =>
    report.samples.filter(({ warmUp }) => !warmUp).flatMap((each) => requestTimes(each) ?? []),
  )
  return [
    ...lagDoubts(windows, staticBatch),
    ...(staticBatch ? [] : rateDoubts(windows)),
    ...busyDoubts(windows),
    ...readDoubts(
      windows,
      times.map(({ ttft }) => ttft),
      times.filter(({ tokens }) => tokens > 1).map(({ e2e, ttft }) => e2e - ttft),
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
      ? spanOf(sends)
      : quantile(sorted(good.map((sample) => sample.sentAt - sample.scheduledAt)), 0.95)
    const ttft = staticBatch ? quantile(sorted(ttfts), 1) : median(ttfts)
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

/** Requests that were to leave over some time and took another. */
function rateDoubts(windows: readonly Observed[]): Doubt[] {
  return windows.flatMap(({ report }) => {
    const sent = report.samples.filter(({ outcome }) => outcome !== 'cancelled')
    const intended = spanOf(sent.map(({ scheduledAt }) => scheduledAt))
    const actual = spanOf(sent.map(({ sentAt }) => sentAt))
    if (sent.length < 2 || !(intended > 0)) return []
    const off = Math.abs(actual / intended - 1)
    if (off <= limits.rate.marked) return []
    const rate = (seconds: number) => `${((sent.length - 1) / seconds).toPrecision(4)} req/s`
    return [
      doubt(
        'schedule_lag',
        off > limits.rate.invalid ? 'invalid' : 'marked',
        `requests left at ${rate(actual)}, intended were ${rate(intended)}`,
      ),
    ]
  })
}

function spanOf(times: readonly number[]): number {
  const ascending = sorted(times)
  return ascending.length === 0 ? 0 : (ascending.at(-1) as number) - (ascending[0] as number)
}

function busyDoubts(windows: readonly Observed[]): Doubt[] {
  const busy = median(windows.map(({ report }) => report.health.eventLoopUtilization))
  if (busy <= limits.busy.marked) return []
  return [
    doubt(
      'client_saturated',
      busy > limits.busy.invalid ? 'invalid' : 'marked',
      `the load generator’s event loop was busy ${percent(busy)} of the time`,
    ),
  ]
}

function readDoubts(
  windows: readonly Observed[],
  ttfts: readonly number[],
  decodes: readonly number[],
): Doubt[] {
  if (ttfts.length === 0) return []
  const of = (field: 'loopDelayMean' | 'loopDelayP99') =>
    median(windows.map(({ report }) => report.health[field]))
  const meanDelay = of('loopDelayMean')
  const p99Delay = of('loopDelayP99')
  const span = Math.min(...[ttfts, decodes].filter((each) => each.length > 0).map(median))
  const tail = quantile(sorted(ttfts), 0.99)
  const late = meanDelay > limits.readDelay.marked * span || p99Delay > limits.readDelayStall * span
  const lateTail = ttfts.length >= minimumQueries(0.99) && p99Delay > limits.readDelayTail * tail
  if (!late && !lateTail) return []
  return [
    doubt(
      'event_loop_lag',
      meanDelay > limits.readDelay.invalid * span ? 'invalid' : 'marked',
      `the load generator noticed what arrived ${milliseconds(meanDelay)} late on average, ${milliseconds(p99Delay)} at p99; the shortest latency timed is ${milliseconds(span)}, p99 of ttft ${milliseconds(tail)}`,
    ),
  ]
}
