import { FmworkError } from '../../shared/domain/errors.js'
import { metricNames, metricTable } from '../../shared/domain/metric.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import { percentiles } from './point.js'
import type { Percentile } from './point.js'

/** A latency that must stay below a limit. */
export interface SloClause {
  readonly metric: MetricName
  /** Over requests; the metric’s own value (a median) when absent. */
  readonly percentile?: Percentile
  readonly limitSeconds: number
}

/** All clauses must hold. */
export type Slo = readonly SloClause[]

const isLatency = (name: string): name is MetricName =>
  (metricNames as readonly string[]).includes(name) &&
  metricTable[name as MetricName].family === 'latency'
const isPercentile = (word: string): word is Percentile =>
  (percentiles as readonly string[]).includes(word)

const grammar =
  'expected METRIC[:PERCENTILE]<DURATION, such as ttft:p95<500ms, tpot<50ms or e2e<2s; metrics: ttft, batch_ttft, tpot, itl, e2e; percentiles: p50, p90, p95, p99'

/** Metrics whose own value is the median over requests already. */
const medians: readonly MetricName[] = ['ttft', 'tpot', 'e2e']

function clauseOf(
  metric: MetricName,
  percentile: Percentile | undefined,
  limitSeconds: number,
): SloClause {
  const own = percentile === undefined || (percentile === 'p50' && medians.includes(metric))
  return own ? { metric, limitSeconds } : { metric, limitSeconds, percentile }
}

/**
 * Reads `ttft:p95<500ms`.
 *
 * @param field where it was given.
 * @throws FmworkError USAGE
 */
export function readClause(text: string, field = '--slo'): SloClause {
  const match = /^([a-z0-9_]+)(?::([a-z0-9]+))?\s*<=?\s*(\d+(?:\.\d+)?)\s*(us|ms|s)$/.exec(
    text.trim(),
  )
  const [, metric = '', percentile, figure, unit = ''] = match ?? []
  const limitSeconds = Number(figure) * ({ us: 1e-6, ms: 1e-3, s: 1 }[unit] ?? NaN)
  const known = isLatency(metric) && (percentile === undefined || isPercentile(percentile))
  if (!known || !(limitSeconds > 0)) {
    throw new FmworkError('USAGE', `${JSON.stringify(text)} is not a service-level objective`, {
      problems: [{ field, value: JSON.stringify(text), expected: grammar }],
    })
  }
  return clauseOf(metric, percentile, limitSeconds)
}

/** The limits of a sweep file. */
export const sloOf = ({ slo = {} }: Pick<Sweep, 'slo'>): Slo =>
  Object.entries(slo).flatMap(([metric, limits = {}]) =>
    Object.entries(limits).map(([percentile, limitSeconds]) =>
      clauseOf(metric as MetricName, percentile as Percentile, limitSeconds),
    ),
  )

/** `ttft:p95`, or `ttft`. */
export const quantityOf = ({ metric, percentile }: SloClause): string =>
  percentile === undefined ? metric : `${metric}:${percentile}`

const duration = (seconds: number): string =>
  seconds < 1
    ? `${(seconds * 1000).toLocaleString('en', { maximumSignificantDigits: 6 })} ms`
    : `${seconds.toLocaleString('en', { maximumSignificantDigits: 6 })} s`

export const clauseWords = (clause: SloClause): string =>
  `${quantityOf(clause)} < ${duration(clause.limitSeconds)}`

export const sloWords = (slo: Slo): string =>
  slo.length === 0 ? 'no latency limit' : slo.map(clauseWords).join(' and ')
