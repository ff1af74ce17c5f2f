import { configurationKey } from './configuration.js'
import type { Configuration } from './configuration.js'
import type { MetricName } from './metric.js'

/** What an earlier sweep, or another tool, measured: knowledge, and no part of any space. */
export interface PastRow {
  /** The sweep or file that it is from: what rows of one have in common, rows of another have not. */
  readonly origin: string
  readonly configuration: Configuration
  /** Value and relative standard deviation of it, by metric. */
  readonly values: Readonly<
    Partial<Record<MetricName, { readonly value: number; readonly relativeSd: number }>>
  >
  /** Device-seconds that it took. */
  readonly cost: number
}

const keyOf = ({ origin, configuration }: PastRow): string =>
  `${configurationKey(configuration)}|${origin}`

/** In an order that does not depend on the given one, as long as no origin tells of a configuration twice. */
export function sortedPast(rows: readonly PastRow[]): PastRow[] {
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row)
}

/** One row for every configuration of an origin: what was measured several times is one mean value, of logarithms. */
export function mergedPast(rows: readonly PastRow[]): PastRow[] {
  const groups = new Map<string, PastRow[]>()
  for (const row of rows) {
    const key = keyOf(row)
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].map(
    (group) => (group.length === 1 ? group[0] : meanOf(group)) as PastRow,
  )
}

function meanOf(rows: readonly PastRow[]): PastRow {
  const metrics = new Set(rows.flatMap(({ values }) => Object.keys(values) as MetricName[]))
  const values: Partial<Record<MetricName, { value: number; relativeSd: number }>> = {}
  for (const metric of metrics) {
    // In one order, whatever order they came in.
    const told = rows
      .flatMap((row) => row.values[metric] ?? [])
      .sort((a, b) => a.value - b.value || a.relativeSd - b.relativeSd)
    const mean = (of: (one: (typeof told)[number]) => number): number =>
      told.reduce((sum, one) => sum + of(one), 0) / told.length
    const variance = mean(({ relativeSd }) => relativeSd ** 2) / told.length
    values[metric] = {
      value: Math.exp(mean(({ value }) => Math.log(value))),
      relativeSd: Math.sqrt(variance),
    }
  }
  const [first] = rows as [PastRow]
  const costs = rows.map(({ cost }) => cost).sort((a, b) => a - b)
  return { ...first, values, cost: costs.reduce((sum, cost) => sum + cost, 0) / costs.length }
}
