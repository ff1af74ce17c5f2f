import { metricTable } from './metric.js'
import type { MetricName } from './metric.js'
import type { Interval, NodeLevel } from './meta-metrics.js'

/** A level that may as well be the mean of the class. */
export const isAtMean = ({ low, high }: Interval): boolean => low <= 1 && high >= 1

const percentOf = (ratio: number): string => (100 * Math.abs(ratio - 1)).toFixed(1)
const signed = (ratio: number): string => `${ratio < 1 ? '−' : '+'}${percentOf(ratio)}`

/** What more of a metric means. */
function direction(metric: MetricName, ratio: number): string {
  const { better, family } = metricTable[metric]
  if (family === 'telemetry') return ratio > 1 ? 'higher' : 'lower'
  return ratio > 1 === (better === 'lower') ? 'slower' : 'faster'
}

/** `4.2 % slower (2.9 to 5.6) in tpot`, or `as the mean (−1.2 to +0.8 %) in tpot`. */
export function nodeWords({
  metric,
  ratio,
}: {
  readonly metric: MetricName
  readonly ratio: Interval
}): string {
  if (isAtMean(ratio)) {
    return `as the mean (${signed(ratio.low)} to ${signed(ratio.high)} %) in ${metric}`
  }
  const ends = [percentOf(ratio.low), percentOf(ratio.high)]
  if (ratio.value < 1) ends.reverse()
  return `${percentOf(ratio.value)} % ${direction(metric, ratio.value)} (${ends.join(' to ')}) in ${metric}`
}

/** `agent b: 4.2 % slower (2.9 to 5.6) in tpot, as the mean (…) in ttft`. */
export const nodeLine = ({ agent, ratios }: NodeLevel): string =>
  `agent ${agent}: ${ratios.map(nodeWords).join(', ')}`

/** Whose surface it is; undefined where no class was measured by several agents. */
export function meanNodeNote(nodes: readonly NodeLevel[]): string | undefined {
  if (nodes.length === 0) return undefined
  const classes = new Map<string, number>()
  for (const { hardware } of nodes) classes.set(hardware, (classes.get(hardware) ?? 0) + 1)
  const which = [...classes].map(([hardware, count]) => `the ${count} agents of ${hardware}`)
  return `the surface is of the mean of ${which.join(' and of ')}; how far one is off that mean is part of the claim`
}
