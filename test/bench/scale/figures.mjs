// What is said of the waits that agents saw: each `{ at, waited }` in seconds, `at` since they began.

const quantile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]
const inMs = (seconds) => (seconds === undefined ? null : Number((seconds * 1000).toFixed(1)))
const waitsOf = (list) => list.map(({ waited }) => waited)

export function milliseconds(list) {
  const waits = waitsOf(list)
  return {
    p50: inMs(quantile(waits, 0.5)),
    p99: inMs(quantile(waits, 0.99)),
    most: inMs(quantile(waits, 1)),
    count: waits.length,
  }
}

/** The whole minutes between two moments, one by one: waits for a lease, and samples taken in. */
export function byMinute({ laterGrants, taken }, from, until) {
  const count = Math.floor((until - from) / 60)
  return Array.from({ length: count }, (_, minute) => {
    const start = from + 60 * minute
    const during = ({ at }) => at >= start && at < start + 60
    const samples = taken.filter(during).reduce((sum, each) => sum + each.samples, 0)
    return {
      grantP99Ms: inMs(quantile(waitsOf(laterGrants.filter(during)), 0.99)),
      samplesPerSecond: Math.round(samples / 60),
    }
  })
}
