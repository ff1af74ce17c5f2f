// Small statistics of the driver, on the product's own quantiles.
import { mean, quantile, sorted } from '../../../dist/shared/stats/quantile.js'

const round = (value, digits = 3) =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toFixed(digits))

/** What a list of numbers looks like. */
export function describe(values, digits = 3) {
  if (values.length === 0) return { count: 0 }
  const ordered = sorted(values)
  const at = (share) => round(quantile(ordered, share), digits)
  const average = mean(values)
  const variance = mean(values.map((value) => (value - average) ** 2))
  return {
    count: values.length,
    mean: round(average, digits),
    sd: round(Math.sqrt(variance), digits),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    min: at(0),
    max: at(1),
  }
}

/** Gaps between successive moments. */
export const gaps = (moments) => moments.slice(1).map((at, index) => at - moments[index])

/** Gaps between the moments at which a value was first seen to be another; [at, value] pairs. */
export function changeGaps(pairs) {
  const changes = pairs.filter(([, value], index) => index > 0 && value !== pairs[index - 1][1])
  return gaps(changes.map(([at]) => at))
}

/** Mean difference of pairs in percent of the second, with a 95 % t interval. */
export function pairedPercent(pairs) {
  const shares = pairs.map(([on, off]) => (100 * (on - off)) / off)
  const count = shares.length
  const average = mean(shares)
  if (count < 2) return { pairs: count, percent: round(average), low: null, high: null }
  const t =
    { 1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365 }[count - 1] ?? 2.2
  const sd = Math.sqrt(shares.reduce((sum, share) => sum + (share - average) ** 2, 0) / (count - 1))
  const half = (t * sd) / Math.sqrt(count)
  return {
    pairs: count,
    percent: round(average),
    low: round(average - half),
    high: round(average + half),
  }
}

export { mean, round }
