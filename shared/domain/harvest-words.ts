import { shiftWords } from './level-change.js'
import type { HarvestStatus, Interval } from './meta-metrics.js'

/** A bias as a ratio: what is told is so many times the truth. */
export const biasRatio = ({ value, low, high }: Interval): Interval => ({
  value: 1 + value,
  low: 1 + low,
  high: 1 + high,
})

const counted = (count: number, one: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : `${one}s`}`

/** `84 configurations`: of how many only longer runs have told. */
export const harvestedWords = ({ harvested }: HarvestStatus): string =>
  counted(harvested, 'configuration')

/** Whether it counts, what stands behind that, and how far it is off. */
export function harvestNote({ trusted, checks, biases }: HarvestStatus): string {
  const verdict = trusted
    ? 'no bias is proven that matters'
    : 'counts for nothing: longer runs tell something else than runs of that length'
  const off = biases
    .map(({ metric, bias }) => `${metric} ${shiftWords(biasRatio(bias))}`)
    .join(', ')
  return `${verdict}; ${counted(checks, 'check')} against runs of their own${off === '' ? '' : `: ${off}`}`
}
