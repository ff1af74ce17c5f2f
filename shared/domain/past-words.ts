import type { PastMetric, PastStatus } from './meta-metrics.js'

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`

/** `312 measurements of sweep-a and grid-b`: where knowledge came from. */
export function pastWords({ origins }: PastStatus): string {
  const rows = origins.reduce((sum, each) => sum + each.rows, 0)
  return `${rows.toLocaleString('en')} ${rows === 1 ? 'measurement' : 'measurements'} of ${listed(origins.map(({ origin }) => origin))}`
}

/** Whether it helps a metric: how far its forecasts were off with it, and without. */
export function pastMetricWords({
  metric,
  used,
  forecasts,
  errorWith,
  errorWithout,
}: PastMetric): string {
  if (forecasts === 0) return `${metric} ${used ? 'begins with them' : 'does without them'}`
  const figures = `forecasts off by ${percent(errorWith)} with, ${percent(errorWithout)} without`
  return `${metric} ${used ? 'uses them' : 'does without them'}: ${figures}`
}

/** The same of every metric that they measured. */
export const pastNote = ({ metrics }: PastStatus): string => metrics.map(pastMetricWords).join('; ')
